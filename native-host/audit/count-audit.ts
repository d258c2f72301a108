import type { AuditCounts } from '../../shared/protocol/audit-reading.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { isSought, mayBeSought } from './audit-filter.ts'
import { CallTally } from './call-tally.ts'
import type { FoundLine } from './found-line.ts'
import type { CallFacts } from './line-facts.ts'
import { type AuditAsk, lookOn, reachOf } from './look-on.ts'
import { AuditScan } from './scan-audit.ts'

/** Sites named in one answer, which is one frame. */
const MOST_NAMES = 1000

/** Calls of before `above` whose ends are counted in one answer: each is opened, and all in one turn of the event loop. */
const MOST_LATE_ENDS = 200

/**
 * Calls counted: between edges, by site, service and capability, refused ones by reason, failed and cut ones by problem. With `above`,
 * of calls before it that have ended since what only their ends tell: a call counts once, whatever part of the log is asked for.
 *
 * @param edges times, ascending, milliseconds since the epoch: nothing before the first or from the last on is counted.
 * @throws Refusal `store-damaged` where a record cannot be opened.
 */
export async function countAudit(
  store: Store,
  keys: VaultKeys,
  { where, edges, ...range }: AuditAsk & { edges: readonly number[] },
): Promise<AuditCounts> {
  const tally = new CallTally(edges)
  const take = (found: FoundLine): boolean => {
    const call = countedCall(found, where)
    if (call !== null) tally.call(call)
    return tally.sites < MOST_NAMES
  }
  const since = Math.max(where.since ?? 0, edges[0] ?? 0)
  const scan = new AuditScan(store, keys, { ...range, since, byChapters: true })
  await lookOn(scan, take)
  if ((range.above ?? 0) > 0 && scan.isOver) countLateEnds(scan, where, tally)
  return { ...tally.counts(), ...reachOf(scan) }
}

/** The call that a line is, where it fits; null otherwise. Its record is opened only where its address may decide and is not known. */
function countedCall({ facts, line: open }: FoundLine, where: AuditAsk['where']): CallFacts | null {
  if (facts.kind === 'act' || !mayBeSought(facts, where)) return null
  if (facts.url !== undefined || where.text === undefined) return facts
  const line = open()
  return line !== null && isSought(line, where) ? facts : null
}

/** A call that fits by its end alone was not counted before it had one. */
function countLateEnds(scan: AuditScan, where: AuditAsk['where'], tally: CallTally): void {
  let left = MOST_LATE_ENDS
  scan.giveLateEnds(({ facts }) => {
    left -= 1
    if (facts.kind === 'act' || !mayBeSought(facts, where)) return left > 0
    const isCounted = mayBeSought({ ...facts, result: null, problem: null }, where)
    if (isCounted) tally.end(facts)
    else tally.call(facts)
    return left > 0
  })
}
