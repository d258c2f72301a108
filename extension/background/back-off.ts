/** Waits that double from the first to the longest, until `succeeded`. */
export class BackOff {
  readonly #first: number
  readonly #longest: number
  #next: number

  /** @param first @param longest milliseconds. */
  constructor(first: number, longest: number) {
    this.#first = first
    this.#longest = longest
    this.#next = first
  }

  /** How long to wait now, in milliseconds; the next wait is twice as long. */
  failed(): number {
    const wait = this.#next
    this.#next = Math.min(wait * 2, this.#longest)
    return wait
  }

  succeeded(): void {
    this.#next = this.#first
  }
}
