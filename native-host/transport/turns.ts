import { FairQueue } from './fair-queue.ts'
import { HeadStart } from './head-start.ts'

/** Bytes of a site's streams that one turn may take up while calls of several sites run: a millisecond at the worst. */
const SHARED_BYTES = 64 * 1024
/** The same while there are calls of one site only: what comes by is worth more than who may come. */
const ALONE_BYTES = 256 * 1024
/** What a piece costs besides its bytes, as so many of them: a stream of single bytes is work as well. */
const PIECE_BYTES = 4 * 1024
/** What it costs that a call begins or ends, as so many bytes: it is decided, written down and sent. */
const CALL_BYTES = 32 * 1024

/** Calls of one site that may begin in one turn while calls of several sites run: their intents are one write to the disk. */
const TOGETHER = 4
/** The same while there are calls of one site only. Measured: of a hundred at once in a browser 168 a second instead of 117. */
const TOGETHER_ALONE = 16

/** A site with more calls than this is given no head start. */
const FEW = 4

/** Who waits for a turn. */
interface Waiting {
  readonly site: string
  /** Whose it is: a call's. */
  readonly owner: object | null
  readonly isCall: boolean
  readonly cost: number
  readonly go: () => void
}

/**
 * Turns of the event loop, which sites take one after another. A log entry is a write to the disk that nothing else runs
 * beside, and a chunk is looked through in one go: of two hundred calls that come at once, and of two hundred streams
 * that all have something, each has a turn, so that the call of another site waits for one of them and not for all.
 *
 * Counted is what is to be done and not how long it takes: a machine that is busy with other things changes nobody's part. Only
 * a head start is a span of time.
 */
export class Turns {
  readonly #waiting = new FairQueue<Waiting>()
  /** Calls that run, by site. */
  readonly #present = new Map<string, number>()
  /** Bytes taken up in the turn that runs now, by site. */
  readonly #used = new Map<string, number>()
  /** True where somebody was called up in the turn that runs now, or a call has begun in it. */
  #isTaken = false
  #isDue = false
  readonly #ahead: HeadStart

  /** @param now milliseconds of a clock that is never set. */
  constructor(now?: () => number) {
    const onOver = () => {
      if (!this.#waiting.isEmpty) this.#arm()
    }
    this.#ahead = new HeadStart(onOver, now)
  }

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
   * waits; else at the beginning of a turn in which at most {@link TOGETHER} calls begin, or
   * {@link TOGETHER_ALONE}, all of one site.
   *
   * @param owner see {@link drop}.
   */
  next(site: string, owner: object | null = null): Promise<void> {
    if (!this.#isTaken && this.#waiting.isEmpty && !this.#ahead.isBefore(site)) {
      this.#isTaken = true
      this.#arm()
      return Promise.resolve()
    }
    return this.#wait({ site, owner, isCall: true, cost: CALL_BYTES })
  }

  /**
   * For a stream that has so many bytes to be worked on, before anything is done with them. Null while they fit into its
   * site's part of the turn that runs now, whatever others have had, and neither a stream of the same site waits nor a call
   * of another is ahead; else as for a call that has to wait.
   *
   * @param owner see {@link drop}.
   */
  slice(site: string, bytes: number, owner: object | null = null): Promise<void> | null {
    const cost = bytes + PIECE_BYTES
    if (this.#waiting.has(site) || this.#ahead.isBefore(site) || !this.#takeUp(site, cost))
      return this.#wait({ site, owner, isCall: false, cost })
    this.#arm()
    return null
  }

  /** Whoever waits for this owner waits no longer, and takes nobody's turn: its call is over. */
  drop(owner: object): void {
    this.#waiting.remove(
      (waiting) => waiting.owner === owner,
      ({ go }) => go(),
    )
  }

  /** How many wait for a turn. */
  get waiting(): number {
    return this.#waiting.size
  }

  /**
   * Let a call that begins go before those of other sites, which have no turns meanwhile: half of the time at most, and
   * not for a site that has many.
   *
   * @returns to be called when the call is over.
   */
  headStart(site: string): () => void {
    return (this.#present.get(site) ?? 0) > FEW ? () => {} : this.#ahead.give(site)
  }

  #wait(waiting: Omit<Waiting, 'go'>): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push(waiting.site, { ...waiting, go }, waiting.cost)
      this.#arm()
    })
  }

  /** True where so much still fits into the site's part of this turn: it is taken up. The first always fits. */
  #takeUp(site: string, cost: number): boolean {
    const used = this.#used.get(site) ?? 0
    const part = this.#present.size > 1 ? SHARED_BYTES : ALONE_BYTES
    if (used > 0 && used + cost > part) return false
    this.#used.set(site, used + cost)
    return true
  }

  /** A turn lasts until the event loop comes by again. */
  #arm(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#isTaken = false
      this.#used.clear()
      const ahead = this.#ahead.site
      const next = ahead === null ? this.#waiting.next() : this.#waiting.nextOf(ahead, () => true)
      if (next !== undefined) this.#callUp(next)
      else if (!this.#waiting.isEmpty) this.#ahead.callBack()
    })
  }

  /** The turn is this one's, and of others of its site that are after the same. */
  #callUp(first: Waiting): void {
    this.#isTaken = true
    this.#arm()
    let left = this.#present.size > 1 ? TOGETHER : TOGETHER_ALONE
    const takesUp = ({ isCall, site, cost }: Waiting) => (isCall ? left-- > 0 : this.#takeUp(site, cost))
    takesUp(first)
    const fits = (other: Waiting) => other.isCall === first.isCall && takesUp(other)
    for (let next: Waiting | undefined = first; next !== undefined; ) {
      next.go()
      next = this.#waiting.nextOf(first.site, fits)
    }
  }
}
