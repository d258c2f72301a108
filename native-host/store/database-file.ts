import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Path of the database in a vault's home. */
export function databaseFile(home: string): string {
  return join(home, 'valetkey.db')
}

/** Whether a vault's database is there, so that a mere look creates none. */
export function databaseExists(home: string): boolean {
  return existsSync(databaseFile(home))
}
