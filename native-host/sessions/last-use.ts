import * as z from 'zod/mini'
import { readMeta, writeMeta } from '../store/meta.ts'
import { OpenedValue } from '../store/opened-value.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** How far what is written may lag behind, milliseconds: so often a busy vault writes it at most. */
const GRAIN_MS = 10_000

const LAST_USE = new OpenedValue('meta:last-use', z.object({ at: z.int() }))

/**
 * When the vault was last used, by the vault's own time: a call was sent, went on or ended, or its owner did something.
 * What was refused, and looks at lists, are no use. Null where nobody has noted any.
 *
 * SECURITY: zero, so long ago, where what was written there was changed from outside.
 */
export function lastUse(store: Store, keys: VaultKeys): number | null {
  const sealed = readMeta(store, 'last-use')
  if (sealed === null) return null
  try {
    return sealed instanceof Uint8Array ? LAST_USE.open(keys, sealed).at : 0
  } catch {
    return 0
  }
}

/** Note a use. Within the transaction of what used it. @param time the vault's own, see `clock.ts`. */
export function noteUse(store: Store, keys: VaultKeys, time: number): void {
  const before = lastUse(store, keys)
  if (before !== null && time - before < GRAIN_MS) return
  writeMeta(store, 'last-use', LAST_USE.seal(keys, { at: time }))
}
