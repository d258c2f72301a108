import type { AuditLine, CallEnd } from '../../shared/protocol/audit-reading.ts'
import type { CallRecord, OutcomeRecord } from './write-audit.ts'

/** What a search has to know of a call, whether its records are open or an index of them is. */
export interface CallFacts
  extends Pick<
    CallRecord,
    | 'kind'
    | 'at'
    | 'count'
    | 'origin'
    | 'topOrigin'
    | 'capability'
    | 'service'
    | 'decision'
    | 'reason'
    | 'rule'
  > {
  /** Undefined: too long for an index, so only the record has it. */
  readonly url: string | null | undefined
  /** How it ended; null: refused, or not in the log. */
  readonly result: OutcomeRecord['result'] | null
  readonly problem: string | null
}

/** What a search has to know of an owner's act. */
export interface ActFacts {
  readonly kind: 'act'
  readonly at: number
  readonly act: string
  /** Undefined: too long for an index. */
  readonly subject: string | undefined
}

/** What a search has to know of a line of the log. */
export type Facts = CallFacts | ActFacts

/** The facts of a line whose records are open. */
export function factsOf(line: AuditLine): Facts {
  if ('act' in line) return line.act
  const { call, outcome } = line
  return { ...call, result: outcome?.result ?? null, problem: outcome?.problem ?? null }
}

/** What a call came to. */
export function endOf({ kind, result }: Pick<CallFacts, 'kind' | 'result'>): CallEnd {
  return kind === 'refusal' ? 'refused' : (result ?? 'under-way')
}
