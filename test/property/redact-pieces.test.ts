import { expect, test } from 'vitest'
import { pieceOf } from '../../native-host/broker/reflections.ts'
import { done, times } from '../support/hard.ts'
import { redactInPieces } from '../support/redact-in-pieces.ts'
import { soughtOf } from '../support/sought.ts'

const KEYS = [
  'sk-proj-9aF3kQ7LmZx0Tt2VbN5y',
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'a7Kp0qWz3XvT9',
] as const
const MARK = '[redacted]'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const bytesOf = (text: string) => [...Buffer.from(text)]
const hex = (byte: number) => byte.toString(16).padStart(2, '0')
function base32(text: string): string {
  let out = ''
  let bits = 0
  let value = 0
  for (const byte of [...bytesOf(text), 0]) {
    value = ((value << 8) | byte) & 0xffff
    for (bits += 8; bits >= 5; bits -= 5) out += BASE32[(value >> (bits - 5)) & 31]
  }
  return out.slice(0, Math.ceil((text.length * 8) / 5))
}

/** Forms of which every piece must go; written here on their own terms. */
const FORMS: Record<string, (text: string) => string> = {
  plain: (text) => text,
  'upper case': (text) => text.toUpperCase(),
  'lower case': (text) => text.toLowerCase(),
  reversed: (text) => [...text].reverse().join(''),
  hex: (text) => Buffer.from(text).toString('hex'),
  percent: (text) =>
    bytesOf(text)
      .map((byte) => `%${hex(byte)}`)
      .join(''),
  'percent three times': (text) =>
    bytesOf(text)
      .map((byte) => `%2525${hex(byte)}`)
      .join(''),
  'json escapes': (text) =>
    bytesOf(text)
      .map((byte) => `\\u00${hex(byte)}`)
      .join(''),
  'json in json in json': (text) =>
    bytesOf(text)
      .map((byte) => `\\\\\\\\u00${hex(byte)}`)
      .join(''),
  'hex escapes': (text) =>
    bytesOf(text)
      .map((byte) => `\\x${hex(byte)}`)
      .join(''),
  references: (text) =>
    bytesOf(text)
      .map((byte) => `&#${byte};`)
      .join(''),
  'references in json': (text) =>
    bytesOf(text)
      .map((byte) => `\\u0026#x${hex(byte)};`)
      .join(''),
  'references twice': (text) =>
    bytesOf(text)
      .map((byte) => `&amp;#${byte};`)
      .join(''),
  'UTF-16': (text) => Buffer.from(text, 'utf16le').toString('latin1').slice(0, -1),
  'soft line breaks': (text) => text.replace(/.{6}\B/g, '$&=\r\n'),
  lines: (text) => text.replace(/.{6}\B/g, '$&\n'),
  'lines in json': (text) => text.replace(/.{6}\B/g, '$&\\r\\n'),
}
/** Forms whose pieces end inside a character: what is left of them is bounded instead. */
const PACKED: Record<string, (text: string) => string> = {
  base64: (text) => Buffer.from(text).toString('base64').replaceAll('=', ''),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  base32,
}

function* cutsOf(length: number, all: boolean): Generator<number[]> {
  for (let first = 0; first <= length; first++) {
    yield [first]
    // All three-way splits where asked for; else those with a middle of up to two bytes.
    const last = all ? length : Math.min(length, first + 2)
    for (let second = first + 1; second <= last; second++) yield [first, second]
  }
}

/** Every piece that must go, and those one byte longer, at each place of the key. */
function* piecesOf(key: string): Generator<string> {
  const piece = pieceOf(key.length)
  for (const length of [piece, piece + 1]) {
    for (let at = 0; at + length <= key.length; at += times(6, 1)) yield key.slice(at, at + length)
  }
}

test('no piece of a key comes through from the bound on, in any form, at any split', () => {
  let cases = 0
  for (const key of KEYS) {
    const sought = soughtOf(key)
    for (const [form, write] of Object.entries(FORMS)) {
      for (const piece of piecesOf(key)) {
        const bytes = Buffer.from(`|${write(piece)}|`, 'latin1')
        for (const cuts of cutsOf(bytes.length, times(0, 1) === 1 && key.startsWith(piece))) {
          const out = redactInPieces(sought, bytes, cuts)
          if (out !== `|${MARK}|`) expect.fail(`${form} of ${piece} cut at ${cuts}: ${out}`)
          cases++
        }
      }
    }
  }
  expect(cases).toBeGreaterThan(times(5_000, 20_000))
  done('reflections of pieces of keys, over every 2-way and 3-way split', cases)
})

test('of a piece in base64 or base32 at most the characters at its edges stay', () => {
  let cases = 0
  for (const key of KEYS) {
    const sought = soughtOf(key)
    for (const write of Object.values(PACKED)) {
      for (const piece of piecesOf(key)) {
        for (const before of ['', 'x', 'xx', 'xxx', 'xxxx']) {
          const bytes = Buffer.from(`|${write(`${before}${piece}yyyyy`)}|`)
          const whole = redactInPieces(sought, bytes, [])
          expect(whole).toContain(MARK)
          // What the neighbours made: their own characters and the two that they share with the piece.
          const shared = write(before).length + write('yyyyy').length + 4
          expect(whole.length).toBeLessThanOrEqual(2 + MARK.length + shared)
          for (const cuts of cutsOf(bytes.length, false)) {
            if (redactInPieces(sought, bytes, cuts) !== whole)
              expect.fail(`${piece} behind ${before} cut at ${cuts}`)
            cases++
          }
        }
      }
    }
  }
  done('reflections of pieces inside base64 and base32', cases)
})

test('a piece below the bound passes: it tells little, and ordinary text holds it by chance', () => {
  for (const key of KEYS) {
    const sought = soughtOf(key)
    const length = pieceOf(key.length) - 1
    for (let at = 0; at + length <= key.length; at++) {
      const text = `"Incorrect API key provided: ${key.slice(at, at + length)}…"`
      expect(redactInPieces(sought, Buffer.from(text, 'latin1'), [])).toBe(
        Buffer.from(text, 'latin1').toString('latin1'),
      )
    }
  }
})

test('what a service prints of a key to name it passes or goes, but never adds up to half of it', () => {
  const key = 'sk-proj-9aF3kQ7LmZx0Tt2VbN5yPq8RwEjHsUd4CgIo1'
  const sought = soughtOf(key)
  const named = `Incorrect API key provided: ${key.slice(0, 8)}${'*'.repeat(30)}${key.slice(-4)}.`
  expect(redactInPieces(sought, Buffer.from(named), [])).toBe(named)
  const half = `Incorrect API key provided: ${key.slice(0, 22)}***.`
  expect(redactInPieces(sought, Buffer.from(half), [])).toBe(`Incorrect API key provided: ${MARK}***.`)
})

test('a key that repeats itself loses the pieces that it holds twice', () => {
  const twice = 'K9Xk2mQw7Lz4Vt8Bn5qR'
  const sought = soughtOf(`p${twice}q${twice}s`)
  for (let at = 0; at + 16 <= twice.length; at++) {
    expect(redactInPieces(sought, Buffer.from(`|${twice.slice(at, at + 16)}|`), [5])).toBe(`|${MARK}|`)
  }
})

test('a JSON Web Token goes whole or by its signature; other tokens of its issuer pass', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = part({ alg: 'HS256', typ: 'JWT' })
  const signature = 'Zx0Tt2VbN5yPq8RwEjHsUd4CgIo1sk9aF3kQ7LmZxAb'
  const token = `${header}.${part({ iss: 'supabase', role: 'service_role' })}.${signature}`
  const other = `${header}.${part({ iss: 'supabase', role: 'anon' })}.${[...signature].reverse().join('')}`
  const sought = soughtOf(token)
  const reversed = soughtOf(`${token}x`)
  expect(redactInPieces(reversed, Buffer.from(`"${token}x"`), [])).toBe(`"${MARK}"`)
  for (const cuts of cutsOf(token.length + 2, false)) {
    expect(redactInPieces(sought, Buffer.from(`"${token}"`), cuts)).toBe(`"${MARK}"`)
  }
  expect(redactInPieces(sought, Buffer.from(`"${signature.slice(9, 30)}"`), [])).toBe(`"${MARK}"`)
  const foreign = `${header}.${part({ iss: 'supabase', role: 'anon' })}.Q7LmZxAbZx0Rt2VbN5yKq8RwEjHtUd4CgIo1sk9aF3k`
  expect(redactInPieces(sought, Buffer.from(foreign), [])).toBe(foreign)
  expect(redactInPieces(sought, Buffer.from(other), [])).toContain(`${header}.`)
})

test('a sentence or a file as a secret goes as a whole only: its runs are found elsewhere', () => {
  const phrase = 'correct horse battery staple'
  const sought = soughtOf(phrase)
  expect(redactInPieces(sought, Buffer.from(`a ${phrase}.`), [])).toBe(`a ${MARK}.`)
  expect(redactInPieces(sought, Buffer.from('correct+horse+battery+staple'), [])).toBe(MARK)
  expect(redactInPieces(sought, Buffer.from('a horse battery stapled'), [])).toBe('a horse battery stapled')
  const pem = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n'.repeat(3)}-----END PRIVATE KEY-----\n`
  const written = soughtOf(pem)
  expect(redactInPieces(written, Buffer.from(JSON.stringify({ pem })), [])).not.toContain('MIIE')
  expect(redactInPieces(written, Buffer.from('-----BEGIN PRIVATE KEY-----\nMIIE'), [])).toContain(
    'BEGIN PRIVATE',
  )
})
