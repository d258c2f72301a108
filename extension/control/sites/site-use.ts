import type { Grant } from '../../../shared/model/grant.ts'
import type { GrantUse } from '../../../shared/protocol/grant-commands.ts'
import type { SessionSummary } from '../../../shared/protocol/session-commands.ts'

/** Unused for longer than this, in milliseconds, a grant is offered to be forgotten. */
export const UNUSED_MS = 30 * 86_400_000
/** With more grants than this there is a search. */
export const SEARCH_ABOVE = 10

/** A grant as the room shows it. Times are milliseconds since the epoch. */
export interface UsedGrant {
  grant: Grant
  /** Its live sessions. */
  live: SessionSummary[]
  /** Null: not since `known`. */
  lastUsedAt: number | null
  /** How far back its use is known; null: that is not known yet. */
  known: number | null
}

/**
 * Every grant with its use, the one used last first, those that were never used by when they were given.
 *
 * @param use what the log says; null until that was answered.
 */
export function usedGrants(
  grants: readonly Grant[],
  sessions: readonly SessionSummary[],
  use: GrantUse | null,
): UsedGrant[] {
  const logged = new Map(use?.uses.map(({ grant, at }) => [grant, at]))
  const ofGrant = Map.groupBy(sessions, (session) => session.grant)
  const used = grants.map((grant): UsedGrant => {
    const own = ofGrant.get(grant.id) ?? []
    const called = own.filter(({ requests }) => requests > 0).map(({ lastUsedAt }) => lastUsedAt)
    const lastUsedAt = Math.max(logged.get(grant.id) ?? 0, ...called) || null
    const live = own.filter(({ endedAt }) => endedAt === null)
    return { grant, live, lastUsedAt, known: use?.since ?? null }
  })
  const time = ({ lastUsedAt, grant }: UsedGrant) => lastUsedAt ?? grant.createdAt
  return used.sort((a, b) => time(b) - time(a))
}

/** True where it is known that a grant was not used for long, and nothing of it is live. */
export function isUnused({ grant, live, lastUsedAt, known }: UsedGrant, now: number): boolean {
  const before = now - UNUSED_MS
  if (known === null || known > before || live.length > 0) return false
  return Math.max(grant.createdAt, lastUsedAt ?? 0) < before
}

/** Those whose origin, or that of the page they are in, holds what is searched for. Everything for nothing. */
export function searched(used: readonly UsedGrant[], text: string): UsedGrant[] {
  const wanted = text.trim().toLowerCase()
  return used.filter(({ grant }) => [grant.origin, grant.topOrigin].some((origin) => origin.includes(wanted)))
}
