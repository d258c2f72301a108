import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'

const TracesSchema = z.object({
  files: z.record(z.string(), z.string()),
  folders: z.array(z.string()),
  registryKeys: z.array(z.string()),
})

/** What an installation left on the machine, so that it can be taken back exactly. */
export interface Traces {
  /** Path to SHA-256 (hex) of what was written there. */
  files: Record<string, string>
  /** Folders that were not there before, outermost first. */
  folders: string[]
  /** Full names of registry keys. */
  registryKeys: string[]
}

const FILE = 'installed.json'

/** What earlier installations from this vault's folder left. Empty where there was none. */
export function readTraces(vault: string): Traces {
  const none = { files: {}, folders: [], registryKeys: [] }
  const file = join(vault, FILE)
  if (!existsSync(file)) return none
  try {
    const parsed = TracesSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.data : none
  } catch {
    return none
  }
}

/** Keep the traces; with nothing left, remove their file as well. */
export function writeTraces(vault: string, traces: Traces): void {
  const file = join(vault, FILE)
  const empty = Object.keys(traces.files).length + traces.folders.length + traces.registryKeys.length === 0
  if (empty) rmSync(file, { force: true })
  else replaceFile(file, `${JSON.stringify(traces, null, 2)}\n`, 0o600)
}

/** Write a file as a whole, making its folder, and remember both. */
export function leave(traces: Traces, file: string, content: string, mode: number): void {
  makeFolder(traces, dirname(file), 0o755)
  replaceFile(file, content, mode)
  traces.files[file] = hashOf(content)
}

/** Make a folder and those above it; the ones that were missing are remembered. */
export function makeFolder(traces: Traces, folder: string, mode: number): void {
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at)
  mkdirSync(folder, { recursive: true, mode })
  for (const each of missing) if (!traces.folders.includes(each)) traces.folders.push(each)
}

/**
 * Remove a file that was left, unless someone changed it since.
 *
 * @returns `removed`, `gone` (it was not there any more) or `changed` (it is kept).
 */
export function takeBack(traces: Traces, file: string): 'removed' | 'gone' | 'changed' {
  const hash = traces.files[file]
  delete traces.files[file]
  if (hash === undefined || !existsSync(file)) return 'gone'
  if (hashOf(readFileSync(file, 'utf8')) !== hash) return 'changed'
  rmSync(file)
  return 'removed'
}

/** Remove the remembered folders that are empty now, innermost first. One that is in use stays and is forgotten. */
export function takeBackFolders(traces: Traces): void {
  for (const folder of traces.folders.toReversed()) {
    try {
      rmdirSync(folder)
    } catch {
      // Not empty: somebody else uses it by now.
    }
  }
  traces.folders = []
}

function replaceFile(file: string, content: string, mode: number): void {
  const fresh = `${file}.${randomUUID()}.new`
  writeFileSync(fresh, content, { mode, flag: 'wx' })
  try {
    // A strict umask may have taken more than it should.
    chmodSync(fresh, mode)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}
