import { BYTES, LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { controlOf, MOST_BACKSLASHES } from './spelled-backslashes.ts'
import { HEX, hexAt } from './spelled-pending.ts'
import { BEYOND, isLetter, LONGEST_NAME, longerName, MOST_DIGITS, namedBy } from './spelled-references.ts'

const PERCENT = 0x25
const AMPERSAND = 0x26
const EQUALS = 0x3d
const BACKSLASH = 0x5c
const HASH = 0x23
const SEMICOLON = 0x3b
const LF = 0x0a
const CR = 0x0d
const U = 0x75
const X = 0x78

const IS_BEGINNING = new Uint8Array(256)
for (const byte of '%&=\\') IS_BEGINNING[byte.charCodeAt(0)] = 1

/** What a letter behind backslashes says; 0: it has to be looked at. */
const ESCAPED = new Int32Array(256)
for (let letter = 0; letter < 256; letter++) {
  const character = controlOf(letter)
  const isAlone = character === letter && letter !== 0x22 && letter !== 0x27 && letter !== 0x2f
  ESCAPED[letter] = isAlone ? NO_SYMBOL : character | (1 << LENGTH)
}
for (const letter of [PERCENT, EQUALS, BACKSLASH, U, X]) ESCAPED[letter] = 0

/** True for a byte that may begin a spelling. */
export function isBeginning(byte: number): boolean {
  return IS_BEGINNING[byte] === 1
}

/**
 * What `wholeSpelling` answers where a spelling is as encoders write it, each character of it as it is; 0: another.
 * An ampersand that is spelled may begin a reference: it is given back as a symbol.
 */
export function frequentAt(bytes: Uint8Array, at: number, first: number): number {
  if (first === BACKSLASH) return escaped(bytes, at)
  if (first === PERCENT) return percent(bytes, at)
  if (first === AMPERSAND) return reference(bytes, at)
  return equals(bytes, at)
}

function equals(bytes: Uint8Array, at: number): number {
  if (at + 2 >= bytes.length) return 0
  const second = bytes[at + 1] as number
  if (second === LF) return LF | (2 << LENGTH)
  return second === CR && bytes[at + 2] === LF ? LF | (3 << LENGTH) : EQUALS | (1 << LENGTH)
}

function escaped(bytes: Uint8Array, at: number): number {
  const { length } = bytes
  let i = at + 1
  for (; i < length && bytes[i] === BACKSLASH; i++)
    if (i - at === MOST_BACKSLASHES) return BACKSLASH | (MOST_BACKSLASHES << LENGTH)
  if (i >= length) return 0
  const letter = bytes[i] as number
  if (letter === U) return numbered(bytes, i, at, 4)
  if (letter === X) return numbered(bytes, i, at, 2)
  const said = ESCAPED[letter] as number
  return said === 0 ? 0 : said + ((i - at) << LENGTH)
}

/** `\\uHHHH` and `\\xHH`: the first is of a character, the other of a byte. */
function numbered(bytes: Uint8Array, letter: number, at: number, digits: number): number {
  const end = letter + digits + 1
  if (end > bytes.length) return 0
  const value = hexAt(bytes, letter + 1, digits)
  if (value < 0) return isSpelled(bytes, letter + 1) ? 0 : NO_SYMBOL | ((letter - at) << LENGTH)
  const length = (end - at) << LENGTH
  if (value < 0x80 || digits === 2) return (value === BACKSLASH ? NO_SYMBOL : value) | length
  return value < 0xd800 || value > 0xdbff || isAlone(bytes, end) ? (value + BYTES) | length : 0
}

/** True where what ends a row of digits may itself be one, spelled. */
function isSpelled(bytes: Uint8Array, at: number): boolean {
  let i = at
  while ((HEX[bytes[i] as number] as number) >= 0) i++
  return bytes[i] === PERCENT
}

/** True where what follows the first half of a pair is not the other, without a look at what it spells. */
function isAlone(bytes: Uint8Array, at: number): boolean {
  if (at + 1 >= bytes.length) return false
  const next = bytes[at] as number
  if (next !== BACKSLASH) return next !== PERCENT || percent(bytes, at) !== 0
  const letter = bytes[at + 1] as number
  return letter !== U && ESCAPED[letter] !== 0
}

function percent(bytes: Uint8Array, at: number): number {
  if (at + 3 > bytes.length) return 0
  const value = hexAt(bytes, at + 1, 2)
  if (value < 0) return PERCENT | (1 << LENGTH)
  return value === PERCENT || value === BACKSLASH ? 0 : value | (3 << LENGTH)
}

/** The same of what may be inside a reference; an ampersand is as it is. 0 also where it is no symbol. */
export function frequentPart(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) return 0
  const first = bytes[at] as number
  if (IS_BEGINNING[first] === 0 || first === AMPERSAND) return first | (1 << LENGTH)
  if (first === EQUALS) return 0
  const read = first === BACKSLASH ? escaped(bytes, at) : percent(bytes, at)
  return (read & NO_SYMBOL) === NO_SYMBOL ? 0 : read
}

/** True for what is as it is, or for a spelling that takes more than the one byte of an ampersand before it. */
function isWide(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] as number
  if (IS_BEGINNING[first] === 0 || first === AMPERSAND) return true
  if (first === EQUALS) return at + 1 < bytes.length
  const read = first === BACKSLASH ? escaped(bytes, at) : percent(bytes, at)
  return read !== 0 && (read & NO_SYMBOL) !== NO_SYMBOL
}

/** `&#97;`, `&#x61` and `&lt;`, or an ampersand before what is none. */
function reference(bytes: Uint8Array, at: number): number {
  if (at + 2 >= bytes.length) return 0
  const second = bytes[at + 1] as number
  if (second === HASH) return numeric(bytes, at)
  if (isLetter(second)) return named(bytes, at)
  return isWide(bytes, at + 1) ? AMPERSAND | (1 << LENGTH) : 0
}

function numeric(bytes: Uint8Array, at: number): number {
  const { length } = bytes
  const isHex = ((bytes[at + 2] as number) | 0x20) === X
  const from = isHex ? at + 3 : at + 2
  const end = Math.min(from + MOST_DIGITS, length)
  let value = 0
  let i = from
  for (; i < end; i++) {
    const digit = HEX[bytes[i] as number] as number
    if (digit < 0 || (digit > 9 && !isHex)) break
    value = value * (isHex ? 16 : 10) + digit
  }
  if (i === length) return 0
  if (bytes[i] === SEMICOLON && i > from) return said(bytes, at, i + 1, value)
  if (!isWide(bytes, i)) return 0
  return i > from && (i < end || !isDigit(bytes[i] as number, isHex))
    ? said(bytes, at, i, value)
    : AMPERSAND | (1 << LENGTH)
}

function isDigit(byte: number, isHex: boolean): boolean {
  const digit = HEX[byte] as number
  return digit >= 0 && (digit < 10 || isHex)
}

function named(bytes: Uint8Array, at: number): number {
  const end = Math.min(at + 1 + LONGEST_NAME, bytes.length)
  let name = 0
  let i = at + 1
  for (; i < end && isLetter(bytes[i] as number); i++) name = longerName(name, bytes[i] as number)
  if (i === bytes.length) return 0
  if (bytes[i] !== SEMICOLON) return isWide(bytes, i) ? AMPERSAND | (1 << LENGTH) : 0
  const value = namedBy(name)
  return value === undefined ? AMPERSAND | (1 << LENGTH) : said(bytes, at, i + 1, value)
}

/** The answer of a reference up to `end`. One of an ampersand may begin another. */
function said(bytes: Uint8Array, at: number, end: number, value: number): number {
  if (value === AMPERSAND) {
    if (end >= bytes.length || bytes[end] === HASH || isLetter(bytes[end] as number)) return 0
    if (!isWide(bytes, end)) return 0
  }
  return (value < 0x80 ? value : Math.min(value, BEYOND) + BYTES) | ((end - at) << LENGTH)
}
