import type { AuditLine, AuditPage } from '../../shared/protocol/audit-reading.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { isNarrow, isSought, mayBeSought } from './audit-filter.ts'
import type { FoundLine } from './found-line.ts'
import { type AuditAsk, lookOn, reachOf } from './look-on.ts'
import { AuditScan } from './scan-audit.ts'

/**
 * Lines of the log, newest first, and how far the search got; other work of the process has its turns meanwhile.
 *
 * @param limit lines at most. @param mostBytes of the lines as JSON, but for one line that is longer by itself.
 * @throws Refusal `store-damaged` where a record cannot be opened; `verifyAudit` then says where.
 */
export async function pageAudit(
  store: Store,
  keys: VaultKeys,
  { where, limit, mostBytes, ...range }: AuditAsk & { limit: number; mostBytes: number },
): Promise<AuditPage> {
  const lines: AuditLine[] = []
  let bytes = 0
  const take = ({ facts, line: open }: FoundLine): boolean => {
    if (!mayBeSought(facts, where)) return true
    const line = open()
    // What an index says is held to the record itself.
    if (line === null || !isSought(line, where)) return true
    lines.push(line)
    bytes += Buffer.byteLength(JSON.stringify(line)) + 1
    return lines.length < limit && bytes < mostBytes
  }
  const scan = new AuditScan(store, keys, { ...range, since: where.since, byChapters: isNarrow(where) })
  await lookOn(scan, take)
  if (range.above !== undefined && scan.isOver) scan.giveLateEnds(take)
  return { lines, ...reachOf(scan) }
}
