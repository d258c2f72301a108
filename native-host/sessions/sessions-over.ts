import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { latestTime } from './clock.ts'
import { isLive } from './session-life.ts'
import { readSession } from './session-rows.ts'

/**
 * Those of these sessions whose time is up, by the wall clock or by the vault's: whichever is later. In one read of the
 * database: each by itself would lock it anew. Nothing is to be written meanwhile.
 *
 * @param now the wall clock, milliseconds since the epoch.
 */
export function sessionsOver(
  store: Store,
  keys: VaultKeys,
  ids: readonly string[],
  now: () => number,
): string[] {
  return store.snapshot(() => {
    const times = [latestTime(store, keys), now()]
    return ids.filter((id) => {
      const session = readSession(store, keys, id)
      return session === null || times.some((time) => !isLive(session, time))
    })
  })
}
