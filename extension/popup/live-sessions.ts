import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import type { OwnerSnapshot } from '../ui/owner-view.ts'

/** Sessions that are live now: not ended, not past their time. Those with calls in flight first, then the latest used. */
export function liveSessions(owner: Pick<OwnerSnapshot, 'sessions'>, now: number): SessionSummary[] {
  return (owner.sessions ?? [])
    .filter((session) => session.endedAt === null && session.expiresAt > now)
    .sort((a, b) => Number(b.inFlight > 0) - Number(a.inFlight > 0) || b.lastUsedAt - a.lastUsedAt)
}
