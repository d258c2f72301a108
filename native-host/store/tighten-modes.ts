import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import { privateFile, privateFolder } from './private-files.ts'
import type { Store } from './store.ts'

/**
 * Take what others may do with the vault's folder and its database away from them.
 *
 * @returns how many modes were others than they should be. @throws Refusal `invalid` for links and what belongs to another user.
 */
export function tightenModes(store: Store): number {
  if (process.platform === 'win32') return 0
  const path = store.database.location() ?? ''
  const files = [path, `${path}-wal`, `${path}-shm`]
  const loose = [dirname(path), ...files].filter(isLoose).length
  privateFolder(dirname(path))
  for (const file of files) privateFile(file)
  return loose
}

function isLoose(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats !== undefined && (stats.mode & 0o077) !== 0
}
