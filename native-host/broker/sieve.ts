import { BACKSLASH, type Factors, FOREIGN, LINE_END } from './factors.ts'

/** Fewer symbols than this leave nothing to leap over. */
const LEAST = 5
/** Bytes looked back at for three symbols. */
const FARTHEST = 8

/**
 * Tells quickly where no match can be: every match holds each of its runs of three symbols, so one look at three bytes
 * rules out all matches across them, and the next look may be almost a match's length further on.
 */
export class Sieve {
  /** A match that begins here has `reach` bytes at least; 0: matches are too short for leaps. */
  readonly reach: number
  readonly #width: number
  readonly #classes: Uint8Array
  readonly #triples: Uint8Array

  constructor(factors: Factors) {
    const { width, next, classes } = factors
    this.reach = factors.shortest < LEAST ? 0 : factors.shortest
    this.#width = width
    this.#classes = classes
    this.#triples = new Uint8Array(((width * width * width) >> 3) + 1)
    for (let a = 1; a < width; a++) {
      const second = next[a] as number
      if (second === 0) continue
      for (let b = 1; b < width; b++) {
        const third = next[second * width + b] as number
        if (third === 0) continue
        for (let c = 1; c < width; c++)
          if (next[third * width + c] !== 0) this.#add((a * width + b) * width + c)
      }
    }
  }

  /** True where the three bytes that end at `at` may be part of a match. Line ends may be in any. */
  mayHold(bytes: Uint8Array, at: number): boolean {
    const classes = this.#classes
    const c = classes[bytes[at] as number] as number
    if (c === FOREIGN) return false
    const b = classes[bytes[at - 1] as number] as number
    if (b === FOREIGN) return false
    const a = classes[bytes[at - 2] as number] as number
    if (a === FOREIGN) return false
    if (c >= LINE_END || b >= LINE_END || a >= LINE_END) return true
    const index = (a * this.#width + b) * this.#width + c
    return (((this.#triples[index >> 3] as number) >> (index & 7)) & 1) === 1
  }

  /** True where a run of three symbols may end before `at`, backslashes left out. Line ends may be in any. */
  mayEnd(bytes: Uint8Array, at: number): boolean {
    let index = 0
    let scale = 1
    let i = at - 1
    for (let found = 0; found < 3; i--) {
      if (i < 0 || i < at - FARTHEST) return true
      const symbol = this.#classes[bytes[i] as number] as number
      if (symbol === BACKSLASH) continue
      if (symbol === FOREIGN) return false
      if (symbol === LINE_END) return true
      index += symbol * scale
      scale *= this.#width
      found++
    }
    return (((this.#triples[index >> 3] as number) >> (index & 7)) & 1) === 1
  }

  #add(index: number): void {
    this.#triples[index >> 3] = (this.#triples[index >> 3] as number) | (1 << (index & 7))
  }
}
