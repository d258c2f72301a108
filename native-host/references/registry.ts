import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { readPrivateFile, replacePrivateFile } from '../store/private-files.ts'
import type { PackedReference } from './packed-reference.ts'

/** Several thousand references. */
const MAX_BYTES = 1024 * 1024

/**
 * The file beside the data directory that says which references the owner entered on this machine, one digest a line. The
 * host that a browser starts may not write there.
 */
export function registryPath(home: string): string {
  return `${resolve(home)}.references`
}

/** True for a reference that the owner entered. False for all where others may read or have made the file. */
export function isRegistered(home: string, packed: PackedReference): boolean {
  try {
    return registered(home).has(packed.commitment())
  } catch {
    return false
  }
}

/**
 * Enter references, and forget those the vault no longer has. To be called within a transaction on the vault, so that two
 * of these are never at it at once, and after the references were stored.
 *
 * @param stored every reference of the vault: one that is in the vault but was not entered here stays unknown.
 * @throws Refusal `invalid`; the system's error where the file cannot be written.
 */
export function enterReferences(
  home: string,
  fresh: readonly PackedReference[],
  stored: readonly PackedReference[],
): void {
  const known = registered(home)
  const kept = stored.map((each) => each.commitment()).filter((each) => known.has(each))
  const lines = new Set([...kept, ...fresh.map((each) => each.commitment())])
  // SECURITY: an empty file would have hosts started with a process beside them that can run programs.
  if (lines.size === 0) rmSync(registryPath(home), { force: true })
  else replacePrivateFile(registryPath(home), Buffer.from(`${[...lines].sort().join('\n')}\n`))
}

function registered(home: string): Set<string> {
  const bytes = readPrivateFile(registryPath(home), MAX_BYTES)
  return new Set(bytes === null ? [] : Buffer.from(bytes).toString('latin1').trimEnd().split('\n'))
}
