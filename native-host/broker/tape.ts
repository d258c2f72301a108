import { type Factors, FOREIGN, LINE_END } from './factors.ts'
import type { Sink } from './spelled.ts'
import { BYTES, LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { isBeginning } from './spelled-frequent.ts'
import { emit } from './spelled-pending.ts'
import { wholeSpelling } from './spelled-whole.ts'

/** Bytes of a stream that are read onto a tape at a time. */
export const BLOCK = 256
/** No block gives more symbols than it has bytes, but for those that were pending before it: a few dozen. */
const ROOM = 2 * BLOCK
const NOTHING = new Uint8Array(0)
const NOWHERE = -1e9

/**
 * A block of a stream with its spellings read back: symbols, each with where its spelling stands. What a spelling says
 * that no secret holds is on it as it is written: the digits of `%21` may be the beginning of a key behind a percent sign.
 */
export class Tape implements Sink {
  readonly symbols = new Uint8Array(ROOM)
  /** Where each begins, counted from where the chunk begins: negative in one before. */
  readonly starts = new Int32Array(ROOM)
  /** Behind the last byte of each. */
  readonly ends = new Int32Array(ROOM)
  length = 0
  /** True where a line end is on it that is spelled. */
  hasLineEnds = false
  /** The chunk, and what came before it as far as it was held back. */
  chunk: Uint8Array = NOTHING
  before: Uint8Array = NOTHING
  readonly #classes: Uint8Array
  readonly #isWide: boolean
  #at = 0
  /** Where the spelling begins that was last put on it as it is written. */
  #asWritten = NOWHERE

  constructor(factors: Factors) {
    this.#classes = factors.classes
    this.#isWide = factors.isWide
  }

  /**
   * Take the next block.
   *
   * @param at where the chunk begins in the stream. @param before what stands right before it.
   */
  clear(chunk: Uint8Array, at: number, before: Uint8Array): void {
    this.chunk = chunk
    this.before = before
    this.length = 0
    this.hasLineEnds = false
    this.#at = at
    this.#asWritten = NOWHERE
  }

  symbol(byte: number, start: number, end: number): void {
    this.#add(byte, start - this.#at, end - this.#at)
  }

  /**
   * Read spellings, each in one look, until `to`.
   *
   * @returns where to go on: before `to` where one look does not do.
   */
  read(from: number, to: number): number {
    const { symbols, starts, ends, chunk } = this
    let n = this.length
    let i = from
    while (i < to) {
      const byte = chunk[i] as number
      if (!isBeginning(byte)) {
        symbols[n] = byte
        starts[n] = i
        ends[n++] = ++i
        continue
      }
      const whole = wholeSpelling(chunk, i)
      if (whole === 0) break
      this.length = n
      this.#spelled(whole & NO_SYMBOL, i, i + (whole >>> LENGTH))
      n = this.length
      i += whole >>> LENGTH
    }
    this.length = n
    return i
  }

  #spelled(value: number, start: number, end: number): void {
    if (value < BYTES) this.#add(value, start, end)
    else if (value === NO_SYMBOL) return
    else if (!this.#isWide) this.#write(start, end)
    else emit(this, value - BYTES, this.#at + start, this.#at + end)
  }

  #add(byte: number, start: number, end: number): void {
    const symbol = this.#classes[byte] as number
    if (end - start > 1) {
      if (symbol === FOREIGN) return this.#write(start, end)
      if (symbol === LINE_END) this.hasLineEnds = true
    }
    const n = this.length++
    this.symbols[n] = byte
    this.starts[n] = start
    this.ends[n] = end
  }

  #write(start: number, end: number): void {
    // A character may be several bytes.
    if (start === this.#asWritten) return
    this.#asWritten = start
    const { symbols, starts, ends, chunk, before } = this
    let n = this.length
    let i = Math.max(start, -before.length)
    for (; i < 0 && i < end; n++) {
      symbols[n] = before[before.length + i] as number
      starts[n] = i
      ends[n] = ++i
    }
    for (; i < end; n++) {
      symbols[n] = chunk[i] as number
      starts[n] = i
      ends[n] = ++i
    }
    this.length = n
  }
}
