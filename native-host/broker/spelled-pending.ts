import type { Sink } from './spelled.ts'

/** The longest are `&#x` and ten digits. */
const MOST = 16

/** Bytes of a spelling not yet known to be one: given on one by one where it is none. */
export class Pending {
  readonly #bytes = new Uint8Array(MOST)
  readonly #starts = new Float64Array(MOST)
  readonly #ends = new Float64Array(MOST)
  /** How many there are. */
  length = 0
  /** Where the first of them begins; -1: there is none. */
  start = -1

  /** No step holds more than {@link MOST}. */
  hold(byte: number, start: number, end: number): void {
    const at = this.length++
    this.#bytes[at] = byte
    this.#starts[at] = start
    this.#ends[at] = end
    if (at === 0) this.start = start
  }

  /** They were a spelling: forget them. */
  drop(): void {
    this.length = 0
    this.start = -1
  }

  /** They were none. */
  release(sink: Sink): void {
    const length = this.length
    this.drop()
    for (let n = 0; n < length; n++) {
      sink.symbol(this.#bytes[n] as number, this.#starts[n] as number, this.#ends[n] as number)
    }
  }
}

/** Of each byte the value of the hex digit, of either case; -1 for anything else. */
export const HEX = new Int8Array(256).fill(-1)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  HEX[digit.charCodeAt(0)] = value
  HEX[digit.toUpperCase().charCodeAt(0)] = value
}

/** The value of a hex digit of either case; -1 for anything else. */
export function hexOf(byte: number): number {
  return HEX[byte] as number
}

/** The value of two or four digits that are there; negative where one is none. */
export function hexAt(bytes: Uint8Array, at: number, digits: number): number {
  const pair = ((HEX[bytes[at] as number] as number) << 4) | (HEX[bytes[at + 1] as number] as number)
  if (digits === 2) return pair
  const third = HEX[bytes[at + 2] as number] as number
  return (pair << 8) | (third << 4) | (HEX[bytes[at + 3] as number] as number)
}

/** Give the UTF-8 (RFC 3629 section 3) of a code point on. */
export function emit(sink: Sink, codePoint: number, start: number, end: number): void {
  if (codePoint < 0x80) return sink.symbol(codePoint, start, end)
  const more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3
  // The first byte says with its high bits how many follow. Beyond U+10FFFF no text has it, so it matches nothing.
  sink.symbol(((0xff00 >> (more + 1)) & 0xff) | ((codePoint >> (6 * more)) & 0x3f), start, end)
  for (let left = more - 1; left >= 0; left--)
    sink.symbol(0x80 | ((codePoint >> (6 * left)) & 0x3f), start, end)
}
