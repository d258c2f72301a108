import { type CallsInFlight, VaultPaused } from './calls-in-flight.ts'
import type { LiveContext } from './live-events.ts'
import type { Pausing } from './pausing.ts'
import { unendedAmong } from './session-rows.ts'
import { sessionsOver } from './sessions-over.ts'
import type { StoppedSessions } from './stopped-sessions.ts'

/** Finds the calls in flight whose session is over, or that a pause ends, and cuts them. */
export class EndedCalls {
  readonly #context: LiveContext
  readonly #calls: CallsInFlight
  readonly #stopped: StoppedSessions
  readonly #pausing: Pausing
  /** Sessions of calls that came after the last look at what has ended. */
  readonly #unseen = new Set<string>()

  constructor(
    context: LiveContext,
    { calls, stopped, pausing }: { calls: CallsInFlight; stopped: StoppedSessions; pausing: Pausing },
  ) {
    this.#context = context
    this.#calls = calls
    this.#stopped = stopped
    this.#pausing = pausing
  }

  /** A call of this session has come. */
  saw(session: string): void {
    this.#unseen.add(session)
  }

  /** No commit has come since the last look, but calls have: one of them may be of a session whose end was seen before it. */
  cutUnseen(): void {
    if (this.#unseen.size === 0) return
    const unended = unendedAmong(this.#context.store, this.#unseen)
    const ended = [...this.#unseen].filter((id) => !unended.has(id))
    this.#unseen.clear()
    this.#calls.cut(new Set(ended))
  }

  /** Look at all of them. */
  cut(): void {
    const { store, keys, now } = this.#context
    this.#unseen.clear()
    if (this.#pausing.look()) this.#calls.cutPages(new VaultPaused())
    const inUse = this.#calls.sessions()
    const sessions = [...inUse]
    if (sessions.length === 0) return
    // One cheap query finds what somebody has ended: nothing is opened, and nothing written, before that is cut.
    const unended = unendedAmong(store, inUse)
    const isEnded = (id: string): boolean => this.#stopped.has(id) || !unended.has(id)
    const ended = sessions.filter(isEnded)
    this.#calls.abort(new Set(ended))
    const over = sessionsOver(
      store,
      keys,
      sessions.filter((id) => !isEnded(id)),
      now,
    )
    this.#calls.cut(new Set([...ended, ...over]))
  }
}
