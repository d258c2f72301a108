import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { integerOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { isSought } from './audit-filter.ts'
import { openEntry } from './chain.ts'
import { OUT_OF_STEP_MS } from './scan-audit.ts'
import { chainRows } from './verify-audit.ts'
import type { CallRecord } from './write-audit.ts'

/** Which records to list. `since`: milliseconds since the epoch, included. */
export interface AuditChoice {
  readonly limit: number
  readonly since?: number
  readonly origin?: string
  readonly decision?: CallRecord['decision']
}

/**
 * Records, newest first. `origin` and `decision` choose among calls, so that outcomes and acts are left out.
 *
 * @throws Refusal `store-damaged` where a record cannot be opened; `verifyAudit` then says where.
 */
export function listAudit(store: Store, keys: VaultKeys, where: AuditChoice): AuditRecord[] {
  const found: AuditRecord[] = []
  for (const records of newestFirst(store, keys, where.since)) {
    for (const record of records)
      if (isListed(record, where) && found.length < where.limit) found.push(record)
    if (found.length >= where.limit) break
  }
  return found
}

/**
 * Records, newest first, a few at a time, so that whoever reads many can let others have their turn in between.
 *
 * @param since milliseconds since the epoch: leave out what is older. @throws Refusal `store-damaged` where a record cannot be opened.
 */
export function* newestFirst(store: Store, keys: VaultKeys, since = 0): Generator<AuditRecord[]> {
  let last = Number.MAX_SAFE_INTEGER
  for (;;) {
    const rows = store.all('SELECT * FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT 200', last)
    const end = rows.at(-1)
    if (end === undefined) return
    // The vault's time is never behind a record's own.
    yield rows.filter((row) => integerOf(row, 'at') >= since).map((row) => openEntry(keys, row).record)
    // Asked by the time alone, SQLite would go through all the rest of a long log in vain.
    if (integerOf(end, 'at') < since - OUT_OF_STEP_MS) return
    last = integerOf(end, 'sequence')
  }
}

function isListed(record: AuditRecord, { since, origin, decision }: AuditChoice): boolean {
  if (record.kind === 'outcome')
    return origin === undefined && decision === undefined && record.at >= (since ?? 0)
  const line =
    record.kind === 'act' ? { sequence: 0, act: record } : { sequence: 0, call: record, outcome: null }
  return isSought(line, {
    ...(since === undefined ? {} : { since }),
    ...(origin === undefined ? {} : { origin }),
    ...(decision === undefined ? {} : { decision }),
  })
}

/** All records, oldest first, read as they are asked for. @throws Refusal `store-damaged` where one cannot be opened. */
export function* exportAudit(store: Store, keys: VaultKeys): Generator<AuditRecord> {
  for (const row of chainRows(store)) yield openEntry(keys, row).record
}

/**
 * How many calls have an intent and no outcome: those that run right now, and those that ran when a process was killed
 * or could not write any more.
 *
 * @throws Refusal `store-damaged` where a record cannot be opened.
 */
export function unfinishedCalls(store: Store, keys: VaultKeys): number {
  const open = new Set<string>()
  store.snapshot(() => {
    for (const record of exportAudit(store, keys)) {
      if (record.kind === 'intent') open.add(record.id)
      if (record.kind === 'outcome') open.delete(record.intent)
    }
  })
  return open.size
}
