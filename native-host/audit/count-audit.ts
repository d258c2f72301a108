import type { AuditCount, AuditCounts, NamedAuditCount } from '../../shared/protocol/audit-reading.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { isSought, mayBeSought } from './audit-filter.ts'
import type { FoundLine } from './found-line.ts'
import type { CallFacts } from './line-facts.ts'
import { type AuditAsk, lookOn, reachOf } from './look-on.ts'
import { AuditScan } from './scan-audit.ts'

/** Sites named in one answer, which is one frame. */
const MOST_NAMES = 1000

/**
 * Calls counted: between edges, by site, service and capability, and refused ones by reason. Of one record that stands for several calls, each is counted.
 *
 * @param edges times, ascending, milliseconds since the epoch: nothing before the first or from the last on is counted.
 * @throws Refusal `store-damaged` where a record cannot be opened.
 */
export async function countAudit(
  store: Store,
  keys: VaultKeys,
  { where, edges, ...range }: AuditAsk & { edges: readonly number[] },
): Promise<AuditCounts> {
  const bars = edges.slice(1).map((): AuditCount => ({ calls: 0, refused: 0 }))
  const sites = new Map<string, AuditCount>()
  const services = new Map<string, AuditCount>()
  const capabilities = new Map<string, AuditCount>()
  const reasons = new Map<string, AuditCount>()
  const take = (found: FoundLine): boolean => {
    const call = countedCall(found, where)
    const bar = call === null || call.at < (edges[0] ?? 0) ? undefined : bars[barAt(edges, call.at)]
    if (call === null || bar === undefined) return true
    add(bar, call)
    add(countOf(sites, call.origin), call)
    if (call.service !== null) add(countOf(services, call.service), call)
    if (call.capability !== null) add(countOf(capabilities, call.capability), call)
    if (call.kind === 'refusal') add(countOf(reasons, call.reason), call)
    return sites.size < MOST_NAMES
  }
  const since = Math.max(where.since ?? 0, edges[0] ?? 0)
  const scan = new AuditScan(store, keys, { ...range, since, byChapters: true })
  await lookOn(scan, take)
  const by = { sites: named(sites), services: named(services) }
  return { bars, ...by, capabilities: named(capabilities), reasons: named(reasons), ...reachOf(scan) }
}

/** The call that a line is, where it fits; null otherwise. Its record is opened only where its address may decide and is not known. */
function countedCall({ facts, line: open }: FoundLine, where: AuditAsk['where']): CallFacts | null {
  if (facts.kind === 'act' || !mayBeSought(facts, where)) return null
  if (facts.url !== undefined || where.text === undefined) return facts
  const line = open()
  return line !== null && isSought(line, where) ? facts : null
}

/** Which stretch a moment is in. */
function barAt(edges: readonly number[], at: number): number {
  return edges.findIndex((edge) => at < edge) - 1
}

function add(to: AuditCount, call: { kind: string; count: number }): void {
  to.calls += call.count
  if (call.kind === 'refusal') to.refused += call.count
}

function countOf(counts: Map<string, AuditCount>, name: string): AuditCount {
  const known = counts.get(name) ?? { calls: 0, refused: 0 }
  counts.set(name, known)
  return known
}

function named(counts: ReadonlyMap<string, AuditCount>): NamedAuditCount[] {
  return [...counts].map(([name, count]) => ({ name, ...count }))
}
