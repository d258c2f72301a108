import { FOREIGN } from './factors.ts'
import { isBeginning } from './spelled-frequent.ts'
import { emit, hexAt } from './spelled-pending.ts'
import { mayRefer } from './spelled-reference.ts'
import { MOST_DIGITS } from './spelled-references.ts'

const AMPERSAND = 0x26
const SEMICOLON = 0x3b
const ZERO = 0x30
const BACKSLASH = 0x5c
const PERCENT = 0x25
const U = 0x75
const X = 0x78

/** What is known of the bytes that secrets hold. */
interface Held {
  /** See `Factors`. */
  readonly classes: Uint8Array
  readonly isWide: boolean
}

/**
 * Behind `\uHHHH` or `\xHH` at `at`, where it says what no secret holds and begins no other spelling: what `wholeSpelling` tells
 * of it with four looks more. 0: it may matter, or another look has to tell.
 */
export function foreignEscape(bytes: Uint8Array, at: number, { classes, isWide }: Held): number {
  const digits = bytes[at + 1] === U ? 4 : 2
  const end = at + 2 + digits
  if (end > bytes.length) return 0
  const value = hexAt(bytes, at + 2, digits)
  if (value < 0x80 || digits === 2) return foreignByte(bytes, value, end, classes)
  return isWide || (value >= 0xd800 && value <= 0xdbff && !isAlone(bytes, end)) ? 0 : end
}

/** The same of `%HH`. */
export function foreignPercent(bytes: Uint8Array, at: number, { classes }: Held): number {
  const end = at + 3
  return end > bytes.length ? 0 : foreignByte(bytes, hexAt(bytes, at + 1, 2), end, classes)
}

/** The same of `&#97;` and `&#97`, of which `at` is the place of the ampersand and a number sign is behind it. */
export function foreignReference(bytes: Uint8Array, at: number, held: Held): number {
  const from = at + 2
  const last = Math.min(from + MOST_DIGITS, bytes.length - 1)
  let value = 0
  let i = from
  for (; i < last; i++) {
    const digit = (bytes[i] as number) - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  // Both signs stand for themselves before an escape, which takes more bytes than a digit of theirs might.
  if (i === from && isNumbered(bytes, i)) return foreignEscape(bytes, i, held)
  if (i === from || i >= last || value === AMPERSAND) return 0
  if (value < 0x80 ? held.classes[value] !== FOREIGN : held.isWide) return 0
  const behind = bytes[i] as number
  if (behind === SEMICOLON) return i + 1
  // What may be a digit in another spelling.
  return isBeginning(behind) && behind !== AMPERSAND ? 0 : i
}

/** @param value negative where its digits are none. */
function foreignByte(bytes: Uint8Array, value: number, end: number, classes: Uint8Array): number {
  if (value < 0 || classes[value] !== FOREIGN) return 0
  if (!isBeginning(value)) return end
  return value === AMPERSAND && !mayRefer(bytes, end) ? end : 0
}

/** True for a backslash before what `foreignEscape` takes. */
function isNumbered(bytes: Uint8Array, at: number): boolean {
  const letter = bytes[at + 1]
  return bytes[at] === BACKSLASH && (letter === U || letter === X)
}

/** True where what follows the first half of a pair cannot be the other. */
function isAlone(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at]
  return at + 1 < bytes.length && next !== BACKSLASH && next !== PERCENT
}

/** True for a character of which no secret holds a byte. */
export function isForeign(classes: Uint8Array, codePoint: number): boolean {
  let isForeign = true
  const symbol = (byte: number) => {
    if (classes[byte] !== FOREIGN) isForeign = false
  }
  emit({ symbol }, codePoint, 0, 0)
  return isForeign
}
