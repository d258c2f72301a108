import type { AuditCursor, AuditLine } from '../../shared/protocol/audit-reading.ts'
import { integerOf, type Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { openEntry } from './chain.ts'
import type { OutcomeRecord } from './write-audit.ts'

/** Records opened in one turn of the event loop: a few milliseconds' work, between which pages' calls have their turns. */
const SLICE = 100

/** Processes write in turns and read the clock before: a row may be so much younger than the one after it, at most. */
const OUT_OF_STEP_MS = 60_000

/** Where a scan begins and ends. */
export interface ScanRange {
  /** Absent: at the end of the log. */
  readonly from?: AuditCursor | undefined
  /** The place it ends above. Absent: it ends with the first record. */
  readonly above?: number | undefined
  /** Rows written before this moment of the vault's are not looked at: none of them is younger. Milliseconds since the epoch. */
  readonly since?: number | undefined
}

/**
 * Goes through the log from its end, and joins each call with its outcome, which it meets first. What is written meanwhile
 * is not looked at.
 */
export class AuditScan {
  looked = 0
  /** Records in the log when the scan began: those of after that are not looked at. */
  readonly head: number
  /** True once there is nothing more to look at. */
  isOver = false
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #range: ScanRange
  /** Outcomes whose calls were not met yet, by the ids of these. */
  readonly #open = new Map<string, { at: number; outcome: OutcomeRecord }>()
  #below: number

  /** @throws Refusal `store-damaged` where an outcome that the cursor names cannot be opened. */
  constructor(store: Store, keys: VaultKeys, range: ScanRange) {
    this.#store = store
    this.#keys = keys
    this.#range = range
    this.head = lastPlace(store)
    this.#below = range.from?.below ?? this.head + 1
    for (const place of range.from?.open ?? []) this.#reopen(place)
  }

  /**
   * The next few lines, newest first; less than asked for is no end.
   *
   * @param take told each line; says whether to go on with the next record.
   * @throws Refusal `store-damaged` where a record cannot be opened; `verifyAudit` then says where.
   */
  slice(take: (line: AuditLine) => boolean): void {
    const { above = Number.MIN_SAFE_INTEGER, since = 0 } = this.#range
    const oldest = since - OUT_OF_STEP_MS
    const rows = this.#store.all(
      'SELECT * FROM audit WHERE sequence < ? AND sequence > ? ORDER BY sequence DESC LIMIT ?',
      this.#below,
      above,
      SLICE,
    )
    this.isOver = rows.length < SLICE
    for (const row of rows) {
      if (integerOf(row, 'at') < oldest) return this.#end()
      this.#below = integerOf(row, 'sequence')
      this.looked += 1
      const line = this.#lineOf(row)
      if (line !== null && !take(line)) return this.#pause(row === rows.at(-1))
    }
  }

  /** Where another scan goes on; null where there is nothing more. The oldest calls' outcomes give way where there are too many. */
  cursor(most: number): AuditCursor | null {
    if (this.isOver || this.#below <= 1) return null
    const open = [...this.#open.values()].map(({ at }) => at)
    return { below: this.#below, open: open.slice(-most) }
  }

  /**
   * After the end: calls from below it whose outcomes the scan met, with them. Where whoever takes them has enough, the cursor goes
   * on with the rest.
   */
  giveLateEnds(take: (line: AuditLine) => boolean): void {
    for (const [intent, { outcome }] of this.#open) {
      this.#open.delete(intent)
      const line = this.#lateLine(intent, outcome)
      if (line === null || take(line)) continue
      this.isOver = this.#open.size === 0
      this.#below = (this.#range.above ?? 0) + 1
      return
    }
  }

  #lateLine(intent: string, outcome: OutcomeRecord): AuditLine | null {
    const row = this.#store.get('SELECT * FROM audit WHERE id = ?', intent)
    if (row === null) return null
    const { record } = openEntry(this.#keys, row)
    return record.kind === 'intent' ? { sequence: integerOf(row, 'sequence'), call: record, outcome } : null
  }

  #end(): void {
    this.isOver = true
  }

  /** Whoever takes lines has enough: there are more unless this was the last row of all. */
  #pause(isLastRow: boolean): void {
    this.isOver &&= isLastRow
  }

  #lineOf(row: Row): AuditLine | null {
    const { record } = openEntry(this.#keys, row)
    const sequence = integerOf(row, 'sequence')
    if (record.kind === 'act') return { sequence, act: record }
    if (record.kind === 'outcome') {
      this.#open.set(record.intent, { at: sequence, outcome: record })
      return null
    }
    const outcome = this.#open.get(record.id)?.outcome ?? null
    this.#open.delete(record.id)
    return { sequence, call: record, outcome }
  }

  #reopen(place: number): void {
    const row = this.#store.get('SELECT * FROM audit WHERE sequence = ?', place)
    if (row === null) return
    const { record } = openEntry(this.#keys, row)
    if (record.kind === 'outcome') this.#open.set(record.intent, { at: place, outcome: record })
  }
}

/** Records in the log, by the place of the last one. */
export function lastPlace(store: Store): number {
  const last = store.get('SELECT max(sequence) AS last FROM audit')
  return last === null || last.last === null ? 0 : integerOf(last, 'last')
}
