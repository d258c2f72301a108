import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'

/** Windows has no modes and no numeric owners: there the profile's own access lists protect the folder. */
const POSIX = process.platform !== 'win32'

function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}

function checkOwner(path: string, stats: Stats): void {
  if (stats.isSymbolicLink()) throw new Refusal('invalid', say`\`${path}\` is a symbolic link`)
  if (POSIX && stats.uid !== process.geteuid?.())
    throw new Refusal('invalid', say`\`${path}\` belongs to another user`)
}

/**
 * Make a folder only its owner can enter (0700), or repair the mode of one that is there.
 *
 * @throws Refusal `invalid` for a symbolic link, another user's folder, or something that is no folder.
 */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const stats = statOf(path)
  if (stats === null) throw new Refusal('invalid', say`\`${path}\` could not be made`)
  checkOwner(path, stats)
  if (!stats.isDirectory()) throw new Refusal('invalid', say`\`${path}\` is not a folder`)
  if (POSIX && (stats.mode & 0o777) !== 0o700) chmodSync(path, 0o700)
}

/**
 * True for a file of ours; its mode is repaired to 0600. False where there is none.
 *
 * @throws Refusal `invalid` for a symbolic link, another user's file, or something that is no file.
 */
export function privateFile(path: string): boolean {
  const stats = statOf(path)
  if (stats === null) return false
  checkOwner(path, stats)
  if (!stats.isFile()) throw new Refusal('invalid', say`\`${path}\` is not a file`)
  if (POSIX && (stats.mode & 0o777) !== 0o600) chmodSync(path, 0o600)
  return true
}

/** Length of a file in bytes; zero where there is none. */
export function sizeOf(path: string): number {
  return statOf(path)?.size ?? 0
}

/** Make a file that was not there before, mode 0600. @throws the system's `EEXIST` where it was. */
export function newPrivateFile(path: string, content: Uint8Array): void {
  const handle = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(handle, content)
  } finally {
    closeSync(handle)
  }
  // A strict umask may have taken more than it should.
  if (POSIX) chmodSync(path, 0o600)
}

/** Replace a file as a whole, mode 0600: readers see the old content or the new, never a part. */
export function replacePrivateFile(path: string, content: Uint8Array): void {
  const fresh = `${path}.${randomUUID()}.new`
  newPrivateFile(fresh, content)
  try {
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/**
 * For opening a file to read it. Links are not followed, and a pipe or a device that came into its place after the look at
 * the path is opened without waiting for whoever may write to it.
 */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** @throws Refusal `invalid` for what is at a path where it is no file, or a symbolic link, or another user's. */
export function checkOwnFile(path: string, stats: Stats): void {
  checkOwner(path, stats)
  if (!stats.isFile()) throw notOne(path)
}

/** @throws Refusal `invalid` for an open file as {@link readPrivateFile}. */
export function checkPrivate(path: string, open: Stats, maxBytes: number): void {
  checkOwnFile(path, open)
  if (open.size > maxBytes) throw notOne(path)
  if (POSIX && (open.mode & 0o077) !== 0)
    throw new Refusal('invalid', say`\`${path}\` can be read by others: run \`chmod 600\` on it`)
}

function notOne(path: string): Refusal {
  return new Refusal('invalid', say`\`${path}\` is not a key file: it is too long or no file`)
}

/**
 * Read a file that nobody else may read. Null where there is none.
 *
 * @throws Refusal `invalid` where others may read it, or it is a symbolic link, another user's, no file or too long.
 */
export function readPrivateFile(path: string, maxBytes: number): Uint8Array | null {
  const stats = statOf(path)
  if (stats === null) return null
  checkOwnFile(path, stats)
  // SECURITY: the checks are made again on the open file, so that it cannot be exchanged in between.
  const handle = openSync(path, READ_FLAGS)
  try {
    checkPrivate(path, fstatSync(handle), maxBytes)
    return readFileSync(handle)
  } finally {
    closeSync(handle)
  }
}
