import type { OwnerSnapshot } from './owner-view.ts'

/**
 * What stands between the owner and their sessions, the first thing first. `starting`: the host has not been heard yet.
 * `ready`: nothing.
 */
export type HostScreen =
  | 'starting'
  | 'missing'
  | 'forbidden'
  | 'mismatch'
  | 'exited'
  | 'no-vault'
  | 'locked'
  | 'no-keys'
  | 'ready'

/** Which of them it is. */
export function hostScreen(snapshot: Pick<OwnerSnapshot, 'state' | 'services'>): HostScreen {
  const { state, services } = snapshot
  if (state === null || state.host === 'connecting') return 'starting'
  if (state.host !== 'connected') return state.host
  if (state.vault === 'missing') return 'no-vault'
  if (state.vault === 'locked') return 'locked'
  if (state.vault === null || services === null) return 'starting'
  return services.length === 0 ? 'no-keys' : 'ready'
}
