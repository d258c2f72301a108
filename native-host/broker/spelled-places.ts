import { type Factors, FOREIGN } from './factors.ts'
import type { Sieve } from './sieve.ts'
import { controlOf } from './spelled-backslashes.ts'
import { hexOf } from './spelled-pending.ts'

const PERCENT = 0x25
const AMPERSAND = 0x26
const EQUALS = 0x3d
const BACKSLASH = 0x5c
const BEGINNINGS = [PERCENT, AMPERSAND, EQUALS, BACKSLASH] as const
const IS_BEGINNING = new Uint8Array(256)
for (const byte of BEGINNINGS) IS_BEGINNING[byte] = 1
/** Bytes looked at one by one before the rest of the chunk is searched: spellings come in crowds. */
const NEAR = 16
const LETTER = { n: 0x6e, r: 0x72, u: 0x75, x: 0x78 } as const

/** Finds in one chunk the places where a spelling may begin that matters. Asked with ascending places. */
export class SpelledPlaces {
  readonly #bytes: Buffer
  readonly #classes: Uint8Array
  readonly #sieve: Sieve
  /** Of each beginning the next place known. */
  readonly #known = BEGINNINGS.map(() => -1)

  constructor(chunk: Uint8Array, factors: Factors, sieve: Sieve) {
    this.#bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#classes = factors.classes
    this.#sieve = sieve
  }

  /** The first place from `from` on, or the length of the chunk. */
  next(from: number): number {
    let at = from
    for (;;) {
      at = this.#beginning(at)
      if (at === this.#bytes.length) return at
      const after = this.#harmless(at)
      if (after < 0) return at
      at = after
    }
  }

  #beginning(from: number): number {
    const bytes = this.#bytes
    const near = Math.min(from + NEAR, bytes.length)
    for (let i = from; i < near; i++) if (IS_BEGINNING[bytes[i] as number] === 1) return i
    return near === bytes.length ? near : this.#far(near)
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
    const bytes = this.#bytes
    const after = bytes[at + 1]
    if (after === undefined) return -1
    if (bytes[at] === EQUALS) return after === 0x0d || after === 0x0a ? -1 : at + 1
    if (bytes[at] === PERCENT) return hexOf(after) < 0 ? at + 1 : -1
    if (bytes[at] === AMPERSAND) return after === 0x20 || after === AMPERSAND ? at + 1 : -1
    return this.#escape(at)
  }

  #escape(at: number): number {
    const bytes = this.#bytes
    let i = at + 1
    while (bytes[i] === BACKSLASH && i < at + 4) i++
    const letter = bytes[i]
    if (letter === undefined || IS_BEGINNING[letter] === 1 || letter === LETTER.x) return -1
    if (letter === LETTER.u) return this.#unit(i + 1)
    if (letter === LETTER.n || letter === LETTER.r)
      return at > 2 && !this.#sieve.mayHold(bytes, at - 1) ? i + 1 : -1
    return this.#classes[controlOf(letter)] === FOREIGN ? i + 1 : -1
  }

  /** Four hex digits from `at` on: harmless where they name what is not ASCII and in no secret. */
  #unit(at: number): number {
    const bytes = this.#bytes
    if (at + 4 > bytes.length) return -1
    let unit = 0
    for (let i = at; i < at + 4; i++) {
      const digit = hexOf(bytes[i] as number)
      if (digit < 0) return -1
      unit = unit * 16 + digit
    }
    // First byte of its UTF-8; of half a pair, the only one it can be.
    const first =
      unit < 0x800 ? 0xc0 | (unit >> 6) : unit >= 0xd800 && unit < 0xe000 ? 0xf0 : 0xe0 | (unit >> 12)
    return unit >= 0x80 && first < 0xf0 && this.#classes[first] === FOREIGN ? at + 4 : -1
  }
}
