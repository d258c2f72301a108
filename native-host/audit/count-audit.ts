import type { AuditCount, AuditCounts, AuditLine } from '../../shared/protocol/audit-reading.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { isSought } from './audit-filter.ts'
import { type AuditAsk, lookOn, reachOf } from './look-on.ts'
import { AuditScan } from './scan-audit.ts'

/** Sites named in one answer, which is one frame. */
const MOST_NAMES = 1000

/**
 * Calls counted: between edges, by site and by service. Of one record that stands for several calls, each is counted.
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
  const take = (line: AuditLine): boolean => {
    if ('act' in line || !isSought(line, where)) return true
    const { call } = line
    const bar = call.at < (edges[0] ?? 0) ? undefined : bars[edges.findIndex((edge) => call.at < edge) - 1]
    if (bar === undefined) return true
    add(bar, call)
    add(countOf(sites, call.origin), call)
    if (call.service !== null) add(countOf(services, call.service), call)
    return sites.size < MOST_NAMES
  }
  const scan = new AuditScan(store, keys, { ...range, since: Math.max(where.since ?? 0, edges[0] ?? 0) })
  await lookOn(scan, take)
  return { bars, sites: named(sites), services: named(services), ...reachOf(scan) }
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

function named(counts: ReadonlyMap<string, AuditCount>): AuditCounts['sites'] {
  return [...counts].map(([name, count]) => ({ name, ...count }))
}
