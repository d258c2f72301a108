import { BACKSLASH, BEFORE_LINE_END, type Factors, FOREIGN, LINE_END, MOST_SKIPPED, ROOT } from './factors.ts'
import type { Sieve } from './sieve.ts'
import type { Spans } from './spans.ts'
import type { Tape } from './tape.ts'

const LF = 0x0a
const BACKSLASH_SIGN = 0x5c
/** Runs up to this long are chance more often than not: worth a look whether one may be leapt over. */
const CHANCE = 2

/** Follows one reading of the stream and notes the matches in it. */
export class Lane {
  readonly #factors: Factors
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
    this.#sieve = sieve
    this.#spans = spans
    this.#starts = new Float64Array(2 ** Math.ceil(Math.log2(factors.deepest + 2)))
    this.#mask = this.#starts.length - 1
  }

  /** Where the oldest match begins that may still come about, or what it would grow by; -1: there is none. */
  get alive(): number {
    const held = this.#factors.unfinished(this.#state, this.#length)
    if (held > 0) return this.#startOf(held)
    return this.#skipped > 0 ? this.#skippedAt : -1
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

  /** True where both are at the same: whatever comes, they note the same matches. */
  equals(other: Lane): boolean {
    if (this.#length !== other.#length || this.#state !== other.#state) return false
    if (this.#length === 0) return true
    if (this.#skipped !== other.#skipped || this.#startOf(this.#length) !== other.#startOf(this.#length))
      return false
    return this.#skipped === 0 || this.#lineEnded === other.#lineEnded
  }

  /**
   * Read symbols, and note the matches in them.
   *
   * @param at where the chunk that they are of begins in the stream.
   * @param tape of `symbols`, where they are spelled; null: each is one byte of the chunk, the first its first.
   */
  run(symbols: Uint8Array, from: number, to: number, at: number, tape: Tape | null): void {
    const { classes } = this.#factors
    const sieve = this.#sieve
    const { reach } = sieve
    // What is behind a spelled line end depends on what was before it.
    let look = reach > 0 && tape?.hasLineEnds !== true ? from : to
    for (let i = from; i < to; ) {
      if (i >= look && this.#length <= CHANCE) {
        // The last symbol of the shortest match that is begun or begins here.
        const first = i - this.#length + reach - 1
        look = sieve.leap(symbols, first, to)
        if (look > first) {
          i = sieve.resume(symbols, look - reach + 2)
          this.#reset()
          if (i >= to) return
        }
      }
      const symbol = classes[symbols[i] as number] as number
      if (symbol > FOREIGN && symbol < LINE_END) i = this.#goOn(symbols, i, to, at, tape, look)
      else {
        if (symbol === FOREIGN) this.#reset()
        else if (tape !== null) this.#skipOn(tape, i, at)
        else if (this.#length > 0) this.#skip(symbols[i] as number, at + i)
        i++
      }
    }
  }

  /** The hot loop: on from a symbol, until a byte that is none or a good place to leap from. */
  #goOn(symbols: Uint8Array, from: number, to: number, at: number, tape: Tape | null, look: number): number {
    const { classes, next, link, longest, width, noted } = this.#factors
    let state = this.#state
    let length = this.#length
    let i = from
    for (; i < to; i++) {
      const symbol = classes[symbols[i] as number] as number
      if (symbol === FOREIGN || symbol >= LINE_END) break
      let target = next[state * width + symbol] as number
      while (target === ROOT) {
        state = link[state] as number
        length = longest[state] as number
        target = next[state * width + symbol] as number
      }
      state = target
      length++
      if (length >= (noted[state] as number)) {
        this.#remember(from, i + 1, length, at, tape)
        this.#state = state
        this.#length = length
        return this.#grow(symbols, i + 1, to, at, tape)
      }
      if (length <= CHANCE && i >= look) {
        i++
        break
      }
    }
    this.#remember(from, i, length, at, tape)
    this.#state = state
    this.#length = length
    return i
  }

  /** From the symbol that makes a match on, as long as the match grows: one place, told once. */
  #grow(symbols: Uint8Array, from: number, to: number, at: number, tape: Tape | null): number {
    const { classes, next, width, enough } = this.#factors
    const start = this.#startOf(this.#factors.matched(this.#state, this.#length))
    let state = this.#state
    let length = this.#length
    let i = from
    // Only a match of all that is alive: a shorter one, the end of something longer, is told symbol by symbol.
    for (; i < to && length >= (enough[state] as number); i++) {
      const symbol = classes[symbols[i] as number] as number
      const target = symbol >= LINE_END ? ROOT : (next[state * width + symbol] as number)
      if (target === ROOT || length + 1 < (enough[target] as number)) break
      state = target
      length++
    }
    this.#spans.cover(start, tape === null ? at + i : at + (tape.ends[i - 1] as number))
    this.#remember(from, i, length, at, tape)
    this.#state = state
    this.#length = length
    return i
  }

  /** Note where the last symbols began, those of the run among them. */
  #remember(from: number, to: number, length: number, at: number, tape: Tape | null): void {
    const starts = this.#starts
    const mask = this.#mask
    const count = this.#count + to - from
    const most = Math.min(length, to - from)
    if (tape === null) for (let back = most; back > 0; back--) starts[(count - back) & mask] = at + to - back
    else
      for (let back = most; back > 0; back--)
        starts[(count - back) & mask] = at + (tape.starts[to - back] as number)
    this.#count = count
    this.#skipped = 0
  }

  /** The same of a symbol on a tape. A spelling of a line end that ends every run is read as it is written. */
  #skipOn(tape: Tape, i: number, at: number): void {
    const { chunk, before } = tape
    const byte = tape.symbols[i] as number
    const start = tape.starts[i] as number
    const end = tape.ends[i] as number
    if (this.#length >= BEFORE_LINE_END || end - start === 1 || byte === BACKSLASH_SIGN) {
      if (this.#length > 0) this.#skip(byte, at + start)
      return
    }
    if (start < 0) {
      const held = before.length
      this.run(before, Math.max(held + start, 0), Math.min(held + end, held), at - held, null)
    }
    this.run(chunk, Math.max(start, 0), end, at, null)
  }

  /** Over a byte that may stand inside a match. */
  #skip(byte: number, start: number): void {
    if (this.#skipped === 0) {
      this.#skippedAt = start
      this.#lineEnded = false
    }
    if (++this.#skipped > MOST_SKIPPED) return this.#reset()
    if (this.#factors.classes[byte] === BACKSLASH) return
    if (this.#length < BEFORE_LINE_END || this.#lineEnded) return this.#reset()
    this.#lineEnded = byte === LF
  }

  #reset(): void {
    this.#state = ROOT
    this.#length = 0
    this.#skipped = 0
  }

  #startOf(back: number): number {
    return this.#starts[(this.#count - back) & this.#mask] as number
  }
}
