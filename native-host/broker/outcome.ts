import { randomUUID } from 'node:crypto'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { Permit } from '../audit/permit.ts'
import { recordOutcome } from '../audit/write-audit.ts'
import { Problem } from '../problem.ts'
import type { BrokerContext } from './context.ts'

type Outcome = Extract<AuditRecord, { kind: 'outcome' }>

/** Follows one permitted call from its permit to its end and writes the end down, exactly once. */
export class OutcomeRecorder {
  readonly #permit: Permit
  readonly #context: BrokerContext
  readonly #started: number
  #written = false
  status: number | null = null
  requestBytes = 0
  responseBytes = 0
  redactions = 0

  constructor(permit: Permit, context: BrokerContext) {
    this.#permit = permit
    this.#context = context
    this.#started = context.now()
  }

  /** @param problem what it failed with; null for a whole response. */
  write(result: Outcome['result'], problem: unknown): void {
    if (this.#written) return
    this.#written = true
    const now = this.#context.now()
    recordOutcome(
      this.#context.store,
      this.#context.keys,
      {
        kind: 'outcome',
        id: randomUUID(),
        intent: this.#permit.auditId,
        at: now,
        result,
        problem: problem === null ? null : reasonOf(problem),
        status: this.status,
        requestBytes: this.requestBytes,
        responseBytes: this.responseBytes,
        milliseconds: Math.max(0, now - this.#started),
        redactions: this.redactions,
      },
      this.#permit.session,
    )
    this.#context.live.activity()
  }
}

// SECURITY: a reason from our closed set or the error's class; never a message, which may quote a URL or a header.
function reasonOf(problem: unknown): string {
  if (problem instanceof Problem) return problem.reason
  return problem instanceof Error ? problem.name : 'unknown'
}
