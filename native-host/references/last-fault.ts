import { createHash } from 'node:crypto'
import { type FaultReason, ReferenceFault } from './fault.ts'

/** How long nobody asks again after a fetch failed, ms: pages try again at once, and each time a program would run and ask. */
const AGAIN_MS = 3_000

/** Faults that are found at a glance: nothing is spared by remembering them, and what its owner mends works at once. */
const AT_A_GLANCE: ReadonlySet<FaultReason> = new Set([
  'reference-unattended',
  'reference-unregistered',
  'reference-no-helper',
  'reference-program-missing',
  'reference-program-unsafe',
  'reference-file-missing',
  'reference-file-unsafe',
])

/** Why the last fetch of a reference failed, for the calls that come right behind it. */
export class LastFault {
  readonly #now: () => number
  #last: { readonly fault: ReferenceFault; readonly at: number; readonly helper: string } | null = null

  /** @param now milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** True where a fetch of late failed, so that there is something to remember. */
  get isRecent(): boolean {
    // A clock that was set back makes it old, not young.
    const age = this.#last === null ? -1 : this.#now() - this.#last.at
    if (age < 0 || age >= AGAIN_MS) this.#last = null
    return this.#last !== null
  }

  /** @throws ReferenceFault: that of a fetch that failed of late with the same helper secret. */
  throwAgain(input: Uint8Array | null): void {
    if (this.isRecent && this.#last?.helper === digestOf(input)) throw this.#last.fault
  }

  /** A fetch failed. What is no fault of the reference, such as a call that was given up, is not remembered. */
  keep(error: unknown, input: Uint8Array | null): void {
    if (!(error instanceof ReferenceFault) || AT_A_GLANCE.has(error.reason)) return
    this.#last = { fault: error, at: this.#now(), helper: digestOf(input) }
  }

  /** Whatever was, the next call may fetch. */
  forget(): void {
    this.#last = null
  }
}

// SECURITY: the helper secret itself is not kept here.
function digestOf(input: Uint8Array | null): string {
  return input === null ? '' : createHash('sha256').update(input).digest('base64')
}
