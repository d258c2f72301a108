import { FairQueue } from './fair-queue.ts'

/** How long streams may work before whatever else has happened meanwhile is looked at, ms: some chunks of 64 KiB. */
const SLICE_MS = 2

/**
 * Turns of the event loop, which sites take one after another. A log entry is a write to the disk that nothing else runs
 * beside, and a chunk is looked through in one go: of two hundred calls that come at once, and of two hundred streams
 * that all have something, each has a turn, so that the call of another site waits for one of them and not for all.
 */
export class Turns {
  readonly #waiting = new FairQueue<() => void>()
  /** When the turn that runs now began; zero between turns. */
  #began = 0
  #isDue = false

  /** For a call that begins. Resolves at the beginning of a turn that no other call begins in. */
  next(site: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(site, resolve)
      this.#arm()
    })
  }

  /** For a stream that has more to do. Null while the turn that runs now has time left; else as for a call. */
  slice(site: string): Promise<void> | null {
    if (this.#began === 0) this.#begin()
    return performance.now() - this.#began < SLICE_MS ? null : this.next(site)
  }

  /** A turn lasts until the event loop comes by again. */
  #begin(): void {
    this.#began = performance.now()
    this.#arm()
  }

  #arm(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#began = 0
      const next = this.#waiting.next()
      if (next === undefined) return
      this.#begin()
      next()
    })
  }
}
