import { copyFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Copy the vault's files between two folders: what is there goes, but for what only running processes need. The copies are
 * put in place at once: a host that finds nothing there would make a new vault.
 */
export function copyVault(from: string, to: string): void {
  const names = readdirSync(from).filter((name) => /^valetkey\.db(?:-wal)?$/.test(name))
  for (const name of names) copyFileSync(join(from, name), join(to, `copy-${name}`))
  for (const name of ['valetkey.db-wal', 'valetkey.db-shm']) rmSync(join(to, name), { force: true })
  for (const name of names.sort()) renameSync(join(to, `copy-${name}`), join(to, name))
}
