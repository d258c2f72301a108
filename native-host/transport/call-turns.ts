import type { Turns } from './turns.ts'

/** One call's part in the turns of its site. A call that is over waits for none, and what waited for it is not begun. */
export class CallTurns {
  readonly #turns: Turns
  readonly #site: string
  readonly #signal: AbortSignal

  /** @param signal aborted when the call is over before its end. */
  constructor(turns: Turns, site: string, signal: AbortSignal) {
    this.#turns = turns
    this.#site = site
    this.#signal = signal
    signal.addEventListener('abort', () => turns.drop(this))
  }

  /** For a beginning or an end that is to be written down, see `Turns.next`. Rejects with why the call is over. */
  async next(): Promise<void> {
    this.#signal.throwIfAborted()
    await this.#turns.next(this.#site, this)
    this.#signal.throwIfAborted()
  }

  /** For so many bytes that are to be worked on, see `Turns.slice`. Rejects, or throws, with why the call is over. */
  slice(bytes: number): Promise<void> | null {
    this.#signal.throwIfAborted()
    const turn = this.#turns.slice(this.#site, bytes, this)
    return turn === null ? null : turn.then(() => this.#signal.throwIfAborted())
  }
}
