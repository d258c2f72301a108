import * as z from 'zod/mini'
import { readMeta, removeMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { vaultTime } from './clock.ts'

const PLACE = 'meta:vault-pause'

/** When the owner paused the vault, milliseconds since the epoch. */
const VaultPauseSchema = z.object({ since: z.int() })

/**
 * True while the owner has paused the vault: no call of a page is sent, by any process. Needs no keys.
 *
 * SECURITY: that it is written there is enough. A pause that cannot be opened any more still holds.
 */
export function isVaultPaused(store: Store): boolean {
  return readMeta(store, 'vault-pause') !== null
}

/**
 * Since when the vault is paused, milliseconds since the epoch; null where it is not. Zero where nobody can say any more:
 * what was written there was changed from outside.
 */
export function vaultPausedSince(store: Store, keys: VaultKeys): number | null {
  const sealed = readMeta(store, 'vault-pause')
  if (sealed === null) return null
  try {
    return sealed instanceof Uint8Array ? openJson(keys, PLACE, VaultPauseSchema, sealed).since : 0
  } catch {
    return 0
  }
}

/**
 * Pause the vault. Durable when it returns, and every process refuses and cuts from its next look on.
 *
 * @param now the wall clock, milliseconds since the epoch. @returns false where it was paused before: since when stays.
 */
export function pauseVault(store: Store, keys: VaultKeys, now: number): boolean {
  return store.transaction(() => {
    if (isVaultPaused(store)) return false
    const since = vaultTime(store, keys, now)
    writeMeta(store, 'vault-pause', sealJson(keys, PLACE, VaultPauseSchema, { since }))
    return true
  })
}

/** End the pause. @returns false where there was none. */
export function resumeVault(store: Store): boolean {
  return store.transaction(() => {
    const wasPaused = isVaultPaused(store)
    removeMeta(store, 'vault-pause')
    return wasPaused
  })
}
