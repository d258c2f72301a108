import { randomUUID } from 'node:crypto'
import type { Tokens } from '../../shared/model/audit-record.ts'
import type { Permit } from '../audit/permit.ts'
import { type OutcomeRecord, recordOutcome } from '../audit/write-audit.ts'
import type { Use } from '../budgets/amounts.ts'
import { Problem } from '../problem.ts'
import type { Store } from '../store/store.ts'
import type { Digester } from '../vault/keys.ts'
import type { BrokerContext } from './context.ts'
import type { HeldBody } from './hold-body.ts'
import { NO_JOB, type QueueWord } from './queue-answer.ts'

/** How long to wait before an end is written down again that could not be, ms. */
const RETRY_MS = 1000

/** Follows one permitted call from its permit to its end and writes the end down, exactly once. */
export class OutcomeRecorder {
  readonly #permit: Permit
  readonly #context: Pick<BrokerContext, 'store' | 'keys' | 'now'>
  readonly #asked: number
  readonly #started: number
  #headAt: number | null = null
  #written = false
  #requestDigest: Digester | null = null
  #responseDigest: Digester | null = null
  #status: number | null = null
  /** False until a byte of the request may have left. */
  isSent = false
  /** What the answer said it used, see `usage.ts`; null: unknown. */
  tokens: Tokens | null = null
  /** What the answer said of a job in its service's queue; null: it was not read to its end or is none that can be, so nobody knows. */
  queued: QueueWord | null = null
  requestBytes = 0
  responseBytes = 0
  redactions = 0

  /** @param asked when the call was asked for, milliseconds since the epoch; absent: just now. */
  constructor(permit: Permit, context: Pick<BrokerContext, 'store' | 'keys' | 'now'>, asked?: number) {
    this.#permit = permit
    this.#context = context
    this.#started = context.now()
    this.#asked = asked ?? this.#started
  }

  /** The head of the response is there. */
  answered(status: number): void {
    this.#status = status
    this.#headAt ??= this.#context.now()
    // What is refused or sent elsewhere leaves no job.
    if (status < 200 || status > 299) this.queued = NO_JOB
  }

  /** The same body; one that streams is digested as it goes by. (Of one held whole the intent has the digest.) */
  followed(body: HeldBody): HeldBody {
    return body === null || body instanceof Uint8Array ? body : this.#digested(body)
  }

  /** So much of the response body goes to the page. */
  delivered(bytes: Uint8Array): void {
    this.responseBytes += bytes.length
    this.#responseDigest ??= this.#context.keys.digest()
    this.#responseDigest.update(bytes)
  }

  /**
   * Write the end down, once: later calls do nothing. Durable when it returns. Where it cannot be written, it is tried again
   * until it can, so that what the call held of its budgets is not held for ever.
   *
   * @throws Refusal `disk-full` and the like, at the first attempt.
   * @param problem what it failed with; null for a whole response.
   */
  write(result: OutcomeRecord['result'], problem: unknown): void {
    if (this.#written) return
    this.#written = true
    const now = this.#context.now()
    const { store, keys } = this.#context
    const [record, use] = [this.#record(now, result, problem), this.#use(result)]
    insist(store, () => recordOutcome(store, keys, record, this.#permit.session, use))
  }

  #record(
    now: number,
    result: OutcomeRecord['result'],
    problem: unknown,
  ): Omit<OutcomeRecord, 'tokens' | 'cost'> {
    return {
      kind: 'outcome',
      id: randomUUID(),
      intent: this.#permit.auditId,
      at: now,
      result,
      problem: problem === null ? null : reasonOf(problem),
      status: this.#status,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      milliseconds: between(this.#started, now),
      durations: this.#durations(now),
      requestDigest: this.#requestDigest?.hex() ?? null,
      responseDigest: this.#responseDigest?.hex() ?? null,
      redactions: this.redactions,
    }
  }

  // Services bill nothing for a request they refuse, and say nothing of usage then. All else that did not say what it used,
  // and whatever did not come to its end, is unknown.
  #use(result: OutcomeRecord['result']): Use {
    const { isSent } = this
    const job = this.#job()
    if (result !== 'sent') return { isSent, tokens: null, ...job }
    const isRefused = this.#status !== null && this.#status >= 400 && this.#status < 500
    return { isSent, tokens: this.tokens ?? (isRefused ? { input: 0, output: 0 } : null), ...job }
  }

  #job(): Pick<Use, 'job' | 'over'> {
    const { queued } = this
    if (queued === null) return {}
    const { service } = this.#permit
    return { job: queued.waits, ...(queued.over === null ? {} : { over: { service, job: queued.over } }) }
  }

  #durations(now: number): OutcomeRecord['durations'] {
    const head = this.#headAt ?? now
    return {
      decide: between(this.#asked, this.#started),
      upstream: between(this.#started, head),
      body: between(head, now),
    }
  }

  async *#digested(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const digest = this.#context.keys.digest()
    this.#requestDigest = digest
    for await (const bytes of body) {
      // The call may be over, and its digest with it, while the rest of the body still comes in.
      if (!this.#written) digest.update(bytes)
      yield bytes
    }
  }
}

/** Do it now or, where the disk is full, as soon as that can be done. */
function insist(store: Store, write: () => void): void {
  try {
    write()
  } catch (failure) {
    tryAgain(store, write)
    throw failure
  }
  // Written together with others it is only when they are.
  store.ifUndone(() => tryAgain(store, write))
}

function tryAgain(store: Store, write: () => void): void {
  const again = () => {
    // A process that ends leaves it to others: its calls then count as all they held.
    if (!store.database.isOpen) return
    try {
      write()
    } catch {
      tryAgain(store, write)
    }
  }
  setTimeout(again, RETRY_MS).unref()
}

/** The wall clock may be set back meanwhile. */
function between(from: number, to: number): number {
  return Math.max(0, to - from)
}

// SECURITY: a reason from our closed set or the error's class; never a message, which may quote a URL or a header.
function reasonOf(problem: unknown): string {
  if (problem instanceof Problem) return problem.reason
  return problem instanceof Error ? problem.name : 'unknown'
}
