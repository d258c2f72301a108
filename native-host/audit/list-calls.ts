import type { AuditRecord } from '../../shared/model/audit-record.ts'
import {
  type AuditCursor,
  type AuditFilter,
  type AuditLine,
  MAX_AUDIT_LINES,
} from '../../shared/protocol/audit-reading.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { pageAudit } from './page-audit.ts'

/**
 * Records of the calls that fit, newest first, however far down the log they are: whole chapters are gone through by their indexes.
 * Of calls that are sought by how they ended each outcome too, before its call.
 *
 * @param limit calls at most. @throws Refusal `store-damaged` where a record cannot be opened; `verifyAudit` then says where.
 */
export async function listCalls(
  store: Store,
  keys: VaultKeys,
  where: AuditFilter,
  limit: number,
): Promise<AuditRecord[]> {
  const lines: AuditLine[] = []
  for (let from: AuditCursor | null | undefined; from !== null && lines.length < limit; ) {
    const page = await pageAudit(store, keys, {
      where: { ...where, kind: 'calls' },
      limit: Math.min(limit - lines.length, MAX_AUDIT_LINES),
      mostBytes: Number.MAX_SAFE_INTEGER,
      from,
    })
    lines.push(...page.lines)
    from = page.next
  }
  const withEnds = where.end !== undefined || where.problem !== undefined
  return lines.flatMap((line) => recordsOf(line, withEnds))
}

function recordsOf(line: AuditLine, withEnds: boolean): AuditRecord[] {
  if ('act' in line) return [line.act]
  const { call, outcome } = line
  return withEnds && outcome !== null ? [outcome, call] : [call]
}
