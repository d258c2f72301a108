/** Cost a document may have spent at once, and the cost it gets back each second. A page that works stays far below. */
const MOST_COST = 4000
const COST_PER_SECOND = 2000

/** What frames cost beyond them: a call takes the host's time, and one that is given up takes it for nothing. */
const COSTS = { ask: 2, cancel: 20 } as const
const LEAST_COST = 1

/**
 * Hands on what a page sends, in order, no faster than others can bear: the browser's ports know no back-pressure, and
 * background/ and the host serve every site. SECURITY: what comes faster waits here, in the page's own process.
 */
export class Pace {
  readonly #give: (frame: unknown) => void
  #waiting: unknown[] = []
  #next = 0
  #left = MOST_COST
  #filledAt = performance.now()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(give: (frame: unknown) => void) {
    this.#give = give
  }

  /** Hand a frame on, now or later. */
  take(frame: unknown): void {
    this.#waiting.push(frame)
    if (this.#timer === undefined) this.#run()
  }

  #run(): void {
    this.#timer = undefined
    this.#fill()
    while (this.#next < this.#waiting.length && this.#left > 0) {
      const frame = this.#waiting[this.#next++]
      this.#left -= costOf(frame)
      this.#give(frame)
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = []
      this.#next = 0
    } else this.#timer = setTimeout(() => this.#run(), 20)
  }

  #fill(): void {
    const now = performance.now()
    this.#left = Math.min(MOST_COST, this.#left + ((now - this.#filledAt) / 1000) * COST_PER_SECOND)
    this.#filledAt = now
  }
}

function costOf(frame: unknown): number {
  const type = (frame as { type?: unknown } | null)?.type
  return type === 'ask' || type === 'cancel' ? COSTS[type] : LEAST_COST
}
