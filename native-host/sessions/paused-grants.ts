import type { Grant, Session } from '../../shared/model/grant.ts'
import { listGrants } from '../store/grants.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { latestTime } from './clock.ts'
import { sessionAt } from './session-life.ts'
import { keptSessions } from './session-rows.ts'
import { KEEP_ENDED } from './sessions.ts'

/** A grant with its newest session that is kept; null: none is. */
export interface UsedGrant {
  readonly grant: Grant
  readonly last: Session | null
}

/** Every grant with its newest session, oldest grant first. @throws Refusal `store-damaged`. */
export function usedGrants(store: Store, keys: VaultKeys): UsedGrant[] {
  const newest = newestOfGrants(keptSessions(store, keys))
  return listGrants(store, keys).map((grant) => ({ grant, last: newest.get(grant.id) ?? null }))
}

/**
 * True for a grant without a live session that nobody took back: the last one's time was up, or nobody used it. What a site
 * asks for meanwhile may wait until its owner says that it goes on.
 *
 * SECURITY: a session that was revoked stays so. A grant whose last session is not kept any more may be such a one: only a grant
 * that is younger than what is kept counts without any session.
 *
 * @param time milliseconds since the epoch.
 */
export function isPaused({ grant, last }: UsedGrant, time: number): boolean {
  if (last === null) return time - grant.createdAt < KEEP_ENDED
  const { endReason } = sessionAt(last, time)
  return endReason === 'expired' || endReason === 'idle'
}

/** Grants that are paused now, oldest first. @throws Refusal `store-damaged`. */
export function pausedGrants(store: Store, keys: VaultKeys, now: number): Grant[] {
  const time = Math.max(now, latestTime(store, keys))
  return usedGrants(store, keys)
    .filter((used) => isPaused(used, time))
    .map(({ grant }) => grant)
}

function newestOfGrants(sessions: readonly Session[]): Map<string, Session> {
  const newest = new Map<string, Session>()
  for (const session of sessions) {
    const other = newest.get(session.grant)
    if (other === undefined || isNewer(session, other)) newest.set(session.grant, session)
  }
  return newest
}

/** Of two that began in the same millisecond the one that is not over is the newer: its start ended the other. */
function isNewer(one: Session, other: Session): boolean {
  if (one.createdAt !== other.createdAt) return one.createdAt > other.createdAt
  return other.endReason === 'removed' || one.endReason === null
}
