import type { Session } from '../../shared/model/grant.ts'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { vaultTime } from '../sessions/clock.ts'
import { isLive } from '../sessions/session-life.ts'
import { unendedSessions, writeSession } from '../sessions/session-rows.ts'
import { sessionById, startSession } from '../sessions/sessions.ts'
import { findGrant } from '../store/grants.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'
import { requireCapability } from './require.ts'

/** How long after a revoke it can be taken back, milliseconds: what the popup offers, and time for a slow machine. */
const UNDO_MS = 30_000

/**
 * Give a grant whose session the owner has just revoked a new one, for the time that was left. The revoke stays what it was: its
 * calls are dead, its answers to approvals are forgotten, and both acts are in the log. What the old session used is taken along, so
 * that its limits hold over both.
 *
 * @throws Refusal `unknown` for no such session, one that was not revoked just now, or whose grant or capability is gone; `exists` where
 *   the grant has a live session again.
 */
export function undoRevoke(context: OwnerContext, id: string): Session {
  const { store, keys } = context
  return store.transaction(() => {
    // One look at the clock: by a later one, the seconds that were left would end later.
    const now = context.now()
    const time = vaultTime(store, keys, now)
    const revoked = justRevoked(context, id, time)
    const grant = findGrant(store, keys, revoked.grant)
    if (grant === null) throw new Refusal('unknown', 'the grant was removed, connect the site again')
    if (unendedSessions(store, keys).some((each) => each.grant === grant.id && isLive(each, time)))
      throw new Refusal('exists', 'this site has a live session again')
    const capability = requireCapability(context, grant.capability)
    // Rounded down: taking back gives no second more than there was.
    const ttl = Math.floor((revoked.expiresAt - time) / 1000)
    if (ttl < 1) throw tooLate()
    const session = startSession(store, keys, { grant, capability, ttl, now })
    const { requests, blocked, bytes, bytesUp, tokens, cost } = revoked
    const counted = { ...(tokens === undefined ? {} : { tokens }), ...(cost === undefined ? {} : { cost }) }
    const going = { ...session, requests, blocked, bytes, bytesUp, ...counted }
    writeSession(store, keys, going)
    record(context, 'session.undo', session.id)
    return going
  })
}

/**
 * Give a live session the time of its grant anew, from now on; it is never made shorter. Calls in flight go on.
 *
 * @throws Refusal `unknown` for no such session or one that is over: that is for `connect` to begin anew.
 */
export function extend(context: OwnerContext, id: string): Session {
  const { store, keys } = context
  return store.transaction(() => {
    const time = vaultTime(store, keys, context.now())
    const session = sessionById(store, keys, id, context.now())
    const grant = session === null ? null : findGrant(store, keys, session.grant)
    // SECURITY: what is over stays over, also where nobody has written it down yet.
    if (session === null || grant === null || !isLive(session, time))
      throw new Refusal('unknown', 'there is no live session to extend, connect the site again')
    const { limits } = requireCapability(context, session.capability)
    const end = time + Math.min(grant.ttl, limits.ttl) * 1000
    const longer = { ...session, expiresAt: Math.max(session.expiresAt, end) }
    writeSession(store, keys, longer)
    record(context, 'session.extend', id)
    return longer
  })
}

function justRevoked({ store, keys }: OwnerContext, id: string, time: number): Session {
  const session = sessionById(store, keys, id)
  if (session === null) throw new Refusal('unknown', say`there is no session \`${id}\``)
  const { endReason, endedAt } = session
  if (endReason !== 'revoked' || endedAt === null || time - endedAt > UNDO_MS) throw tooLate()
  return session
}

function tooLate(): Refusal {
  return new Refusal('unknown', 'it is too late to take that back, connect the site again')
}
