import { ALWAYS_SEEN, type PageSight } from './page-sight.ts'

/** Does one thing again and again, never twice at a time: however often it is wanted during a round, one more round follows it. */
export class Rounds {
  readonly #round: () => Promise<void>
  readonly #sight: PageSight
  readonly #stopWatching: () => void
  /** Wanted since the round under way began. */
  #again = false
  #running: Promise<void> | null = null
  /** Wanted while nobody could see what came of it. */
  #isDue = false

  /** @param round must not reject. @param sight of the page that shows what comes of it; absent: it is taken for seen. */
  constructor(round: () => Promise<void>, sight: PageSight = ALWAYS_SEEN) {
    this.#round = round
    this.#sight = sight
    this.#stopWatching = sight.onSeen(() => {
      if (this.#isDue) void this.now()
    })
  }

  /** Do it, seen or not. Resolves after a round that began after this was called. */
  now(): Promise<void> {
    this.#again = true
    this.#isDue = false
    this.#running ??= this.#rounds()
    return this.#running
  }

  /** Do it, where the page is not seen once it is: for news, of which a hidden page needs only the last. */
  whenSeen(): void {
    if (this.#sight.isSeen) void this.now()
    else this.#isDue = true
  }

  /** Do it no more by itself. */
  stop(): void {
    this.#isDue = false
    this.#stopWatching()
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false
      await this.#round()
    }
    // In the very turn in which the last look at `again` was taken.
    this.#running = null
  }
}
