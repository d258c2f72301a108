import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { glob, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Hash of everything a build depends on: the named folders and files of the tree, by content.
 *
 * @param inputs paths relative to `root`; folders count with all their files.
 */
export async function hashInputs(root: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of await filesOf(root, inputs)) {
    const bytes = await readFile(join(root, file))
    hash.update(`${file}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

async function filesOf(root: string, inputs: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const input of inputs) {
    const folder = (await stat(join(root, input))).isDirectory()
    if (!folder) files.push(input)
    else {
      for await (const entry of glob(`${input}/**/*`, { cwd: root, withFileTypes: true })) {
        if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(root.length + 1))
      }
    }
  }
  return files.sort()
}

/** True when the stamp at `file` says that the build beside it was made from inputs with this hash. */
export function isFresh(file: string, hash: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === hash
}

/** Remember what a build was made from. */
export async function writeStamp(file: string, hash: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, hash)
}

/** A build that takes longer than this is taken for dead, and its lock for left behind. */
const LOCK_STALE_MS = 120_000

/** Run `work` while no other process builds into the same folder. */
export async function withBuildLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, '.building')
  await mkdir(folder, { recursive: true })
  while (!(await tryLock(lock))) await sleep(100)
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const held = await stat(lock).catch(() => null)
  if (held !== null && Date.now() - held.mtimeMs > LOCK_STALE_MS)
    await rm(lock, { recursive: true, force: true })
  return false
}
