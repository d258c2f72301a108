import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor } from '../../native-host/broker/redact.ts'
import { pieceOf } from '../../native-host/broker/reflections.ts'
import { soughtOf } from '../support/sought.ts'

const KEY = 'sk-live-Zq83hTs7-Qm2'
const secrets = soughtOf(KEY)
/** From this many characters on, a piece of this key is taken out. */
const PIECE = pieceOf(KEY.length)

const chunksOf = (bytes: Uint8Array, sizes: readonly number[]) => {
  const chunks: Uint8Array[] = []
  let at = 0
  for (let n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}
function through(bytes: Uint8Array, sizes: readonly number[]) {
  const redactor = createRedactor(secrets)
  const out = chunksOf(bytes, sizes).map((chunk) => redactor.push(chunk))
  return { bytes: Buffer.concat([...out, redactor.end()]), found: redactor.found }
}
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })

test('bytes without the key pass unchanged, however they are cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), sizes, (bytes, cuts) => {
      const out = through(bytes, cuts)
      expect(out.found).toBe(0)
      expect(out.bytes.equals(bytes)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('unfinished pieces of the key pass unchanged', () => {
  const piece = fc.integer({ min: 0, max: PIECE - 1 }).map((length) => `${KEY.slice(0, length)}~`)
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), sizes, (pieces, cuts) => {
      const text = pieces.join('')
      expect(through(Buffer.from(text), cuts).bytes.toString()).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('how a stream is cut never changes what comes out', () => {
  const part = fc.constantFrom(
    KEY,
    KEY.slice(0, 9),
    KEY.slice(3),
    '%73',
    's',
    '\\u006b',
    '-',
    '&#45;',
    'sk',
    ...KEY,
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 80 }), sizes, (parts, cuts) => {
      const bytes = Buffer.from(parts.join(''))
      const whole = through(bytes, [bytes.length + 1])
      const cut = through(bytes, cuts)
      expect(cut.bytes.toString()).toBe(whole.bytes.toString())
      expect(cut.found).toBe(whole.found)
      expect(cut.bytes.toString()).not.toContain(KEY)
    }),
    { numRuns: 3000 },
  )
})

test('a key that overlaps itself is one place, wherever the stream is cut', () => {
  const text = Buffer.from('|abab-abab-abab-abab|')
  for (let first = 1; first < text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const redactor = createRedactor(soughtOf('abab-abab'))
      const parts = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)]
      const out = Buffer.concat([...parts.map((part) => redactor.push(part)), redactor.end()])
      expect([out.toString(), redactor.found]).toEqual(['|[redacted]|', 1])
    }
  }
})

test('bytes are held only while a match is alive, and go with the byte that ends it', () => {
  const redactor = createRedactor(secrets)
  expect(redactor.push(Buffer.from('data: {"a":1}\n\n')).length).toBe(15)
  const short = KEY.slice(0, PIECE - 1)
  for (const character of short) expect(redactor.push(Buffer.from(character)).length).toBe(0)
  expect(Buffer.from(redactor.push(Buffer.from('~'))).toString()).toBe(`${short}~`)
  for (const character of short) expect(redactor.push(Buffer.from(character)).length).toBe(0)
  expect(Buffer.from(redactor.push(Buffer.from(KEY.slice(PIECE - 1, PIECE)))).toString()).toBe('[redacted]')
  for (const character of KEY.slice(PIECE)) expect(redactor.push(Buffer.from(character)).length).toBe(0)
  expect(Buffer.from(redactor.push(Buffer.from('\n\n'))).toString()).toBe('\n\n')
})

test('what is held never exceeds the longest spelling of the key', () => {
  const longest = '&#x0000073;'.length * KEY.length
  const part = fc.constantFrom(
    ...[...KEY].flatMap((c) => [c, `&#x${c.charCodeAt(0).toString(16).padStart(7, '0')};`]),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 120 }), (parts) => {
      const redactor = createRedactor(secrets)
      let pushed = 0
      let passed = 0
      for (const text of parts) {
        passed += redactor.push(Buffer.from(text)).length
        pushed += text.length
        if (redactor.found === 0) expect(pushed - passed).toBeLessThanOrEqual(longest)
      }
    }),
  )
})

test('a stream that ends inside a match gives up all of it', () => {
  for (let length = 1; length < PIECE; length++) {
    const redactor = createRedactor(secrets)
    const start = Buffer.from(redactor.push(Buffer.from(`x|${KEY.slice(0, length)}`))).toString()
    expect(start + Buffer.from(redactor.end()).toString()).toBe(`x|${KEY.slice(0, length)}`)
  }
})
