import type { Sink } from './spelled.ts'
import { emit, hexOf, Pending } from './spelled-pending.ts'

const BACKSLASH = 0x5c
/** Backslashes before one escape: JSON in JSON in JSON has seven. More only move its beginning. */
export const MOST_BACKSLASHES = 8

/** What a letter behind a backslash stands for; 0: itself. */
const CONTROLS = new Uint8Array(256)
for (const [letter, control] of Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13 }))
  CONTROLS[letter.charCodeAt(0)] = control
const U = 0x75
const X = 0x78
const IDLE = 0
const AFTER_BACKSLASH = 1
const IN_DIGITS = 2

/**
 * `\uHHHH`, `\xHH`, `\n` and the like, behind any number of backslashes: each level of encoding doubles them. A
 * backslash itself is no symbol, neither here nor in what is looked for, so that no number of them matters.
 */
export class Backslashes implements Sink {
  readonly #next: Sink
  readonly #pending = new Pending()
  #state = IDLE
  /** Where the backslashes begin, -1: there are none; and how many they are. */
  #start = -1
  #run = 0
  #value = 0
  #digits = 0
  /** First half of a pair of `\u` escapes (RFC 8259 section 7). */
  #high = 0
  #highStart = -1
  #highEnd = -1

  constructor(next: Sink) {
    this.#next = next
  }

  get pending(): number {
    return this.#highStart >= 0 ? this.#highStart : this.#start
  }

  symbol(byte: number, start: number, end: number): void {
    if (this.#state === IDLE) {
      if (byte === BACKSLASH) return this.#begin(start)
      if (this.#highStart >= 0) this.#alone()
      return this.#next.symbol(byte, start, end)
    }
    if (this.#state === IN_DIGITS) return this.#digit(byte, start, end)
    if (byte !== BACKSLASH) return this.#escape(byte, start, end)
    if (++this.#run <= MOST_BACKSLASHES) return
    // Told once in a while all the same: the reader bounds what may stand inside a match.
    this.#next.symbol(BACKSLASH, this.#start, end)
    this.#begin(start)
  }

  end(): void {
    this.#state = IDLE
    this.#start = -1
    if (this.#highStart >= 0) this.#alone()
    this.#pending.release(this.#next)
  }

  /** Nothing is pending: what was is read anew. */
  forget(): void {
    this.#state = IDLE
    this.#start = -1
    this.#highStart = -1
    this.#pending.drop()
  }

  #begin(start: number): void {
    this.#state = AFTER_BACKSLASH
    this.#start = start
    this.#run = 1
  }

  #escape(byte: number, start: number, end: number): void {
    if (byte === U || byte === X) {
      this.#state = IN_DIGITS
      this.#digits = byte === U ? 4 : 2
      this.#value = 0
      return this.#pending.hold(byte, start, end)
    }
    const character = controlOf(byte)
    const from = character !== byte || byte === 0x22 || byte === 0x27 || byte === 0x2f ? this.#start : start
    this.end()
    this.#next.symbol(character, from, end)
  }

  #digit(byte: number, start: number, end: number): void {
    const digit = hexOf(byte)
    if (digit < 0) {
      this.end()
      return this.symbol(byte, start, end)
    }
    this.#pending.hold(byte, start, end)
    this.#value = this.#value * 16 + digit
    if (this.#pending.length > this.#digits) this.#complete(end)
  }

  #complete(end: number): void {
    const value = this.#value
    const from = this.#start
    this.#pending.drop()
    this.#state = IDLE
    this.#start = -1
    if (this.#digits === 2) {
      if (this.#highStart >= 0) this.#alone()
      return value < 0x80 ? this.#character(value, from, end) : this.#next.symbol(value, from, end)
    }
    this.#unit(value, from, end)
  }

  #unit(value: number, from: number, end: number): void {
    const isLow = value >= 0xdc00 && value <= 0xdfff
    if (isLow && this.#highStart >= 0) {
      const codePoint = 0x10000 + (this.#high - 0xd800) * 0x400 + (value - 0xdc00)
      const start = this.#highStart
      this.#highStart = -1
      return emit(this.#next, codePoint, start, end)
    }
    if (this.#highStart >= 0) this.#alone()
    if (value < 0xd800 || value > 0xdbff) return this.#character(value, from, end)
    this.#high = value
    this.#highStart = from
    this.#highEnd = end
  }

  /** Half a pair without the other: told as what it is, in no secret, or any number of them would keep a match alive. */
  #alone(): void {
    const start = this.#highStart
    this.#highStart = -1
    emit(this.#next, this.#high, start, this.#highEnd)
  }

  #character(value: number, from: number, end: number): void {
    if (value === BACKSLASH) return
    emit(this.#next, value, from, end)
  }
}

/** The character that a letter behind a backslash stands for; of any other byte that byte. */
export function controlOf(letter: number): number {
  const control = CONTROLS[letter] as number
  return control === 0 ? letter : control
}
