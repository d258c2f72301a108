import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { integerOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { openEntry } from './chain.ts'
import type { FoundLine } from './found-line.ts'
import { AuditScan, OUT_OF_STEP_MS } from './scan-audit.ts'
import { chainRows } from './verify-audit.ts'

/** Which records to list. `since`: milliseconds since the epoch, included. */
export interface AuditChoice {
  readonly limit: number
  readonly since?: number
}

/**
 * Records of every kind, newest first. Those of chosen calls: `listCalls`.
 *
 * @throws Refusal `store-damaged` where a record cannot be opened; `verifyAudit` then says where.
 */
export function listAudit(store: Store, keys: VaultKeys, where: AuditChoice): AuditRecord[] {
  const found: AuditRecord[] = []
  for (const records of newestFirst(store, keys, where.since)) {
    for (const record of records)
      if (record.at >= (where.since ?? 0) && found.length < where.limit) found.push(record)
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

/** All records, oldest first, read as they are asked for. @throws Refusal `store-damaged` where one cannot be opened. */
export function* exportAudit(store: Store, keys: VaultKeys): Generator<AuditRecord> {
  for (const row of chainRows(store)) yield openEntry(keys, row).record
}

/**
 * How many calls have an intent and no outcome: those that run right now, and those that ran when a process was killed
 * or could not write any more. Of a long log its indexes are read, and made where they are missing.
 *
 * @throws Refusal `store-damaged` where a record cannot be opened.
 */
export function unfinishedCalls(store: Store, keys: VaultKeys): number {
  const scan = new AuditScan(store, keys, { byChapters: true })
  let unfinished = 0
  const count = ({ facts }: FoundLine): boolean => {
    if (facts.kind === 'intent' && facts.result === null) unfinished += 1
    return true
  }
  while (!scan.isOver) scan.slice(count)
  return unfinished
}
