import type { Sink } from './spelled.ts'
import { hexOf, Pending } from './spelled-pending.ts'
import { DEEPEST } from './spelled-percent.ts'

const PERCENT = 0x25
const EQUALS = 0x3d
const CR = 0x0d
const LF = 0x0a

const IDLE = 0
const HEX = 1
const SOFT_BREAK = 2

/** `%HH`, `%25HH` and so on; and `=` at the end of a line. */
export class Percents implements Sink {
  readonly #sink: Sink
  readonly #pending = new Pending()
  #state = IDLE
  #high = -1
  #depth = 0

  constructor(sink: Sink) {
    this.#sink = sink
  }

  get pending(): number {
    return this.#pending.start
  }

  symbol(byte: number, start: number, end: number): void {
    if (this.#state === IDLE) this.#begin(byte, start, end)
    else if (this.#state === SOFT_BREAK) this.#soft(byte, start, end)
    else this.#hex(byte, start, end)
  }

  end(): void {
    this.#state = IDLE
    this.#pending.release(this.#sink)
  }

  /** Nothing is pending: what was is read anew. */
  forget(): void {
    this.#state = IDLE
    this.#pending.drop()
  }

  #begin(byte: number, start: number, end: number): void {
    if (byte !== PERCENT && byte !== EQUALS) return this.#sink.symbol(byte, start, end)
    this.#pending.hold(byte, start, end)
    this.#state = byte === PERCENT ? HEX : SOFT_BREAK
    this.#high = -1
    this.#depth = 0
  }

  #hex(byte: number, start: number, end: number): void {
    const digit = hexOf(byte)
    if (digit < 0) return this.#fail(byte, start, end)
    if (this.#high < 0) {
      this.#high = digit
      return this.#pending.hold(byte, start, end)
    }
    const value = this.#high * 16 + digit
    const from = this.#pending.start
    this.#pending.drop()
    this.#high = -1
    if (value === PERCENT && ++this.#depth < DEEPEST) return this.#pending.hold(PERCENT, from, end)
    this.#state = IDLE
    this.#sink.symbol(value, from, end)
  }

  #soft(byte: number, start: number, end: number): void {
    if (byte === CR && this.#pending.length === 1) return this.#pending.hold(byte, start, end)
    if (byte !== LF) return this.#fail(byte, start, end)
    const from = this.#pending.start
    this.#pending.drop()
    this.#state = IDLE
    this.#sink.symbol(LF, from, end)
  }

  #fail(byte: number, start: number, end: number): void {
    this.end()
    this.symbol(byte, start, end)
  }
}
