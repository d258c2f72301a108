import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { idIn, isHeld } from './lease.ts'
import type { Store } from './store.ts'

/** What is younger may still be in use, ms: a file is locked, or put in its place, within milliseconds of being made. */
const SETTLED_MS = 60_000
/** A file that was to take another's place: see `replacePrivateFile`. */
const UNPLACED = /\.[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.new$/

/** Names of files in the vault's folder whose process was killed before it could take them away: leases, and unplaced files. */
export function leftFiles(store: Store, now = Date.now()): string[] {
  const home = homeOf(store)
  return readdirSync(home).filter((name) => {
    const lease = idIn(name)
    if (lease === null && !UNPLACED.test(name)) return false
    const stats = lstatSync(join(home, name), { throwIfNoEntry: false })
    if (stats === undefined || !stats.isFile() || now - stats.mtimeMs < SETTLED_MS) return false
    return lease === null || !isHeld(store, lease)
  })
}

/** Remove them. @returns how many there were. */
export function removeLeftFiles(store: Store, now = Date.now()): number {
  // One after the other with those that take leases.
  return store.transaction(() => {
    const names = leftFiles(store, now)
    for (const name of names) rmSync(join(homeOf(store), name), { force: true })
    return names.length
  })
}

function homeOf(store: Store): string {
  return dirname(store.database.location() ?? '')
}
