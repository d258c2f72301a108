import { Problem } from '../problem.ts'
import type { Store } from '../store/store.ts'
import { isBusy } from '../store/store-refusal.ts'

/** How long to wait before ends are written down again while others hold the database, ms. */
const AGAIN_MS = 1000

/** One call between its permit and its end. */
export interface InFlight {
  /** Null for the local owner's own call: only a lock cuts it. */
  readonly session: string | null
  readonly abort: AbortController
  /** Writes down how it ended, where this process ends first. */
  readonly finish: (problem: unknown) => void
  /** True where nobody waits for that, and it is done later, together with others. */
  isPutOff: boolean
}

/** Why a call was cut from outside: carried as the abort's reason. */
export class SessionEnded extends Error {
  override name = 'SessionEnded'
}

/** The owner has paused everything: the abort's reason of a page's call. */
export class VaultPaused extends Problem {
  override name = 'VaultPaused'

  constructor() {
    super('paused', 'vault-paused')
  }
}

/** The calls of this process between their permit and their end, and the ways to end them. Whom to end is not decided here. */
export class CallsInFlight {
  readonly #store: Store
  readonly #onEnded: (session: string) => void
  readonly #calls = new Set<InFlight>()
  /** Those that are over, and that this could not be written down of while others held the database. */
  readonly #later = new Set<InFlight>()
  #again: NodeJS.Timeout | null = null
  #isClosed = false

  /** @param onEnded calls of this session were cut. */
  constructor(store: Store, onEnded: (session: string) => void) {
    this.#store = store
    this.#onEnded = onEnded
  }

  add(call: InFlight): InFlight {
    this.#calls.add(call)
    return call
  }

  remove(call: InFlight): void {
    this.#calls.delete(call)
  }

  /** How many there are, of one session or in all. */
  count(session?: string): number {
    if (session === undefined) return this.#calls.size
    let count = 0
    for (const call of this.#calls) if (call.session === session) count += 1
    return count
  }

  /** The sessions that have any. */
  sessions(): Set<string> {
    const ids = new Set<string>()
    for (const { session } of this.#calls) if (session !== null) ids.add(session)
    return ids
  }

  /** How this one ended is not to be written down by itself, but with others, by `settle`. */
  putOff(abort: AbortController): void {
    for (const call of this.#calls) if (call.abort === abort) call.isPutOff = true
  }

  /** Write down how calls ended that were put off, and have been aborted since: one write to the disk for all of them. */
  settle(aborts: ReadonlySet<AbortController>): void {
    this.#finish([...this.#calls].filter(({ abort }) => aborts.has(abort)))
  }

  /** How these calls ended could not be written down: it is later, with one write to the disk for all of them. */
  settleLater(aborts: ReadonlySet<AbortController>): void {
    this.#finishLater([...this.#calls].filter(({ abort }) => aborts.has(abort)))
  }

  /** Abort the calls of sessions that are over, and write nothing. */
  abort(sessions: ReadonlySet<string>): void {
    for (const { abort } of this.#of(sessions)) abort.abort(new SessionEnded())
  }

  /** Abort the calls of pages, and write nothing. */
  abortPages(reason: Error): void {
    for (const { abort } of this.#ofPages()) abort.abort(reason)
  }

  /** Cut the calls of pages: abort all of them, then write down that they were. */
  cutPages(reason: Error): void {
    this.#cut(this.#ofPages(), reason)
  }

  /** Abort every call, the owner's own too, and write nothing. */
  abortAll(reason: unknown): void {
    for (const { abort } of this.#calls) abort.abort(reason)
  }

  /** Cut the calls of sessions that are over: abort all of them, then write down that they were. */
  cut(sessions: ReadonlySet<string>): void {
    this.#cut(this.#of(sessions))
  }

  /** Cut every call, the owner's own too. None is written down after this returns. */
  close(): void {
    this.#isClosed = true
    if (this.#again !== null) clearTimeout(this.#again)
    this.#cut([...this.#calls])
  }

  #ofPages(): InFlight[] {
    return [...this.#calls].filter(({ session }) => session !== null)
  }

  #of(sessions: ReadonlySet<string>): InFlight[] {
    return [...this.#calls].filter(({ session }) => session !== null && sessions.has(session))
  }

  /** All are cut before any of it is written down, and that at once: a write waits for the disk and for other processes. */
  #cut(calls: readonly InFlight[], given?: Error): void {
    if (calls.length === 0) return
    const reason = given ?? new SessionEnded()
    for (const { abort } of calls) abort.abort(reason)
    for (const session of new Set(calls.map((call) => call.session))) {
      if (session !== null) this.#onEnded(session)
    }
    this.#finish(calls)
  }

  #finish(calls: readonly InFlight[]): void {
    if (calls.length === 0) return
    for (const call of calls) call.isPutOff = false
    const finishAll = () => {
      for (const { abort, finish } of calls) finish(abort.signal.reason)
    }
    try {
      this.#store.transaction(finishAll)
    } catch (failure) {
      // Each by itself would wait as long as all of them have, and nothing else of this process runs meanwhile.
      if (isBusy(failure)) this.#finishLater(calls)
      else this.#finishEach(calls)
    }
  }

  #finishLater(calls: readonly InFlight[]): void {
    for (const call of calls) {
      call.isPutOff = true
      this.#later.add(call)
    }
    // Of a process that ends its intent stands in the log; that it has no outcome says what happened.
    if (this.#isClosed || this.#later.size === 0) return
    this.#again ??= setTimeout(() => {
      this.#again = null
      const waiting = [...this.#later].filter((call) => this.#calls.has(call))
      this.#later.clear()
      this.#finish(waiting)
    }, AGAIN_MS).unref()
  }

  /** Each by itself sees to it that it is written down as soon as it can be. */
  #finishEach(calls: readonly InFlight[]): void {
    for (const { abort, finish } of calls) {
      try {
        finish(abort.signal.reason)
      } catch {
        // Until then its intent stands in the log; that it has no outcome says what happened.
      }
    }
  }
}
