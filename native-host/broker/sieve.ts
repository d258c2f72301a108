import { BACKSLASH, type Factors, FOREIGN, LINE_END, MOST_SKIPPED } from './factors.ts'

/** Fewer symbols than this leave nothing to leap over. */
const LEAST = 5
/** Three symbols may be those of a match by chance, more of them hardly: so many places are looked at before it is followed. */
const PROBES = 2
/** Bytes looked back at for three symbols, where backslashes and line ends are among them. */
const FARTHEST = 24

/**
 * Tells quickly where no match can be: every match holds each of its runs of three symbols, so one look at three bytes
 * rules out all matches across them, and the next look may be almost a match's length further on.
 */
export class Sieve {
  /** A match that begins here has `reach` bytes at least; 0: matches are too short for leaps. */
  readonly reach: number
  /** Each leap goes on, and none looks at what is behind the place it is asked from. */
  readonly #probes: number
  readonly #width: number
  readonly #classes: Uint8Array
  readonly #triples: Uint8Array

  constructor(factors: Factors) {
    const { width, classes } = factors
    this.reach = factors.shortest < LEAST ? 0 : factors.shortest
    this.#probes = Math.min(PROBES, this.reach - LEAST + 1)
    this.#width = width
    this.#classes = classes
    this.#triples = new Uint8Array(((width * width * width) >> 3) + 1)
    for (const three of factors.threes) this.#add(three)
  }

  /**
   * The first of `first`, and every leap after it, where the last three symbols may be part of a match.
   *
   * @returns `to` or more: there is none before it.
   */
  leap(bytes: Uint8Array, first: number, to: number): number {
    const leap = this.reach - 2
    let at = first
    while (at < to) {
      const none = this.#noneNear(bytes, at)
      if (none < 0) return at
      at = none + leap
    }
    return at
  }

  /** The last place of a few up to `at` that no match goes over; -1: there may be one over each of them. */
  #noneNear(bytes: Uint8Array, at: number): number {
    for (let i = at; i > at - this.#probes; i--) if (!this.#mayHold(bytes, i)) return i
    return -1
  }

  /** Where the first match may begin that goes on behind `at`, where none holds the last three symbols. */
  resume(bytes: Uint8Array, at: number): number {
    const classes = this.#classes
    let found = 0
    for (let i = at; i >= 0 && i > at - FARTHEST; i--) {
      const symbol = classes[bytes[i] as number] as number
      // A line end, too: were it in a match, there were three symbols before it.
      if (symbol === FOREIGN || symbol === LINE_END) return i + 1
      if (symbol !== BACKSLASH && ++found === 2) return i
    }
    return Math.max(0, at - FARTHEST + 1)
  }

  /** True where a run of three symbols may end before `at`: backslashes and line ends may be in any. */
  mayEnd(bytes: Uint8Array, at: number): boolean {
    return this.#across(bytes, at - 1)
  }

  #mayHold(bytes: Uint8Array, at: number): boolean {
    const classes = this.#classes
    const c = classes[bytes[at] as number] as number
    if (c === FOREIGN) return false
    const b = classes[bytes[at - 1] as number] as number
    if (b === FOREIGN) return false
    const a = classes[bytes[at - 2] as number] as number
    if (a === FOREIGN) return false
    if (c >= LINE_END || b >= LINE_END || a >= LINE_END) return this.#across(bytes, at)
    return this.#has((a * this.#width + b) * this.#width + c)
  }

  /**
   * The same where other bytes may stand between the symbols. Of what is before a line end at least three symbols would
   * have to be in a match that goes on behind it (`lane.ts`): so those three are looked at, not the one or two behind it.
   */
  #across(bytes: Uint8Array, at: number): boolean {
    const classes = this.#classes
    const farthest = Math.max(at - FARTHEST, -1)
    let index = 0
    let scale = 1
    let found = 0
    let skipped = 0
    let isBefore = false
    for (let i = at; found < 3; i--) {
      if (i <= farthest) return true
      const symbol = classes[bytes[i] as number] as number
      if (symbol === FOREIGN) return false
      if (symbol < LINE_END) {
        index += symbol * scale
        scale *= this.#width
        found++
        skipped = 0
      } else if (++skipped > MOST_SKIPPED) return false
      else if (symbol === LINE_END && found < 2 && !isBefore) {
        isBefore = true
        index = 0
        scale = 1
        found = 0
      }
    }
    return this.#has(index)
  }

  #has(index: number): boolean {
    return (((this.#triples[index >> 3] as number) >> (index & 7)) & 1) === 1
  }

  #add(index: number): void {
    this.#triples[index >> 3] = (this.#triples[index >> 3] as number) | (1 << (index & 7))
  }
}
