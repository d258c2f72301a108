import { MalformedJson } from './malformed-json.ts'

/** A string or number token, read. `end` is the offset after its last byte. */
export interface StringToken {
  readonly value: string
  readonly end: number
}

/** `exact` is false where another reader could come to another number than `value`. */
export interface NumberToken {
  readonly text: string
  readonly value: number
  readonly exact: boolean
  readonly end: number
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Digits that every binary64 reader keeps (IEEE 754: 15 significant decimal digits survive a round trip). */
const KEPT_DIGITS = 15

/**
 * The string whose opening quote is at `start`.
 *
 * @param bytes well-formed UTF-8.
 * @throws MalformedJson for control characters, unknown escapes, lone surrogates and a missing quote.
 */
export function scanString(bytes: Uint8Array, start: number): StringToken {
  let escaped = false
  let at = start + 1
  for (; bytes[at] !== 0x22; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new MalformedJson('a string does not end')
    if (byte < 0x20) throw new MalformedJson('a control character in a string')
    if (byte === 0x5c) {
      escaped = true
      at++
    }
  }
  const raw = UTF8.decode(bytes.subarray(start + 1, at))
  return { value: escaped ? unescapeText(raw) : raw, end: at + 1 }
}

function unescapeText(raw: string): string {
  let value: unknown
  try {
    value = JSON.parse(`"${raw}"`)
  } catch {
    throw new MalformedJson('an unknown escape in a string')
  }
  if (typeof value !== 'string' || !value.isWellFormed()) throw new MalformedJson('a lone surrogate')
  return value
}

/** The number at `start` (RFC 8259 section 6). @throws MalformedJson for anything else. */
export function scanNumber(bytes: Uint8Array, start: number): NumberToken {
  let end = start
  while (isNumberByte(bytes[end])) end++
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 1024)))
  if (end - start > 1024 || !/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    throw new MalformedJson('a number that is not well formed')
  }
  const value = Number(text)
  return { text, value, exact: isExact(text, value), end }
}

function isExact(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
  // A number so small that it reads as zero is not zero.
  if (value === 0) return digits === ''
  return digits.length <= KEPT_DIGITS || (/^-?[0-9]+$/.test(text) && Number.isSafeInteger(value))
}

/** One of the bytes `0-9 + - . e E`. */
function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const isDigit = byte >= 0x30 && byte <= 0x39
  return isDigit || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45
}
