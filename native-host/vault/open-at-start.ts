import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { newPrivateFile, privateFile } from '../store/private-files.ts'

/**
 * Name of the empty file in the data directory that tells the launcher to open the vault with its stored slot (key file
 * or OS keychain) before it starts the host. There while the owner wants that: from an unlock to the next lock.
 */
export const OPEN_AT_START = 'open-at-start'

/** Say whether the next start of a host may open the vault by itself. Needs no keys. */
export function setOpenAtStart(home: string, open: boolean): void {
  const path = join(home, OPEN_AT_START)
  // SECURITY: `privateFile` refuses a link, so that nobody has us write or remove a file elsewhere.
  const present = privateFile(path)
  if (open && !present) newPrivateFile(path, new Uint8Array())
  if (!open && present) rmSync(path)
}
