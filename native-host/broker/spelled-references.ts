import type { Sink } from './spelled.ts'
import { emit, hexOf, Pending } from './spelled-pending.ts'

const AMPERSAND = 0x26
const HASH = 0x23
const SEMICOLON = 0x3b
/** HTML puts no bound on leading zeros; references of up to ten digits are read. */
export const MOST_DIGITS = 10
export const LONGEST_NAME = 8
/** What is beyond the last code point is all one, and no character: the first that is none. */
export const BEYOND = 0x110000

/** Named references of the characters that a secret may hold and ASCII has (WHATWG HTML section 13.5). */
const NAMED = new Map([
  ...pairs(
    'amp & lt < gt > quot " apos \' plus + sol / equals = lowbar _ period . colon : percnt % bsol \\ num # commat @',
  ),
  ...pairs(
    'dollar $ excl ! quest ? ast * lpar ( rpar ) semi ; comma , lsqb [ rsqb ] lcub { rcub } grave ` verbar | Hat ^',
  ),
])

const IDLE = 0
const AFTER_AMPERSAND = 1
const AFTER_HASH = 2
const DECIMAL = 3
const AFTER_X = 4
const HEX = 5
const NAME = 6

/** `&#97;`, `&#x61;`, `&amp;`, the numbers also without the semicolon; `&amp;` may begin another. */
export class References implements Sink {
  readonly #sink: Sink
  readonly #pending = new Pending()
  #state = IDLE
  #value = 0
  #digits = 0
  #end = 0
  #name = 0
  #letters = 0
  #again = false
  /** Bytes that the ampersand took: what took more is no digit of this reference but a character behind it. */
  #width = 0

  constructor(sink: Sink) {
    this.#sink = sink
  }

  get pending(): number {
    return this.#pending.start
  }

  symbol(byte: number, start: number, end: number): void {
    if (this.#state === IDLE) {
      if (byte !== AMPERSAND) return this.#sink.symbol(byte, start, end)
      this.#again = false
      this.#width = end - start
      return this.#go(AFTER_AMPERSAND, byte, start, end)
    }
    if (end - start > this.#width) {
      this.end()
      return this.symbol(byte, start, end)
    }
    if (this.#state === DECIMAL || this.#state === HEX) return this.#number(byte, start, end)
    if (this.#state === NAME) return this.#named(byte, start, end)
    const next = this.#opened(byte)
    if (next === IDLE) return this.#fail(byte, start, end)
    if (next === DECIMAL || next === HEX) {
      this.#state = next
      this.#value = 0
      this.#digits = 0
      return this.#number(byte, start, end)
    }
    if (next === NAME) {
      this.#name = longerName(0, byte)
      this.#letters = 1
    }
    this.#go(next, byte, start, end)
  }

  end(): void {
    if ((this.#state === DECIMAL || this.#state === HEX) && this.#digits > 0) this.#emit(this.#end)
    this.#state = IDLE
    this.#pending.release(this.#sink)
  }

  /** The state that a byte behind `&`, `&#` or `&#x` leads to; {@link IDLE} where it is no reference. */
  #opened(byte: number): number {
    if (this.#state === AFTER_X) return hexOf(byte) < 0 ? IDLE : HEX
    if (this.#state === AFTER_HASH) {
      if ((byte | 0x20) === 0x78) return AFTER_X
      return byte >= 0x30 && byte <= 0x39 ? DECIMAL : IDLE
    }
    if (byte === HASH) return AFTER_HASH
    return isLetter(byte) ? NAME : IDLE
  }

  #number(byte: number, start: number, end: number): void {
    const digit = hexOf(byte)
    const base = this.#state === HEX ? 16 : 10
    if (digit < 0 || digit >= base) {
      if (byte === SEMICOLON) return this.#emit(end)
      this.#emit(this.#end)
      return this.symbol(byte, start, end)
    }
    if (++this.#digits > MOST_DIGITS) return this.#fail(byte, start, end)
    this.#value = this.#value * base + digit
    this.#end = end
    this.#pending.hold(byte, start, end)
  }

  #named(byte: number, start: number, end: number): void {
    if (isLetter(byte) && this.#letters < LONGEST_NAME) {
      this.#name = longerName(this.#name, byte)
      this.#letters++
      return this.#pending.hold(byte, start, end)
    }
    const value = byte === SEMICOLON ? namedBy(this.#name) : undefined
    if (value === undefined) return this.#fail(byte, start, end)
    this.#value = value
    this.#emit(end)
  }

  #emit(end: number): void {
    const start = this.#pending.start
    this.#pending.drop()
    this.#state = IDLE
    if (this.#value !== AMPERSAND || this.#again)
      return emit(this.#sink, Math.min(this.#value, BEYOND), start, end)
    this.#again = true
    this.#go(AFTER_AMPERSAND, AMPERSAND, start, end)
  }

  /** Nothing is pending: what was is read anew. */
  forget(): void {
    this.#state = IDLE
    this.#pending.drop()
  }

  #go(state: number, byte: number, start: number, end: number): void {
    this.#state = state
    this.#pending.hold(byte, start, end)
  }

  #fail(byte: number, start: number, end: number): void {
    this.#state = IDLE
    this.#pending.release(this.#sink)
    this.symbol(byte, start, end)
  }
}

/** A name as a number, one letter longer: names of up to {@link LONGEST_NAME} letters are each their own. */
export function longerName(name: number, letter: number): number {
  return name * 64 + (letter & 0x3f)
}

/** The character with this name, made with {@link longerName}; undefined: no reference that is read. */
export function namedBy(name: number): number | undefined {
  return NAMED.get(name)
}

/** An ASCII letter. */
export function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

function pairs(text: string): [number, number][] {
  const words = text.split(' ')
  return words.flatMap((word, at): [number, number][] => {
    const name = [...Buffer.from(word)].reduce((name, letter) => longerName(name, letter), 0)
    return at % 2 === 0 ? [[name, (words[at + 1] ?? '').charCodeAt(0)]] : []
  })
}
