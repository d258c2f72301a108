import { LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { backslashAt } from './spelled-backslash.ts'
import { HEX } from './spelled-pending.ts'
import { percentAt } from './spelled-percent.ts'
import { referenceAt } from './spelled-reference.ts'

const PERCENT = 0x25
const AMPERSAND = 0x26
const BACKSLASH = 0x5c
/** More are looked at one by one. */
const FEW_DIGITS = 5
const IS_BEGINNING = new Uint8Array(256)
for (const byte of '%&=\\') IS_BEGINNING[byte.charCodeAt(0)] = 1

/** What `Spelled` would read from here on, in one look, where nothing is pending. See `spelled-answer.ts`. */
export function wholeSpelling(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (IS_BEGINNING[first] === 0) return first | (1 << LENGTH)
  const frequent = frequentAt(bytes, at, first)
  if (frequent !== 0) return frequent
  const read = percentAt(bytes, at)
  if (read === 0) return 0
  const value = read & 0xff
  if (value === AMPERSAND) return referenceAt(bytes, at, read >> 8)
  if (value !== BACKSLASH) return value | ((read >> 8) << LENGTH)
  const coded = backslashAt(bytes, at, read >> 8)
  return (coded & NO_SYMBOL) === AMPERSAND ? referenceAt(bytes, at, coded >>> LENGTH) : coded
}

/** The same of the most frequent spellings: `%HH`, `\\uHHHH`, `&#…;` of ASCII that begins none itself. 0: another. */
function frequentAt(bytes: Uint8Array, at: number, first: number): number {
  if (first === PERCENT) return at + 3 > bytes.length ? 0 : plain(hexAt(bytes, at + 1, 2), 3)
  if (first === BACKSLASH)
    return bytes[at + 1] !== 0x75 || at + 6 > bytes.length ? 0 : plain(hexAt(bytes, at + 2, 4), 6)
  return first === AMPERSAND && bytes[at + 1] === 0x23 ? closedReference(bytes, at) : 0
}

function plain(value: number, length: number): number {
  return value < 0 || value > 0x7f || IS_BEGINNING[value] === 1 ? 0 : value | (length << LENGTH)
}

function hexAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) value = (value << 4) | (HEX[bytes[i] as number] as number)
  return value
}

/** `&#97;` and `&#x61;` of a few digits, with the semicolon. */
function closedReference(bytes: Uint8Array, at: number): number {
  const isHex = ((bytes[at + 2] ?? 0) | 0x20) === 0x78
  const from = isHex ? at + 3 : at + 2
  const end = Math.min(from + FEW_DIGITS, bytes.length)
  let value = 0
  let i = from
  for (; i < end; i++) {
    const digit = HEX[bytes[i] as number] as number
    if (digit < 0 || (digit > 9 && !isHex)) break
    value = value * (isHex ? 16 : 10) + digit
  }
  return i > from && i < bytes.length && bytes[i] === 0x3b ? plain(value, i + 1 - at) : 0
}

/** True for a byte that may begin a spelling. */
export function isBeginning(byte: number): boolean {
  return IS_BEGINNING[byte] === 1
}
