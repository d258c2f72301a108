import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Refusal } from '../refusal.ts'
import { UsageError } from './usage-error.ts'

/** Largest secret that is read, bytes: certificates and service accounts fit many times over. */
const MAX_SECRET = 1024 * 1024

/** The bytes of a file the owner named, or of stdin for `-`. @throws UsageError where it cannot be read. */
export async function readOwnerFile(path: string): Promise<Uint8Array> {
  if (path === '-') return readStdin()
  try {
    return readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new UsageError(`the file \`${path}\` cannot be read (${code})`)
  }
}

/** As `readOwnerFile`, for a file that is read whole into memory. @throws Refusal `invalid` for one of more bytes. */
export async function readBoundedFile(path: string, most: number): Promise<Uint8Array> {
  const size = path === '-' ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const bytes = size > most ? null : await readOwnerFile(path)
  if (bytes !== null && bytes.length <= most) return bytes
  throw new Refusal('invalid', `the file \`${path}\` is larger than ${most} bytes, the most that is read`)
}

/** Path of the file of that name in the folder of another one; null where there is none. */
export function fileBeside(path: string, name: string): string | null {
  const beside = join(dirname(path), name)
  return path !== '-' && existsSync(beside) ? beside : null
}

/**
 * Write a file of the owner's as a whole, mode 0600 where the file system has modes: whoever looks finds the old content or
 * the new one, also after a crash.
 *
 * @param replace false: a file that is there stays. @throws Refusal `exists`, `invalid` (it cannot be written), `disk-full`.
 */
export function writeOwnerFile(path: string, bytes: Uint8Array, replace: boolean): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there !== undefined && !there.isFile()) throw new Refusal('invalid', `\`${path}\` is no ordinary file`)
  if (there !== undefined && !replace)
    throw new Refusal('exists', `there is a file \`${path}\` already: \`--replace\` writes over it`)
  const fresh = `${path}.${randomUUID()}.new`
  try {
    const handle = openSync(fresh, 'wx', 0o600)
    try {
      writeFileSync(handle, bytes)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(fresh, path)
  } catch (error) {
    if (existsSync(fresh)) rmSync(fresh, { force: true })
    const code = (error as NodeJS.ErrnoException).code ?? 'unwritable'
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new Refusal('disk-full', `there is no room for \`${path}\`: nothing was written`, {
        cause: error,
      })
    throw new Refusal('invalid', `\`${path}\` cannot be written (${code})`, { cause: error })
  }
}

/** Everything on stdin. */
export async function readStdin(): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of process.stdin) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

/** A secret from stdin, without the one line end that `echo` and editors add. @throws UsageError for an empty one. */
export async function secretFromStdin(): Promise<Uint8Array> {
  return oneLineEndLess(await readStdin(), 'stdin')
}

/** A secret from a named file, without its one final line end. @throws UsageError. */
export async function secretFromFile(path: string): Promise<Uint8Array> {
  if (path === '-' || path === '/dev/stdin') return secretFromStdin()
  return oneLineEndLess(await readOwnerFile(path), `\`${path}\``)
}

function oneLineEndLess(bytes: Uint8Array, source: string): Uint8Array {
  let end = bytes.length
  // What begins as PKCS #12 does (an ASN.1 sequence longer than 127 bytes) is no text, and has no lines.
  const isBinary = bytes[0] === 0x30 && (bytes[1] ?? 0) > 0x80
  if (!isBinary && bytes[end - 1] === 0x0a) end -= bytes[end - 2] === 0x0d ? 2 : 1
  if (end <= 0) throw new UsageError(`there is no secret on ${source}: it is empty`)
  if (end > MAX_SECRET) throw new UsageError(`what is on ${source} is too long for a secret`)
  return bytes.subarray(0, end)
}
