import { pauseVault, resumeVault, vaultPausedSince } from '../sessions/vault-pause.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'

/**
 * Pause everything: from here on no process sends a call of a page, and what is in flight is cut. Sessions stay, and their
 * time goes on. The owner's own calls and tests of services are not paused: they are how one looks what is wrong.
 *
 * @returns since when, milliseconds since the epoch: of the earlier act where it was paused already.
 */
export function pause(context: OwnerContext): number {
  const { store, keys, now } = context
  return store.urgently(() => {
    if (pauseVault(store, keys, now())) record(context, 'vault.pause', 'vault')
    return vaultPausedSince(store, keys) ?? now()
  })
}

/** Put all back: whatever session is live still may be used again. @returns false where nothing was paused. */
export function resume(context: OwnerContext): boolean {
  return context.store.transaction(() => {
    const wasPaused = resumeVault(context.store)
    if (wasPaused) record(context, 'vault.resume', 'vault')
    return wasPaused
  })
}
