import { randomUUID } from 'node:crypto'
import type { Capability } from '../../shared/model/capability.ts'
import type { EndReason, Grant, Session } from '../../shared/model/grant.ts'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { findGrant } from '../store/grants.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { dropApprovals } from './approval-rows.ts'
import { latestTime, vaultTime } from './clock.ts'
import { isLive, sessionAt } from './session-life.ts'
import { openSession, readSession, sessionIndex, unendedSessions, writeSession } from './session-rows.ts'

const DAY = 86_400_000

/** How long an ended session is kept, milliseconds. The audit log keeps what it did. */
export const KEEP_ENDED = 7 * DAY

/** How often the clock alone may cause a write while sessions are open, milliseconds. */
const IDLE_GRAIN = 10_000

/**
 * Start a session from a grant: it ends when the shortest of the three times is up. Durable when it returns.
 *
 * @param start `ttl` in seconds; `now` is the wall clock, milliseconds since the epoch.
 * @throws Refusal `unknown` where the grant is not stored (any more), `invalid` where it is for another capability.
 */
export function startSession(
  store: Store,
  keys: VaultKeys,
  start: { grant: Grant; capability: Capability; ttl: number; now: number },
): Session {
  const { grant, capability } = start
  if (grant.capability !== capability.id)
    throw new Refusal('invalid', say`the grant is for \`${grant.capability}\`, not for \`${capability.id}\``)
  return store.transaction(() => {
    if (findGrant(store, keys, grant.id) === null) throw new Refusal('unknown', 'the grant was removed')
    const now = vaultTime(store, keys, start.now)
    store.run('DELETE FROM sessions WHERE ended_at < ?', now - KEEP_ENDED)
    const session = freshSession(grant, capability, start.ttl, now)
    writeSession(store, keys, session)
    return session
  })
}

function freshSession(grant: Grant, capability: Capability, ttl: number, now: number): Session {
  const { origin, topOrigin } = grant
  const life = Math.min(ttl, grant.ttl, capability.limits.ttl)
  return {
    id: randomUUID(),
    grant: grant.id,
    origin,
    topOrigin,
    capability: capability.id,
    service: capability.service,
    createdAt: now,
    expiresAt: now + life * 1000,
    idleSeconds: capability.limits.idle,
    lastUsedAt: now,
    endedAt: null,
    endReason: null,
    requests: 0,
    blocked: 0,
    bytes: 0,
    bytesUp: 0,
  }
}

/** Sessions, live ones first, then those that ended in the last 24 hours; newest first in each. @throws Refusal `store-damaged`. */
export function listSessions(store: Store, keys: VaultKeys, now: number): Session[] {
  const time = vaultTime(store, keys, now)
  const rows = store.all('SELECT * FROM sessions WHERE ended_at IS NULL OR ended_at > ?', time - DAY)
  const stored = rows.map((row) => openSession(keys, row))
  keepEnds(store, keys, stored, now, time)
  const sessions = stored
    .map((session) => sessionAt(session, time))
    .filter((session) => session.endedAt === null || session.endedAt > time - DAY)
  const rank = (session: Session): number => (session.endedAt === null ? 0 : 1)
  return sessions.sort((a, b) => rank(a) - rank(b) || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
}

/** Live sessions of documents of `origin` in a tab of `topOrigin`, newest first. @throws Refusal `store-damaged`. */
export function liveSessions(
  store: Store,
  keys: VaultKeys,
  origin: string,
  topOrigin: string,
  now: number,
): Session[] {
  const time = vaultTime(store, keys, now)
  const index = sessionIndex(keys, origin, topOrigin)
  const stored = store
    .all('SELECT * FROM sessions WHERE place_index = ? AND ended_at IS NULL', index)
    .map((row) => openSession(keys, row))
  keepEnds(store, keys, stored, now, time)
  return stored
    .filter((session) => isLive(session, time))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
}

/**
 * The session of an id, or null.
 *
 * @param now absent: judged by the latest time the vault has seen. @throws Refusal `store-damaged`.
 */
export function sessionById(store: Store, keys: VaultKeys, id: string, now?: number): Session | null {
  const session = readSession(store, keys, id)
  if (session === null) return null
  if (now === undefined) return sessionAt(session, latestTime(store, keys))
  const time = vaultTime(store, keys, now)
  keepEnds(store, keys, [session], now, time)
  return sessionAt(session, time)
}

/** What one reader has seen as over stays over, however the wall clock moves before somebody marks it. */
function keepEnds(store: Store, keys: VaultKeys, sessions: Session[], now: number, time: number): void {
  const isUnmarked = (session: Session): boolean => session.endedAt === null && !isLive(session, time)
  if (sessions.some(isUnmarked)) vaultTime(store, keys, now, 0)
}

/** End a session; false where there is none or it was over already. Durable when it returns. */
export function endSession(
  store: Store,
  keys: VaultKeys,
  id: string,
  reason: EndReason,
  now: number,
): boolean {
  return store.transaction(() => {
    const session = readSession(store, keys, id)
    if (session === null || session.endedAt !== null) return false
    return closeSession(store, keys, session, reason, vaultTime(store, keys, now))
  })
}

/** Write down that a session is over. False where its time was up before: that is then its reason. */
function closeSession(
  store: Store,
  keys: VaultKeys,
  session: Session,
  reason: EndReason,
  time: number,
): boolean {
  const current = sessionAt(session, time)
  const wasLive = current.endedAt === null
  dropApprovals(store, session.id)
  writeSession(store, keys, wasLive ? { ...session, endedAt: time, endReason: reason } : current)
  return wasLive
}

/** Which sessions to end. What is named must fit; nothing named is no session. */
export interface SessionChoice {
  /** Sessions of this origin, and of frames in its tabs. */
  readonly origin?: string
  readonly capability?: string
  readonly grant?: string
  readonly all?: true
}

function isChosen(session: Session, where: SessionChoice): boolean {
  const tests = [
    where.origin === undefined ? null : session.origin === where.origin || session.topOrigin === where.origin,
    where.capability === undefined ? null : session.capability === where.capability,
    where.grant === undefined ? null : session.grant === where.grant,
    where.all === true ? true : null,
  ].filter((test) => test !== null)
  // SECURITY: `every` of nothing is true; a choice that names nothing must not end or keep by accident.
  return tests.length > 0 && tests.every(Boolean)
}

/** End the sessions chosen, as a whole; their ids. Durable when it returns. */
export function endSessions(
  store: Store,
  keys: VaultKeys,
  where: SessionChoice,
  reason: EndReason,
  now: number,
): string[] {
  return store.transaction(() => {
    const time = vaultTime(store, keys, now)
    return unendedSessions(store, keys)
      .filter((session) => isChosen(session, where))
      .filter((session) => closeSession(store, keys, session, reason, time))
      .map((session) => session.id)
  })
}

/**
 * Write down the end of sessions whose time is up or which nobody used; their ids. To be called every second or so:
 * writes nothing where no session is open, and little where none is over.
 */
export function expireSessions(store: Store, keys: VaultKeys, now: number): string[] {
  const open = unendedSessions(store, keys)
  if (open.length === 0) return []
  const time = vaultTime(store, keys, now, IDLE_GRAIN)
  if (open.every((session) => isLive(session, time))) return []
  return store.transaction(() => {
    const over = unendedSessions(store, keys).filter((session) => !isLive(session, time))
    for (const session of over) closeSession(store, keys, session, 'expired', time)
    return over.map((session) => session.id)
  })
}

/**
 * Count calls in flight as use: sessions with an idle time that have used up half of it are set back to now. A long
 * answer is not idleness; the session's own end still holds.
 *
 * @param ids sessions of the calls that are in flight in this process.
 */
export function keepInUse(store: Store, keys: VaultKeys, ids: ReadonlySet<string>, now: number): void {
  if (ids.size === 0) return
  // Not the wall clock: set back it would show nobody as idle, while the vault's time goes on.
  const time = vaultTime(store, keys, now, IDLE_GRAIN)
  for (const id of ids) {
    const session = readSession(store, keys, id)
    if (session === null || session.idleSeconds === null) continue
    if (time - session.lastUsedAt >= session.idleSeconds * 500) keepOne(store, keys, id, now)
  }
}

function keepOne(store: Store, keys: VaultKeys, id: string, now: number): void {
  store.transaction(() => {
    const time = vaultTime(store, keys, now)
    const fresh = readSession(store, keys, id)
    // SECURITY: only what is live is kept; what is over stays over.
    if (fresh !== null && isLive(fresh, time)) writeSession(store, keys, { ...fresh, lastUsedAt: time })
  })
}
