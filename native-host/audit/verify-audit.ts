import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { type ChainHead, chainRow, NO_ROWS, openEntry, readHead, rowMac } from './chain.ts'

/** Rows held in memory at once. */
const PAGE = 500

/**
 * `mac`: a row was changed. `order`: a row stands where another one was. `missing`: rows were taken out, the last ones
 * included. `head`: the seal on the length of the log is gone or was changed, or there are rows beyond it.
 */
export type AuditFault = 'mac' | 'order' | 'missing' | 'head'

/** `records`: rows in order before the first fault. `firstBad`: place in the chain, counted from 1. */
export type AuditVerdict =
  | { ok: true; records: number }
  | { ok: false; records: number; firstBad: number; reason: AuditFault }

/** Rows in order of the chain, a page at a time. Within a snapshot. */
export function* chainRows(store: Store): Generator<Row> {
  let last = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = store.all('SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?', last, PAGE)
    yield* rows
    const end = rows.at(-1)
    if (end === undefined) return
    last = integerOf(end, 'sequence')
  }
}

/**
 * Check the whole log, that no record was changed, moved, added or taken out, the last ones included: every row of one
 * state of it against its neighbour and the head. Memory stays bounded.
 */
export function verifyAudit(store: Store, keys: VaultKeys): AuditVerdict {
  return store.snapshot(() => {
    const head = readHead(store, keys)
    let before = NO_ROWS
    const bad = (reason: AuditFault): AuditVerdict => {
      return { ok: false, records: before.sequence, firstBad: before.sequence + 1, reason }
    }
    for (const row of chainRows(store)) {
      const fault = rowFault(keys, before, row)
      if (fault !== null) return bad(fault)
      before = { sequence: integerOf(row, 'sequence'), mac: bytesOf(row, 'mac') }
    }
    if (head === null || head.sequence < before.sequence) return bad('head')
    if (head.sequence > before.sequence) return bad('missing')
    return Buffer.compare(head.mac, before.mac) === 0 ? { ok: true, records: before.sequence } : bad('head')
  })
}

/** What is wrong with a row, standing where it does after the one before; null where nothing is. */
export function rowFault(keys: VaultKeys, before: ChainHead, row: Row): AuditFault | null {
  const sequence = integerOf(row, 'sequence')
  if (sequence > before.sequence + 1) return 'missing'
  if (sequence < before.sequence + 1) return 'order'
  const columns = chainRow(row)
  // None and an empty one have the same MAC; we write none.
  const isWhole = columns.rateIndex?.length !== 0
  if (isWhole && Buffer.compare(rowMac(keys, before.mac, columns), bytesOf(row, 'mac')) === 0) return null
  return wasMoved(keys, row) ? 'order' : 'mac'
}

/** True for a row that is whole but was written for another place. */
function wasMoved(keys: VaultKeys, row: Row): boolean {
  try {
    return openEntry(keys, row).sequence !== integerOf(row, 'sequence')
  } catch (error) {
    if (error instanceof Refusal || error instanceof SyntaxError) return false
    throw error
  }
}
