import { FairQueue } from './fair-queue.ts'

/** Bytes of a site's streams that one turn may hand on while calls of several sites run: a millisecond at the worst. */
const SHARED_BYTES = 64 * 1024
/** The same while there are calls of one site only: what comes by is worth more than who may come. */
const ALONE_BYTES = 512 * 1024
/** What a piece costs besides its bytes, as so many of them: a stream of single bytes is work as well. */
const PIECE_BYTES = 4 * 1024

/** Calls of one site that may begin in one turn: their intents are one write to the disk. */
const TOGETHER = 4

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
 * Counted is what was done and not how long it took: a machine that is busy with other things changes nobody's part.
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
    if (!this.#isTaken && this.#waiting.isEmpty) {
      this.#isTaken = true
      this.#arm()
      return Promise.resolve()
    }
    return this.#wait(site, true)
  }

  /**
   * For a stream that has handed on so many bytes and has more to do. Null while its site has not had its part of the
   * turn that runs now, whatever others have had; else as for a call that has to wait.
   */
  slice(site: string, bytes: number): Promise<void> | null {
    const used = (this.#used.get(site) ?? 0) + bytes + PIECE_BYTES
    this.#used.set(site, used)
    this.#arm()
    return used < (this.#present.size > 1 ? SHARED_BYTES : ALONE_BYTES) ? null : this.#wait(site, false)
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
      const next = this.#waiting.next()
      if (next === undefined) return
      this.#isTaken = true
      this.#arm()
      next.go()
      if (next.isCall) this.#beginOthers(next.site)
    })
  }

  #beginOthers(site: string): void {
    for (let begun = 1; begun < TOGETHER; begun++) {
      const other = this.#waiting.nextOf(site, ({ isCall }) => isCall)
      if (other === undefined) return
      other.go()
    }
  }
}
