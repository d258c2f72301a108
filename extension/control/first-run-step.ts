import type { HostScreen } from '../ui/host-screen.ts'

/** The steps of the first run, in order, as the newcomer sees them. */
export const FIRST_RUN_STEPS = ['host', 'vault', 'service', 'connect'] as const
export type FirstRunStep = (typeof FIRST_RUN_STEPS)[number]

/**
 * Where the newcomer is. What the host says decides, so that the run goes on where it stopped when the tab is opened again.
 *
 * @param unstored a recovery code is on the screen that the owner has not said to have stored.
 * @param adding a service is being added or tested just now, so the run must not jump ahead.
 */
export function firstRunStep(screen: HostScreen, unstored: boolean, adding: boolean): FirstRunStep {
  if (unstored) return 'vault'
  if (screen === 'no-vault' || screen === 'locked') return 'vault'
  if (screen === 'no-keys') return 'service'
  if (screen === 'ready') return adding ? 'service' : 'connect'
  return 'host'
}
