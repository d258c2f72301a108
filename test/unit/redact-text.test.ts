import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRedactor, redactText } from '../../native-host/broker/redact.ts'
import { REDACTION_FLOOR } from '../../native-host/broker/reflections.ts'
import { soughtOf } from '../support/sought.ts'

const KEY = 'sk-live-Zq83hTs7-Qm2'
const secrets = soughtOf(KEY)
const bytes = Buffer.from(KEY)
const each = (write: (code: number) => string) => [...bytes].map(write).join('')
const base64 = (before: string) => Buffer.from(`${before}${KEY}~`).toString('base64')

/** One sample per form of the vector file that is a form of the text; the others are tested where they happen. */
const SAMPLES: Record<string, string[]> = {
  'base64 (3 alignments)': ['', 'a', 'bc'].map(base64),
  'base64url (3 alignments)': ['', 'a', 'bc'].map((before) =>
    Buffer.from(`${before}${KEY}~`).toString('base64url'),
  ),
  'Basic user:key': [`Basic ${Buffer.from(`user:${KEY}`).toString('base64')}`],
  'hex upper': [bytes.toString('hex').toUpperCase()],
  'percent lower': [each((code) => `%${code.toString(16)}`)],
  'percent upper': [each((code) => `%${code.toString(16).toUpperCase()}`)],
  'JSON \\uXXXX': [each((code) => `\\u00${code.toString(16)}`)],
  'HTML &#N;': [each((code) => `&#${code};`)],
  'UTF-16 of either byte order, for keys of ASCII': [
    Buffer.from(KEY, 'utf16le').toString('latin1'),
    Buffer.from(KEY, 'utf16le').swap16().toString('latin1'),
  ],
  reversed: [[...KEY].reverse().join('')],
  'hex lower': [bytes.toString('hex')],
  'base32 (5 alignments)': ['ONVS23DJOZSS2WTRHAZWQVDTG4WVC3JS', 'PBZWWLLMNF3GKLK2OE4DG2CUOM3S2ULNGJ4Q'],
  'upper or lower case changed': [KEY.toUpperCase(), KEY.toLowerCase()],
  'percent encoded again, up to four times': [each((code) => `%252525${code.toString(16)}`)],
  'JSON \\uXXXX in JSON in JSON': [each((code) => `\\\\\\\\u00${code.toString(16)}`)],
  '\\xHH': [each((code) => `\\x${code.toString(16)}`)],
  'HTML &#xH; and &name;': [each((code) => `&#x${code.toString(16)};`), KEY.replaceAll('-', '&#45;')],
  'HTML references behind JSON escapes, and twice': [
    each((code) => `\\u0026#${code};`),
    each((code) => `&amp;#${code};`),
  ],
  'broken into lines, as they are, escaped or soft': ['\n', '\r\n', '\\n', '\\r\\n', '=\r\n', '=\n'].map(
    (end) => `${KEY.slice(0, 9)}${end}${KEY.slice(9)}`,
  ),
}
/** Where the rest of the vector's list is tested. */
const ELSEWHERE = [
  'split over any 2 or 3 chunks', // test/property/redact-reflections.test.ts
  'in trailers', // test/host/upstream-reflection.test.ts: trailers do not pass at all
  'gzip/br/zstd body (after we decode)', // test/unit/cleanse-coded.test.ts
  'any run of half the key, at least 12 and at most 16 bytes', // test/property/redact-pieces.test.ts
  'a JSON Web Token by its signature', // test/property/redact-pieces.test.ts
  'form encoding of a space', // test/property/redact-pieces.test.ts
  'the password alone, the user and the pair of Basic authentication', // test/host/upstream-reflection.test.ts
]

test('every form the vector calls caught has a sample here or a test elsewhere', () => {
  const vector = JSON.parse(
    readFileSync(new URL('../vectors/reflection-forms.json', import.meta.url), 'utf8'),
  )
  expect([...Object.keys(SAMPLES), ...ELSEWHERE].sort()).toEqual([...vector.caught].sort())
})

test.each(Object.entries(SAMPLES))('%s is taken out of a text', (_form, samples) => {
  for (const sample of samples) {
    const out = redactText(`before ${sample} after`, secrets)
    expect(out).toContain('[redacted]')
    // Of base64 at most the character at each edge, which a neighbour has a part in, and what the neighbours made stay.
    expect(out.length).toBeLessThanOrEqual('before [redacted] after'.length + 'Basic dXNlcj'.length + 4)
  }
})

test('a text without a secret is the very same text', () => {
  for (const text of ['', 'gzip', 'max-age=0, é', 'ключ', KEY.slice(-11), KEY.slice(0, 11)]) {
    expect(redactText(text, secrets)).toBe(text)
  }
})

test('wider characters around a secret stay what they are', () => {
  expect(redactText(`é ${KEY} é`, secrets)).toBe('é [redacted] é')
  expect(redactText(`ключ ${KEY} ключ`, secrets)).toBe('ключ [redacted] ключ')
})

test('secrets that overlap go as one place, secrets side by side as two', () => {
  expect(redactText('xabcdefghij', soughtOf('abcdefg', 'defghij'))).toBe('x[redacted]')
  expect(redactText(`${KEY}${KEY}`, secrets)).toBe('[redacted][redacted]')
  const long = createRedactor(soughtOf('key-1', 'user:key-1:end'))
  expect(Buffer.from(long.push(Buffer.from('user:key-1:end'))).toString()).toBe('[redacted]')
  expect(long.found).toBe(1)
})

test('a secret below the floor is not looked for, one at the floor is', () => {
  expect(redactText('abc abc', soughtOf('abc'))).toBe('abc abc')
  expect(REDACTION_FLOOR).toBe(4)
  expect(redactText('xabcdx', soughtOf('abcd'))).toBe('x[redacted]x')
  expect(redactText('dcba', soughtOf('abcd'))).toBe('dcba')
})

test('bytes that are no UTF-8 are looked for as bytes', () => {
  const raw = Uint8Array.of(0xff, 0x80, 0xc3, 0x28, 0x00, 0x41)
  const redactor = createRedactor(soughtOf(raw))
  const out = Buffer.concat([
    redactor.push(Buffer.concat([Buffer.from('a'), raw, Buffer.from('b')])),
    redactor.end(),
  ])
  expect(out.toString()).toBe('a[redacted]b')
  expect(redactText(`%ff%80%C3%28%00A`, soughtOf(raw))).toBe('[redacted]')
})

test('what is given out is the receiver’s own: it may be written over', () => {
  for (let turn = 0; turn < 2; turn += 1) {
    const redactor = createRedactor(secrets)
    const out = [redactor.push(Buffer.from(KEY)), redactor.end()]
    expect(Buffer.concat(out).toString()).toBe('[redacted]')
    for (const bytes of out) bytes.fill(0)
  }
})
