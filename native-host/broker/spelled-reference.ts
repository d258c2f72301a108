import { BYTES, LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { backslashAt } from './spelled-backslash.ts'
import { frequentPart } from './spelled-frequent.ts'
import { HEX } from './spelled-pending.ts'
import { percentAt } from './spelled-percent.ts'
import { BEYOND, isLetter, LONGEST_NAME, longerName, MOST_DIGITS, namedBy } from './spelled-references.ts'

const AMPERSAND = 0x26
const HASH = 0x23
const SEMICOLON = 0x3b
const BACKSLASH = 0x5c
const X = 0x78
/** Longer than any reference but one full of escapes: that is for the steps to read. */
const LONGEST = 200
/** It is no reference. */
const NONE = -1
/** The chunk ends too early to tell, or the steps have to. */
const UNKNOWN = 0

/**
 * What `References` reads from the ampersand at `at` on, in one look. See `spelled-answer.ts` for the answer.
 *
 * @param width bytes that the ampersand takes: what takes more does not belong to its reference.
 */
export function referenceAt(bytes: Uint8Array, at: number, width: number): number {
  const first = oneAt(bytes, at + width, width)
  if (first === UNKNOWN) return 0
  if (first === NONE) return AMPERSAND | (width << LENGTH)
  if ((first & NO_SYMBOL) !== AMPERSAND) return first + (width << LENGTH)
  const length = width + (first >>> LENGTH)
  const again = oneAt(bytes, at + length, width)
  if (again === UNKNOWN) return 0
  return again === NONE ? AMPERSAND | (length << LENGTH) : again + (length << LENGTH)
}

/** False where a look at one or two characters as encoders write them tells that an ampersand before `at` begins no reference. */
export function mayRefer(bytes: Uint8Array, at: number): boolean {
  const first = frequentPart(bytes, at)
  if (first === 0) return true
  const value = first & NO_SYMBOL
  if (value !== HASH) return isLetter(value)
  const second = frequentPart(bytes, at + (first >>> LENGTH))
  const digit = second & NO_SYMBOL
  return second === 0 || (digit | 0x20) === X || (digit >= 0x30 && digit <= 0x39)
}

/** The reference whose ampersand is before `i`: its answer without the ampersand, {@link NONE} or {@link UNKNOWN}. */
function oneAt(bytes: Uint8Array, i: number, width: number): number {
  const opened = partAt(bytes, i, width)
  if (opened === UNKNOWN) return UNKNOWN
  const value = opened & NO_SYMBOL
  if (value === HASH) return numbered(bytes, i, i + (opened >>> LENGTH), width)
  return isLetter(value) ? named(bytes, i, width) : NONE
}

function numbered(bytes: Uint8Array, from: number, behind: number, width: number): number {
  let i = behind
  let part = partAt(bytes, i, width)
  let base = 10
  if (((part & NO_SYMBOL) | 0x20) === X) {
    base = 16
    i += part >>> LENGTH
    part = partAt(bytes, i, width)
  }
  let value = 0
  let digits = 0
  for (; part !== UNKNOWN; digits++) {
    const digit = digitOf(part & NO_SYMBOL)
    if (digit < 0 || digit >= base) break
    if (digits === MOST_DIGITS) return NONE
    value = value * base + digit
    i += part >>> LENGTH
    part = partAt(bytes, i, width)
  }
  if (part === UNKNOWN) return UNKNOWN
  if (digits === 0) return NONE
  return answered(value, i + ((part & NO_SYMBOL) === SEMICOLON ? part >>> LENGTH : 0) - from)
}

function named(bytes: Uint8Array, from: number, width: number): number {
  let name = 0
  let i = from
  let part = partAt(bytes, i, width)
  for (let letters = 0; isLetter(part & NO_SYMBOL); letters++) {
    if (letters === LONGEST_NAME) return NONE
    name = longerName(name, part & NO_SYMBOL)
    i += part >>> LENGTH
    part = partAt(bytes, i, width)
  }
  if (part === UNKNOWN) return UNKNOWN
  const value = (part & NO_SYMBOL) === SEMICOLON ? namedBy(name) : undefined
  return value === undefined ? NONE : answered(value, i + (part >>> LENGTH) - from)
}

/** What comes next, escapes read back; the value 0 where it takes too many bytes to belong to the reference. */
function partAt(bytes: Uint8Array, at: number, width: number): number {
  const frequent = frequentPart(bytes, at)
  if (frequent !== 0) return frequent >>> LENGTH > width ? frequent & (-1 << LENGTH) : frequent
  const read = percentAt(bytes, at)
  const value = read & 0xff
  if (value !== BACKSLASH) return (read >> 8 > width ? 0 : value) | ((read >> 8) << LENGTH)
  return escapeAt(bytes, at, read >> 8, width)
}

function escapeAt(bytes: Uint8Array, at: number, first: number, width: number): number {
  const coded = backslashAt(bytes, at, first)
  if (coded === 0) return UNKNOWN
  const value = coded & NO_SYMBOL
  const length = coded >>> LENGTH
  if (value === NO_SYMBOL) {
    // What the backslashes add nothing to.
    const next = length < LONGEST ? percentAt(bytes, at + length) : 0
    if (next === 0 || (next & 0xff) === BACKSLASH) return UNKNOWN
    const taken = next >> 8
    return (taken > width ? 0 : next & 0xff) | ((length + taken) << LENGTH)
  }
  return (length > width ? 0 : value) | (length << LENGTH)
}

function digitOf(value: number): number {
  return value < BYTES ? (HEX[value] as number) : -1
}

function answered(value: number, length: number): number {
  if (length > LONGEST) return UNKNOWN
  if (value < 0x80) return value | (length << LENGTH)
  return (Math.min(value, BEYOND) + BYTES) | (length << LENGTH)
}
