import type { AuditLine } from '../../shared/protocol/audit-reading.ts'
import { integerOf, type Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { openEntry } from './chain.ts'
import { type CallFacts, type Facts, factsOf } from './line-facts.ts'
import type { OutcomeRecord } from './write-audit.ts'

/** A line that a scan came by. */
export interface FoundLine {
  readonly facts: Facts
  /**
   * All of it; opens its records where that was not done yet. Null where they are not there.
   *
   * @throws Refusal `store-damaged` where one cannot be opened; `verifyAudit` then says where.
   */
  line(): AuditLine | null
}

/** A line whose records are open. */
export function found(line: AuditLine): FoundLine {
  return { facts: factsOf(line), line: () => line }
}

/** How a call ended whose own record is further down the log. `outcome` null: it is at `at`, and was not opened yet. */
export interface OpenEnd extends Pick<CallFacts, 'result' | 'problem'> {
  /** Place of the outcome in the log. */
  readonly at: number
  readonly outcome: OutcomeRecord | null
}

/** The end that an open outcome is. */
export function endAt(at: number, outcome: OutcomeRecord): OpenEnd {
  return { at, outcome, result: outcome.result, problem: outcome.problem }
}

/** Opens lines of a log one by one. */
export class LineOpener {
  readonly #store: Store
  readonly #keys: VaultKeys
  /** How many records were opened. */
  opened = 0

  constructor(store: Store, keys: VaultKeys) {
    this.#store = store
    this.#keys = keys
  }

  /** The record in a row. @throws Refusal `store-damaged`. */
  record(row: Row): ReturnType<typeof openEntry>['record'] {
    this.opened += 1
    return openEntry(this.#keys, row).record
  }

  /** The call or act at a place; null where there is neither. @param end of that call; null: it has none. */
  line(sequence: number, end: OpenEnd | null): AuditLine | null {
    const row = this.#at(sequence)
    if (row === null) return null
    const record = this.record(row)
    if (record.kind === 'act') return { sequence, act: record }
    if (record.kind === 'outcome') return null
    return { sequence, call: record, outcome: end === null ? null : this.outcome(end, record.id) }
  }

  /** The call with this id, and the end of it; null where it is not in the log. */
  lineOf(intent: string, end: OpenEnd): AuditLine | null {
    const row = this.#store.get('SELECT * FROM audit WHERE id = ?', intent)
    const record = row === null ? null : this.record(row)
    if (row === null || record?.kind !== 'intent') return null
    return { sequence: integerOf(row, 'sequence'), call: record, outcome: this.outcome(end, intent) }
  }

  /** The record of an end; null where what is there is another call's. */
  outcome(end: OpenEnd, intent: string): OutcomeRecord | null {
    const outcome = end.outcome ?? this.outcomeAt(end.at)
    return outcome?.intent === intent ? outcome : null
  }

  /** The outcome at a place; null where there is none. */
  outcomeAt(sequence: number): OutcomeRecord | null {
    const row = this.#at(sequence)
    const record = row === null ? null : this.record(row)
    return record?.kind === 'outcome' ? record : null
  }

  #at(sequence: number): Row | null {
    return this.#store.get('SELECT * FROM audit WHERE sequence = ?', sequence)
  }
}
