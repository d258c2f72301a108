import type { GrantUse } from '../../shared/protocol/grant-commands.ts'
import type { FoundLine } from '../audit/found-line.ts'
import { nextTurn } from '../audit/next-turn.ts'
import { AuditScan } from '../audit/scan-audit.ts'
import { keptSessions } from '../sessions/session-rows.ts'
import { listGrants } from '../store/grants.ts'
import type { OwnerContext } from './context.ts'

/** How far back in the log, in records opened; those whose index there is already cost little of it. */
const MOST_OPENED = 50_000
/** How far back in time, in milliseconds: nobody asks about a use before that. */
const LONGEST = 60 * 86_400_000
/** Most grants that are named: what fits into one frame. */
const MOST_NAMED = 10_000

/**
 * When each grant was last used for a call: by the sessions that are kept, which is about a week, and by the log before
 * that. A session nobody called through is no use. Reads the log a few records, or an index of them, at a time: calls go on meanwhile.
 *
 * @throws Refusal `store-damaged`.
 */
export async function grantUse(context: OwnerContext): Promise<GrantUse> {
  const { store, keys, now } = context
  const latest = new Map<string, number>()
  const used = (grant: string, at: number) => latest.set(grant, Math.max(at, latest.get(grant) ?? 0))
  // Counting anew takes a session's calls away, and leaves when it was used.
  for (const { grant, requests, createdAt, lastUsedAt } of keptSessions(store, keys))
    if (requests > 0 || lastUsedAt > createdAt) used(grant, lastUsedAt)
  const places = new Map(listGrants(store, keys).map((grant) => [placeOf(grant), grant.id]))
  const since = await readLog(context, now() - LONGEST, ({ facts }) => {
    const grant = facts.kind === 'intent' ? places.get(placeOf(facts)) : undefined
    if (grant !== undefined) used(grant, facts.at)
  })
  const uses = [...latest].map(([grant, at]) => ({ grant, at })).sort((a, b) => b.at - a.at)
  // One that is left out was used no later than the last that is named.
  return { since: Math.max(since, uses[MOST_NAMED]?.at ?? 0), uses: uses.slice(0, MOST_NAMED) }
}

/** @returns how far back it was read, milliseconds since the epoch. */
async function readLog(
  { store, keys }: OwnerContext,
  from: number,
  look: (line: FoundLine) => void,
): Promise<number> {
  const scan = new AuditScan(store, keys, { since: from, byChapters: true })
  let last = from
  const take = (line: FoundLine) => {
    last = line.facts.at
    look(line)
    return true
  }
  while (!scan.isOver) {
    scan.slice(take)
    if (scan.spent >= MOST_OPENED && !scan.isAmid) return Math.max(from, last)
    await nextTurn()
  }
  return from
}

function placeOf(of: { origin: string; topOrigin: string | null; capability: string | null }): string {
  return `${of.origin} ${of.topOrigin ?? of.origin} ${of.capability ?? ''}`
}
