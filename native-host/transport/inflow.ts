import { MAX_REQUEST_BODY, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import { Problem } from '../problem.ts'

/**
 * A request body on its way from the page to the upstream. Reading gives credit back, so a slow upstream slows the
 * page and at most WINDOW_BYTES wait here.
 */
export class Inflow implements AsyncIterable<Uint8Array> {
  readonly #credit: (bytes: number) => void
  readonly #slice: (bytes: number) => Promise<void> | null
  #queue: Uint8Array[] = []
  #queued = 0
  #total = 0
  #over = false
  #failure: Problem | null = null
  #wake: (() => void) | null = null

  /**
   * @param credit called with the bytes that were read, so that the page may send as many more.
   * @param slice asked before so many bytes are read, see `broker/call.ts`.
   */
  constructor(credit: (bytes: number) => void, slice: (bytes: number) => Promise<void> | null = () => null) {
    this.#credit = credit
    this.#slice = slice
  }

  /** Bytes received so far. */
  get received(): number {
    return this.#total
  }

  /** Take in a chunk. A sender that overruns its window or the size limit fails the body. */
  push(bytes: Uint8Array): void {
    if (this.#over || this.#failure !== null || bytes.length === 0) return
    this.#queued += bytes.length
    this.#total += bytes.length
    if (this.#queued > WINDOW_BYTES) this.fail(new Problem('malformed', 'window-overrun'))
    if (this.#total > MAX_REQUEST_BODY) this.fail(new Problem('too-large', 'body-too-large'))
    if (this.#failure !== null) return
    this.#queue.push(bytes)
    this.#notify()
  }

  /** The page has sent all of it. */
  end(): void {
    this.#over = true
    this.#notify()
  }

  /** Whoever reads gets this problem, once what is queued is dropped. */
  fail(problem: Problem): void {
    this.#failure ??= problem
    this.#queue = []
    this.#notify()
  }

  /** Let the page send the whole of the rest and drop it: the answer was given without reading the body. */
  discard(): void {
    this.#over = true
    this.#queue = []
    this.#notify()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure
      const next = this.#queue[0]
      if (next !== undefined) {
        await this.#slice(next.length)
        // It may have failed meanwhile, or nobody wants it any more.
        if (this.#queue[0] !== next) continue
        this.#queue.shift()
        this.#queued -= next.length
        this.#credit(next.length)
        yield next
      } else if (this.#over) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = null
  }
}
