import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { type ChainHead, chainRow, NO_ROWS, openEntry, readHead, rowMac } from './chain.ts'
import { type NextRows, wholeRows } from './whole-rows.ts'

/** Rows held in memory at once. */
const PAGE = 500

const NEXT_ROWS = 'SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?'

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
    const rows = store.all(NEXT_ROWS, last, PAGE)
    yield* rows
    const end = rows.at(-1)
    if (end === undefined) return
    last = integerOf(end, 'sequence')
  }
}

/** How far a check of the log got. `verdict` null: `before` is the last row in order, and there are more to check. */
export interface CheckedSoFar {
  readonly before: ChainHead
  readonly verdict: AuditVerdict | null
}

/**
 * Check the whole log, that no record was changed, moved, added or taken out, the last ones included: every row of one
 * state of it against its neighbour and the head. Memory stays bounded.
 */
export function verifyAudit(store: Store, keys: VaultKeys): AuditVerdict {
  return store.snapshot(() => {
    for (let before = NO_ROWS; ; ) {
      const so = checkRows(store, keys, before)
      if (so.verdict !== null) return so.verdict
      before = so.before
    }
  })
}

/**
 * The next rows of such a check. What is written between two of them is checked as well; the end is that of one state.
 *
 * @param before the last row in order, or `NO_ROWS`.
 */
export function checkRows(store: Store, keys: VaultKeys, before: ChainHead, most = PAGE): CheckedSoFar {
  return store.snapshot(() => {
    const from = before === NO_ROWS ? Number.MIN_SAFE_INTEGER : before.sequence
    const next = { before, from, most }
    const whole = wholeRows(store, keys, next)
    if (whole === null) return checkEach(store, keys, next)
    return { before: whole.last, verdict: whole.rows < most ? endVerdict(store, keys, whole.last) : null }
  })
}

/** The same row by row, where one of them may not be in order: which, and why. */
function checkEach(store: Store, keys: VaultKeys, { before, from, most }: NextRows): CheckedSoFar {
  const rows = store.all(NEXT_ROWS, from, most)
  let last = before
  for (const row of rows) {
    const fault = rowFault(keys, last, row)
    if (fault !== null) return { before: last, verdict: badAfter(last, fault) }
    last = { sequence: integerOf(row, 'sequence'), mac: bytesOf(row, 'mac') }
  }
  return { before: last, verdict: rows.length < most ? endVerdict(store, keys, last) : null }
}

/** After the last row: whether the log ends where its head says. */
function endVerdict(store: Store, keys: VaultKeys, last: ChainHead): AuditVerdict {
  const head = readHead(store, keys)
  if (head === null || head.sequence < last.sequence) return badAfter(last, 'head')
  if (head.sequence > last.sequence) return badAfter(last, 'missing')
  return Buffer.compare(head.mac, last.mac) === 0
    ? { ok: true, records: last.sequence }
    : badAfter(last, 'head')
}

function badAfter({ sequence }: ChainHead, reason: AuditFault): AuditVerdict {
  return { ok: false, records: sequence, firstBad: sequence + 1, reason }
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
