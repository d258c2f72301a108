import { hexOf } from './spelled-pending.ts'

const PERCENT = 0x25
const AMPERSAND = 0x26
const EQUALS = 0x3d
const BACKSLASH = 0x5c
/** More digits are for the steps to read. */
const MOST_DIGITS = 5

/**
 * The character that begins here where it is plain or its spelling is whole, of the most frequent kind and of ASCII: what
 * `Spelled` would read, in one look. 0: none of these; else the byte and, times 256, how many bytes its spelling takes.
 */
export function wholeSpelling(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (first === PERCENT) return at + 3 > bytes.length ? 0 : ascii(hexAt(bytes, at + 1, 2), 3)
  if (first === BACKSLASH) {
    return bytes[at + 1] !== 0x75 || at + 6 > bytes.length ? 0 : ascii(hexAt(bytes, at + 2, 4), 6)
  }
  if (first === AMPERSAND) return bytes[at + 1] === 0x23 ? reference(bytes, at) : 0
  return first === EQUALS ? 0 : first | 0x100
}

/** What may itself begin a spelling is left to the steps. */
function ascii(value: number, length: number): number {
  if (
    value < 0 ||
    value > 0x7f ||
    value === PERCENT ||
    value === AMPERSAND ||
    value === BACKSLASH ||
    value === EQUALS
  )
    return 0
  return value | (length << 8)
}

function hexAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = at; i < at + length; i++) {
    const digit = hexOf(bytes[i] as number)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** `&#97;` and `&#x61;`, with the semicolon. */
function reference(bytes: Uint8Array, at: number): number {
  const isHex = ((bytes[at + 2] ?? 0) | 0x20) === 0x78
  const from = isHex ? at + 3 : at + 2
  const end = Math.min(from + MOST_DIGITS, bytes.length)
  let value = 0
  let i = from
  for (; i < end; i++) {
    const digit = hexOf(bytes[i] as number)
    if (digit < 0 || (digit > 9 && !isHex)) break
    value = value * (isHex ? 16 : 10) + digit
  }
  return i > from && bytes[i] === 0x3b ? ascii(value, i + 1 - at) : 0
}
