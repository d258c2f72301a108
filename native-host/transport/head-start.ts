import { elapsed } from '../elapsed.ts'

/**
 * For so long at most a call that begins keeps other sites from turns, ms: it passes the event loop several times before its
 * answer is out, and of each it would wait for their part. A service near by has answered by then.
 */
const HEAD_START_MS = 10

/** A call with a head start. */
interface Ahead {
  readonly site: string
  readonly since: number
  readonly until: number
}

/**
 * Lets one call go before the turns of other sites, half of the time at most. A span of time, because what it waits for is
 * somebody else's answer.
 */
export class HeadStart {
  readonly #onOver: () => void
  readonly #now: () => number
  #ahead: Ahead | null = null
  /** Until then nobody is given one: others have had as long as the last one took. */
  #restUntil = 0
  #alarm: NodeJS.Timeout | null = null

  /**
   * @param onOver called when one is over; where it ran out by itself, only after {@link callBack}. @param now milliseconds
   *   of a clock that is never set.
   */
  constructor(onOver: () => void, now: () => number = elapsed) {
    this.#onOver = onOver
    this.#now = now
  }

  /** Whose call is ahead; null: nobody's. */
  get site(): string | null {
    const ahead = this.#ahead
    if (ahead !== null && this.#now() >= ahead.until) this.#end(ahead)
    return this.#ahead?.site ?? null
  }

  /** True where a call of another site is ahead. */
  isBefore(site: string): boolean {
    const ahead = this.site
    return ahead !== null && ahead !== site
  }

  /** Give one to a call of this site, where none is out and it is nobody's rest. @returns to be called when the call is over. */
  give(site: string): () => void {
    const since = this.#now()
    if (this.site !== null || since < this.#restUntil) return () => {}
    const ahead = { site, since, until: since + HEAD_START_MS }
    this.#ahead = ahead
    return () => {
      if (this.#ahead === ahead) this.#end(ahead)
    }
  }

  /** Somebody waits behind it: say so when it has run out. */
  callBack(): void {
    if (this.#ahead === null || this.#alarm !== null) return
    this.#alarm = setTimeout(
      () => {
        this.#alarm = null
        this.#onOver()
      },
      Math.max(1, this.#ahead.until - this.#now()),
    )
  }

  #end({ since, until }: Ahead): void {
    const now = this.#now()
    this.#ahead = null
    this.#restUntil = now + Math.min(now, until) - since
    this.#onOver()
  }
}
