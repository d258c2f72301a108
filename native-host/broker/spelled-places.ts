import { type Factors, FOREIGN, LINE_END } from './factors.ts'
import type { Sieve } from './sieve.ts'
import { BYTES, LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { foreignEscape, foreignPercent, foreignReference, isForeign } from './spelled-foreign.ts'
import { isBeginning } from './spelled-frequent.ts'
import { HEX } from './spelled-pending.ts'
import { wholeSpelling } from './spelled-whole.ts'

const PERCENT = 0x25
const AMPERSAND = 0x26
const EQUALS = 0x3d
const HASH = 0x23
const LF = 0x0a
const CR = 0x0d
const BACKSLASH = 0x5c
const U = 0x75
const X = 0x78
const BEGINNINGS = [PERCENT, AMPERSAND, EQUALS, BACKSLASH] as const
/**
 * Bytes looked at one by one before the rest of the chunk is searched: spellings come in crowds. A search costs as much as a
 * look at forty bytes, and where the last one went so far, the next hardly begins near.
 */
const NEAR = 16
const HARDLY_NEAR = 3
/** So many backslashes never end a match. */
const MOST_PLAIN = 3

const NO_MATCH = 1
const ENDS_LINE = 2
const ALONE = 3
const NUMBERED = 4

/** Of each letter behind one backslash: whether the escape is of what no secret holds, or of a line end, or of the letter, or of a number; 0: of neither. */
export function harmlessLetters({ classes }: Factors): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, letter) => {
    const whole = wholeSpelling(Uint8Array.of(BACKSLASH, letter), 0)
    if (whole === 0 && (letter === U || letter === X))
      return (classes[letter] as number) < LINE_END ? NUMBERED : 0
    if (whole === (NO_SYMBOL | (1 << LENGTH))) return (classes[letter] as number) < LINE_END ? ALONE : 0
    const value = whole & NO_SYMBOL
    if (whole >>> LENGTH !== 2 || value >= BYTES) return 0
    return classes[value] === FOREIGN ? NO_MATCH : classes[value] === LINE_END ? ENDS_LINE : 0
  })
}

/** Finds in one chunk the places where a spelling may begin that matters. Asked with ascending places. */
export class SpelledPlaces {
  readonly #bytes: Buffer
  readonly #factors: Factors
  readonly #classes: Uint8Array
  readonly #isWide: boolean
  readonly #letters: Uint8Array
  readonly #sieve: Sieve
  /** Of each beginning the next place known. */
  readonly #known = BEGINNINGS.map(() => -1)
  #near = NEAR

  constructor(chunk: Uint8Array, factors: Factors, sieve: Sieve, letters: Uint8Array) {
    this.#letters = letters
    this.#bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#factors = factors
    this.#classes = factors.classes
    this.#isWide = factors.isWide
    this.#sieve = sieve
  }

  /** The first place from `from` on, or the length of the chunk. */
  next(from: number): number {
    const bytes = this.#bytes
    const { length } = bytes
    let near = from + this.#near
    for (let i = from; i < length; ) {
      if (!isBeginning(bytes[i] as number)) {
        if (++i < near) continue
        const found = this.#far(i)
        this.#near = found - i < NEAR ? NEAR : HARDLY_NEAR
        i = found
        near = i + 1
        continue
      }
      const after = this.#quickly(i)
      if (after < 0) return i
      i = after
      near = i + this.#near
    }
    return length
  }

  /** The same as `#harmless`, quickly for what texts in JSON and mails are full of. */
  #quickly(at: number): number {
    const bytes = this.#bytes
    const second = bytes[at + 1]
    if (second === undefined) return -1
    const sign = bytes[at] as number
    if (sign === BACKSLASH) return this.#escape(at, second)
    if (sign === EQUALS && second === LF) return this.#sieve.mayEnd(bytes, at) ? -1 : at + 2
    if (sign === EQUALS && second === CR && bytes[at + 2] === LF)
      return this.#sieve.mayEnd(bytes, at) ? -1 : at + 3
    let end = 0
    if (sign === PERCENT) end = foreignPercent(bytes, at, this.#factors)
    else if (sign === AMPERSAND && second === HASH) end = foreignReference(bytes, at, this.#factors)
    return end > 0 ? end : this.#harmless(at)
  }

  #escape(at: number, letter: number): number {
    const bytes = this.#bytes
    const kind = this.#letters[letter] as number
    if (kind === NO_MATCH) return at + 2
    if (kind === ENDS_LINE) return this.#sieve.mayEnd(bytes, at) ? -1 : this.#lineEnds(at + 2)
    if (kind === ALONE) return this.#isAfterSymbol(at) ? at + 1 : -1
    // The letter behind it begins nothing.
    if (kind === NUMBERED && this.#isBroken(at + 2, letter === U ? 4 : 2))
      return this.#isAfterSymbol(at) ? at + 2 : -1
    const end = kind === NUMBERED ? foreignEscape(bytes, at, this.#factors) : 0
    return end > 0 ? end : this.#harmless(at)
  }

  /** Behind line ends in escapes. They follow one that no match goes over: none goes over them. */
  #lineEnds(at: number): number {
    const bytes = this.#bytes
    let i = at
    while (
      i + 1 < bytes.length &&
      bytes[i] === BACKSLASH &&
      this.#letters[bytes[i + 1] as number] === ENDS_LINE
    )
      i += 2
    return i
  }

  /** True where no backslash or line end is before it. */
  #isAfterSymbol(at: number): boolean {
    return at > 0 && (this.#classes[this.#bytes[at - 1] as number] as number) < LINE_END
  }

  /** True where what begins at `at` are not so many digits. */
  #isBroken(at: number, digits: number): boolean {
    const bytes = this.#bytes
    const end = Math.min(at + digits, bytes.length)
    for (let i = at; i < end; i++) {
      const byte = bytes[i] as number
      if ((HEX[byte] as number) < 0) return byte !== PERCENT
    }
    return false
  }

  #far(from: number): number {
    const known = this.#known
    let first = this.#bytes.length
    for (let n = 0; n < BEGINNINGS.length; n++) {
      if ((known[n] as number) < from) {
        const found = this.#bytes.indexOf(BEGINNINGS[n] as number, from)
        known[n] = found < 0 ? this.#bytes.length : found
      }
      if ((known[n] as number) < first) first = known[n] as number
    }
    return first
  }

  /**
   * Behind a spelling of what no secret holds, or behind what is no spelling: reading it back would only end every match.
   * -1: it may matter, or the chunk ends too early to tell.
   */
  #harmless(at: number): number {
    const sign = this.#bytes[at] as number
    if (sign === this.#bytes[at + 1] && sign !== BACKSLASH) return this.#run(at)
    const whole = wholeSpelling(this.#bytes, at)
    if (whole === 0) return -1
    const value = whole & NO_SYMBOL
    const end = at + (whole >>> LENGTH)
    // It stands for itself.
    if (value === sign && end === at + 1) return end
    if (value === NO_SYMBOL) return this.#isLetter(at, end) ? end : -1
    if (value >= BYTES) return !this.#isWide || isForeign(this.#classes, value - BYTES) ? end : -1
    const symbol = this.#classes[value] as number
    if (symbol === FOREIGN) return end
    return symbol === LINE_END && !this.#sieve.mayEnd(this.#bytes, at) ? end : -1
  }

  /** The last of a run of the same sign from `at` on: those before it stand for themselves. */
  #run(at: number): number {
    const bytes = this.#bytes
    const sign = bytes[at] as number
    let i = at + 1
    while (i < bytes.length && bytes[i] === sign) i++
    return i - 1
  }

  /** True where a few backslashes are before a plain byte: as they are, they are skipped too. */
  #isLetter(at: number, end: number): boolean {
    if (this.#bytes[at] !== BACKSLASH) return false
    const letter = this.#bytes[end]
    const before = this.#bytes[at - 1]
    if (end - at > MOST_PLAIN || letter === undefined || before === undefined) return false
    return (this.#classes[letter] as number) < LINE_END && (this.#classes[before] as number) < LINE_END
  }
}
