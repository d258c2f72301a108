import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a vault's database is there, so that a mere look creates none. */
export function homeExists(home: string): boolean {
  return existsSync(join(home, 'valetkey.db'))
}
