import { BACKSLASH, type Factors, FOREIGN, LINE_END, ROOT } from './factors.ts'
import type { Sieve } from './sieve.ts'
import type { Spans } from './spans.ts'
import type { Sink } from './spelled.ts'

/** Encoded text is broken at 64 or 76 characters; a shorter beginning before a line end is chance. */
const BEFORE_LINE_END = 4
/** Bytes in a state that may stand inside a match without being part of it: bounds what is held back. */
const MOST_SKIPPED = 8
const LF = 0x0a
/** Runs up to this long are chance more often than not: worth a look whether one may be leapt over. */
const CHANCE = 2

/** Follows one reading of the stream and notes the matches in it. */
export class Lane implements Sink {
  readonly #factors: Factors
  readonly #classes: Uint8Array
  readonly #next: Int32Array
  readonly #noted: Int32Array
  readonly #width: number
  readonly #sieve: Sieve
  readonly #spans: Spans
  /** Where the last symbols begin, as a ring. */
  readonly #starts: Float64Array
  readonly #mask: number
  #count = 0
  #state = ROOT
  /** Of the longest run that ends here. */
  #length = 0
  #skipped = 0
  /** Where the first of the skipped bytes is. */
  #skippedAt = 0
  #lineEnded = false

  constructor(factors: Factors, sieve: Sieve, spans: Spans) {
    this.#factors = factors
    this.#classes = factors.classes
    this.#next = factors.next
    this.#noted = factors.noted
    this.#width = factors.width
    this.#sieve = sieve
    this.#spans = spans
    this.#starts = new Float64Array(2 ** Math.ceil(Math.log2(factors.deepest + 2)))
    this.#mask = this.#starts.length - 1
  }

  /** Length of the longest run of a secret that ends here. */
  get length(): number {
    return this.#length
  }

  /** Where the oldest match begins that may still come about, or what it would grow by; -1: there is none. */
  get alive(): number {
    const { enough, hopeful, rest } = this.#factors
    const state = this.#state
    const skipped = this.#skipped > 0 ? this.#skippedAt : -1
    if (this.#length >= (enough[state] as number)) return skipped
    const held = this.#length >= (hopeful[state] as number) ? this.#length : (rest[state] as number)
    return held === 0 ? skipped : this.#startOf(held)
  }

  /** Take up where another lane is. */
  follow(other: Lane): void {
    this.#state = other.#state
    this.#length = other.#length
    this.#skipped = other.#skipped
    this.#skippedAt = other.#skippedAt
    this.#lineEnded = other.#lineEnded
    this.#count = other.#length
    for (let n = 1; n <= other.#length; n++) this.#starts[this.#count - n] = other.#startOf(n)
  }

  /** True where whatever comes, the other lane notes every match that this one would. */
  isWithin(other: Lane): boolean {
    if (this.#length === 0) return true
    const same = this.#state === other.#state && this.#length === other.#length
    return (
      same && this.#skipped === other.#skipped && this.#startOf(this.#length) === other.#startOf(this.#length)
    )
  }

  symbol(byte: number, start: number, end: number): void {
    const symbol = this.#classes[byte] as number
    if (symbol >= LINE_END) return this.#skip(symbol, byte, start)
    if (symbol === FOREIGN) return this.#reset()
    this.#skipped = 0
    this.#starts[this.#count++ & this.#mask] = start
    const target = this.#next[this.#state * this.#width + symbol] as number
    if (target === ROOT) this.#shorten(symbol)
    else {
      this.#state = target
      this.#length++
    }
    if (this.#length >= (this.#noted[this.#state] as number)) {
      this.#spans.cover(this.#startOf(this.#matched(this.#state, this.#length)), end)
    }
  }

  /**
   * Read bytes as they are. The same as `symbol` for each, but for leaping over what holds no match.
   *
   * @param at where the first byte of `bytes` is in the stream.
   */
  run(bytes: Uint8Array, from: number, to: number, at: number): void {
    const { classes } = this.#factors
    const { reach } = this.#sieve
    let look = from
    for (let i = from; i < to; i++) {
      if (this.#length <= CHANCE && i >= look && reach > 0) {
        const begun = this.#length === 0 ? i : this.#startOf(this.#length) - at
        const first = begun + reach - 1
        if (first >= i + 2) {
          look = this.#leap(bytes, first, to)
          if (look > first) {
            // No match can begin before the last two bytes that were looked at.
            i = look - reach + 1
            this.#reset()
          }
        }
      }
      const symbol = classes[bytes[i] as number] as number
      if (symbol === FOREIGN) this.#reset()
      else if (symbol >= LINE_END) this.#skip(symbol, bytes[i] as number, at + i)
      else i = this.#goOn(bytes, i, to, at, look) - 1
    }
  }

  /** The hot loop: on from a symbol, until a byte that is none or a good place to leap from. */
  #goOn(bytes: Uint8Array, from: number, to: number, at: number, look: number): number {
    const { classes, next, link, longest, width, noted } = this.#factors
    let state = this.#state
    let length = this.#length
    let i = from
    for (; i < to; i++) {
      const symbol = classes[bytes[i] as number] as number
      if (symbol === FOREIGN || symbol >= LINE_END) break
      let target = next[state * width + symbol] as number
      while (target === ROOT) {
        state = link[state] as number
        length = longest[state] as number
        target = next[state * width + symbol] as number
      }
      state = target
      length++
      if (length <= CHANCE && i >= look) {
        i++
        break
      }
      if (length >= (noted[state] as number)) {
        // A match that grows is one place, told once.
        this.#remember(from, i + 1, length, at)
        this.#state = state
        this.#length = length
        return this.#grow(bytes, i + 1, to, at)
      }
    }
    this.#remember(from, i, length, at)
    this.#state = state
    this.#length = length
    return i
  }

  /** From the symbol that makes a match on, as long as the match grows: one place, told once. */
  #grow(bytes: Uint8Array, from: number, to: number, at: number): number {
    const { classes, next, width, enough } = this.#factors
    const start = this.#startOf(this.#matched(this.#state, this.#length))
    let state = this.#state
    let length = this.#length
    let i = from
    // Only a match of all that is alive: a shorter one, the end of something longer, is told symbol by symbol.
    for (; i < to && length >= (enough[state] as number); i++) {
      const symbol = classes[bytes[i] as number] as number
      const target = symbol >= LINE_END ? ROOT : (next[state * width + symbol] as number)
      if (target === ROOT || length + 1 < (enough[target] as number)) break
      state = target
      length++
    }
    this.#spans.cover(start, at + i)
    this.#remember(from, i, length, at)
    this.#state = state
    this.#length = length
    return i
  }

  /** Note where the last symbols began, those of the run among them. */
  #remember(from: number, to: number, length: number, at: number): void {
    const starts = this.#starts
    const mask = starts.length - 1
    const count = this.#count + to - from
    for (let back = Math.min(length, to - from); back > 0; back--)
      starts[(count - back) & mask] = at + to - back
    this.#count = count
    this.#skipped = 0
  }

  #matched(state: number, length: number): number {
    const { enough, tail } = this.#factors
    return length >= (enough[state] as number) ? length : (tail[state] as number)
  }

  /** The first of `first`, and every leap after it, where there may be a match. */
  #leap(bytes: Uint8Array, first: number, to: number): number {
    const sieve = this.#sieve
    const leap = sieve.reach - 2
    let p = first
    while (p < to && !sieve.mayHold(bytes, p)) p += leap
    return p
  }

  /** To the longest shorter run that goes on with the symbol; the root goes on with every one. */
  #shorten(symbol: number): void {
    const { next, link, longest, width } = this.#factors
    let state = this.#state
    let target = ROOT
    do {
      state = link[state] as number
      target = next[state * width + symbol] as number
    } while (target === ROOT)
    this.#state = target
    this.#length = (longest[state] as number) + 1
  }

  #skip(symbol: number, byte: number, start: number): void {
    if (this.#length === 0) return
    if (this.#skipped === 0) this.#skippedAt = start
    if (++this.#skipped > MOST_SKIPPED) return this.#reset()
    if (symbol === BACKSLASH) return
    if (this.#length < BEFORE_LINE_END || (this.#lineEnded && this.#skipped > 1)) return this.#reset()
    this.#lineEnded = byte === LF
  }

  #reset(): void {
    this.#state = ROOT
    this.#length = 0
    this.#skipped = 0
    this.#lineEnded = false
  }

  #startOf(back: number): number {
    return this.#starts[(this.#count - back) & this.#mask] as number
  }
}
