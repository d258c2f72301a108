import type { EndReason, Session } from '../../shared/model/grant.ts'

/** When and why a session is over without anybody's act: its time is up, or nobody used it. */
function natural(session: Session): { at: number; reason: EndReason } {
  const idleAt =
    session.idleSeconds === null ? Number.POSITIVE_INFINITY : session.lastUsedAt + session.idleSeconds * 1000
  return idleAt < session.expiresAt
    ? { at: idleAt, reason: 'idle' }
    : { at: session.expiresAt, reason: 'expired' }
}

/** True while a session may be used. @param now milliseconds since the epoch. */
export function isLive(session: Session, now: number): boolean {
  return session.endReason === null && session.endedAt === null && now < natural(session).at
}

/** The session as it is at `now`: ended where its time is up, even if nobody wrote that down. */
export function sessionAt(session: Session, now: number): Session {
  if (session.endReason !== null || isLive(session, now)) return session
  const { at, reason } = natural(session)
  return { ...session, endedAt: at, endReason: reason }
}
