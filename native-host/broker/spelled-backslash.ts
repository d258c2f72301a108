import { BYTES, LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { controlOf, MOST_BACKSLASHES } from './spelled-backslashes.ts'
import { HEX, hexAt } from './spelled-pending.ts'
import { percentAt } from './spelled-percent.ts'

const BACKSLASH = 0x5c
const U = 0x75
const X = 0x78
const BROKEN = -1

/**
 * What `Backslashes` reads from the backslash at `at` on, in one look. See `spelled-answer.ts` for the answer.
 *
 * @param width bytes that the backslash takes.
 */
export function backslashAt(bytes: Uint8Array, at: number, width: number): number {
  const coded = escapeAt(bytes, at, width)
  const value = (coded & NO_SYMBOL) - BYTES
  return value < 0xd800 || value > 0xdbff ? coded : pair(bytes, value, at, coded >>> LENGTH)
}

/** The same of one escape alone, be it half a pair. */
function escapeAt(bytes: Uint8Array, at: number, width: number): number {
  let i = at + width
  let read = percentAt(bytes, i)
  for (let run = 1; (read & 0xff) === BACKSLASH; run++) {
    if (run === MOST_BACKSLASHES) return BACKSLASH | ((i - at) << LENGTH)
    i += read >> 8
    read = percentAt(bytes, i)
  }
  if (read === 0) return 0
  const letter = read & 0xff
  const behind = i + (read >> 8)
  if (letter === U) return numbered(digitsAt(bytes, behind, 4), at, i, behind, BYTES)
  if (letter === X) return numbered(digitsAt(bytes, behind, 2), at, i, behind, 0)
  const character = controlOf(letter)
  // Backslashes add nothing to what stands for itself, but where encoders put one before it.
  if (character === letter && letter !== 0x22 && letter !== 0x27 && letter !== 0x2f)
    return NO_SYMBOL | ((i - at) << LENGTH)
  return character | ((behind - at) << LENGTH)
}

/** @param wide what the value of a character beyond ASCII is more. */
function numbered(digits: number, at: number, letter: number, behind: number, wide: number): number {
  if (digits === 0) return 0
  if (digits === BROKEN) return NO_SYMBOL | ((letter - at) << LENGTH)
  const value = digits & 0xffff
  const length = (behind + (digits >> 16) - at) << LENGTH
  if (value < 0x80) return (value === BACKSLASH ? NO_SYMBOL : value) | length
  return (value + wide) | length
}

/** The first half of a pair of `\u` escapes (RFC 8259 section 7) and the other, if that is there. */
function pair(bytes: Uint8Array, high: number, at: number, length: number): number {
  const i = at + length
  const read = percentAt(bytes, i)
  if (read === 0) return 0
  const alone = (high + BYTES) | (length << LENGTH)
  if ((read & 0xff) !== BACKSLASH) return alone
  const second = escapeAt(bytes, i, read >> 8)
  const low = (second & NO_SYMBOL) - BYTES
  if (second === 0 || low + BYTES === BACKSLASH) return 0
  if (low < 0xdc00 || low > 0xdfff) return alone
  const codePoint = 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00)
  return (codePoint + BYTES) | ((length + (second >>> LENGTH)) << LENGTH)
}

/** So many hex digits, themselves maybe encoded: their value and, times 65,536, the bytes they take. 0: cut off. */
function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  const plain = at + count > bytes.length ? BROKEN : hexAt(bytes, at, count)
  if (plain >= 0) return plain | (count << 16)
  let value = 0
  let i = at
  for (let left = count; left > 0; left--) {
    const read = percentAt(bytes, i)
    if (read === 0) return 0
    const digit = HEX[read & 0xff] as number
    if (digit < 0) return BROKEN
    value = (value << 4) | digit
    i += read >> 8
  }
  return value | ((i - at) << 16)
}
