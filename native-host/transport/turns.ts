import { FairQueue } from './fair-queue.ts'

/** Bytes of a site's streams that one turn may hand on while calls of several sites run: a millisecond at the worst. */
const SHARED_BYTES = 64 * 1024
/** The same while there are calls of one site only: what comes by is worth more than who may come. */
const ALONE_BYTES = 512 * 1024
/** What a piece costs besides its bytes, as so many of them: a stream of single bytes is work as well. */
const PIECE_BYTES = 4 * 1024

/** Calls of one site that may begin in one turn: their intents are one write to the disk. */
const TOGETHER = 4

/**
 * For so long at most a call that begins keeps other sites from turns, ms: it passes the event loop several times before its
 * answer is out, and of each it would wait for their part. A service near by has answered by then.
 */
const HEAD_START_MS = 10
/** A site with more calls than this is given no head start. */
const FEW = 4

/** A call with a head start. */
interface Ahead {
  readonly site: string
  readonly since: number
  readonly until: number
}

/** Who waits for a turn. */
interface Waiting {
  readonly site: string
  readonly isCall: boolean
  readonly go: () => void
}

/**
 * Turns of the event loop, which sites take one after another. A log entry is a write to the disk that nothing else runs
 * beside, and a chunk is looked through in one go: of two hundred calls that come at once, and of two hundred streams
 * that all have something, each has a turn, so that the call of another site waits for one of them and not for all.
 *
 * Counted is what was done and not how long it took: a machine that is busy with other things changes nobody's part. Only
 * a head start is a span of time, because what it waits for is somebody else's answer.
 */
export class Turns {
  readonly #waiting = new FairQueue<Waiting>()
  /** Calls that run, by site. */
  readonly #present = new Map<string, number>()
  /** Bytes handed on in the turn that runs now, by site. */
  readonly #used = new Map<string, number>()
  /** True where a call has begun in the turn that runs now. */
  #isTaken = false
  #isDue = false
  #ahead: Ahead | null = null
  /** Until then nobody is given a head start: others have had as long as the last one took. */
  #restUntil = 0
  #alarm: NodeJS.Timeout | null = null

  /** A call of a site is there. @returns to be called once when it is over. */
  enter(site: string): () => void {
    this.#present.set(site, (this.#present.get(site) ?? 0) + 1)
    return () => {
      const rest = (this.#present.get(site) ?? 0) - 1
      if (rest > 0) this.#present.set(site, rest)
      else this.#present.delete(site)
    }
  }

  /**
   * For a call that begins or ends. Resolves within the turn that runs now where no other call has begun in it and none
   * waits; else at the beginning of a turn in which at most {@link TOGETHER} calls begin, all of one site.
   */
  next(site: string): Promise<void> {
    if (!this.#isTaken && this.#waiting.isEmpty && !this.#isBehind(site)) {
      this.#isTaken = true
      this.#arm()
      return Promise.resolve()
    }
    return this.#wait(site, true)
  }

  /**
   * For a stream that has handed on so many bytes and has more to do. Null while its site has not had its part of the
   * turn that runs now, whatever others have had, and none of another is ahead; else as for a call that has to wait.
   */
  slice(site: string, bytes: number): Promise<void> | null {
    const used = (this.#used.get(site) ?? 0) + bytes + PIECE_BYTES
    this.#used.set(site, used)
    this.#arm()
    const part = this.#present.size > 1 ? SHARED_BYTES : ALONE_BYTES
    return used < part && !this.#isBehind(site) ? null : this.#wait(site, false)
  }

  /**
   * Let a call that begins go before those of other sites, which have no turns meanwhile: half of the time at most, and
   * not for a site that has many.
   *
   * @returns to be called when the call is over.
   */
  headStart(site: string): () => void {
    const since = performance.now()
    const isMany = (this.#present.get(site) ?? 0) > FEW
    if (isMany || this.#siteAhead() !== null || since < this.#restUntil) return () => {}
    const ahead = { site, since, until: since + HEAD_START_MS }
    this.#ahead = ahead
    return () => {
      if (this.#ahead === ahead) this.#fallBack(ahead)
    }
  }

  #isBehind(site: string): boolean {
    const ahead = this.#siteAhead()
    return ahead !== null && ahead !== site
  }

  #siteAhead(): string | null {
    const ahead = this.#ahead
    if (ahead !== null && performance.now() >= ahead.until) this.#fallBack(ahead)
    return this.#ahead?.site ?? null
  }

  #fallBack({ since, until }: Ahead): void {
    const now = performance.now()
    this.#ahead = null
    this.#restUntil = now + Math.min(now, until) - since
    if (!this.#waiting.isEmpty) this.#arm()
  }

  #wait(site: string, isCall: boolean): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push(site, { site, isCall, go })
      this.#arm()
    })
  }

  /** A turn lasts until the event loop comes by again. */
  #arm(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#isTaken = false
      this.#used.clear()
      const ahead = this.#siteAhead()
      const next = ahead === null ? this.#waiting.next() : this.#waiting.nextOf(ahead, () => true)
      if (next === undefined) return this.#wakeUp()
      this.#isTaken = true
      this.#arm()
      next.go()
      if (next.isCall) this.#beginOthers(next.site)
    })
  }

  /** Whoever waits behind a call with a head start goes on when it is used up. */
  #wakeUp(): void {
    if (this.#ahead === null || this.#waiting.isEmpty || this.#alarm !== null) return
    this.#alarm = setTimeout(
      () => {
        this.#alarm = null
        this.#arm()
      },
      Math.max(1, this.#ahead.until - performance.now()),
    )
  }

  #beginOthers(site: string): void {
    for (let begun = 1; begun < TOGETHER; begun++) {
      const other = this.#waiting.nextOf(site, ({ isCall }) => isCall)
      if (other === undefined) return
      other.go()
    }
  }
}
