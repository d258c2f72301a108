import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor, type Sought } from '../../native-host/broker/redact.ts'
import { reflectionsOf } from '../../native-host/broker/reflections.ts'
import { done, times } from '../support/hard.ts'
import { soughtOf } from '../support/sought.ts'

const KEY = 'sk-live-Zq83hTs7-Qm2'
const sought = soughtOf(KEY)

/** One symbol for what the redactor does not tell apart. */
const folded = (text: string) => text.toLowerCase().replaceAll('-', '+').replaceAll('_', '/')
const FORMS = reflectionsOf({ bytes: Buffer.from(KEY), pieces: true }).map(({ symbols }) =>
  folded(Buffer.from(symbols).toString('latin1')),
)

/** The most that may be held: the longest end of a text that some form holds, found by trying each. */
function mayWait(text: string): number {
  const end = folded(text.slice(-200))
  for (let from = 0; from < end.length; from++) {
    if (FORMS.some((form) => form.includes(end.slice(from)))) return end.length - from
  }
  return 0
}

/** Bytes held after each push: what went in and neither came out nor was taken out. */
function* heldAfter(
  chunks: Iterable<string>,
  by: Sought = sought,
): Generator<{ held: number; text: string }> {
  const redactor = createRedactor(by)
  let text = ''
  let out = ''
  for (const chunk of chunks) {
    text += chunk
    const found = redactor.found
    out += Buffer.from(redactor.push(Buffer.from(chunk, 'latin1'))).toString('latin1')
    if (redactor.found > found || redactor.found > 0) return
    yield { held: text.length - out.length, text }
    expect(text.startsWith(out)).toBe(true)
  }
}

test('whatever a stream is made of, only the beginning of a possible match waits, and for no more than it needs', () => {
  const piece = fc
    .tuple(fc.nat(KEY.length - 1), fc.integer({ min: 1, max: 9 }))
    .map(([at, length]) => KEY.slice(at, at + length))
  const part = fc.oneof(
    piece,
    fc.string({ maxLength: 12 }).map((text) => text.replace(/[\\%&=\r\n\u0080-\uffff]/g, '.')),
  )
  let pushes = 0
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      for (const { held, text } of heldAfter(parts)) {
        expect(held).toBeLessThanOrEqual(mayWait(text))
        pushes++
      }
    }),
    { numRuns: times(500, 20_000) },
  )
  done('chunks after which only the beginning of a possible match waited', pushes)
})

test('a byte that no form goes on with frees everything before it', () => {
  const before = fc.string({
    maxLength: 40,
    unit: fc.constantFrom(...KEY, '\\', '%', '&', '#', 'u', '0', '=', '\n'),
  })
  fc.assert(
    fc.property(before, (text) => {
      for (const { held } of heldAfter([text, '~'])) if (text.endsWith('~')) expect(held).toBe(0)
      const last = [...heldAfter([text, '~'])].at(-1)
      if (last?.text.endsWith('~') === true) expect(last.held).toBe(0)
    }),
    { numRuns: times(2000, 50_000) },
  )
})

test('an event is out with its own last byte, whatever is in it', () => {
  const any = fc.string({ maxLength: 30, unit: fc.constantFrom(...KEY, ...'\\%&#;u0=x {}":', 'é', 'data: ') })
  let events = 0
  fc.assert(
    fc.property(
      fc.array(any, { minLength: 1, maxLength: 20 }),
      fc.constantFrom('\n\n', '\r\n\r\n'),
      (texts, end) => {
        const chunks = texts.map((text) => Buffer.from(`data: ${text}${end}`).toString('latin1'))
        for (const { held } of heldAfter(chunks)) {
          expect(held).toBe(0)
          events++
        }
      },
    ),
    { numRuns: times(500, 20_000) },
  )
  done('events that were out with their own last byte', events)
})

/** Each without an end: what may be held for ever must not be. */
const ENDLESS: Record<string, [first: string, more: string]> = {
  backslashes: ['', '\\'],
  'backslashes behind a beginning': [KEY.slice(0, 5), '\\'],
  'percent signs encoded again and again': ['%', '25'],
  'leading zeros': ['&#', '0'],
  'leading zeros in hex': ['&#x', '0'],
  ampersands: ['', '&amp;'],
  names: ['&', 'amp'],
  'line ends behind a beginning': [KEY.slice(0, 8), '\r\n'],
  'soft line breaks behind a beginning': [KEY.slice(0, 8), '=\r\n'],
  'escaped line ends': [KEY.slice(0, 8), '\\n'],
  'half pairs': ['', '\\ud83d'],
  'beginnings of the key': ['', KEY.slice(0, 11)],
  'one character of the key': ['', 's'],
}

test.each(Object.entries(ENDLESS))('a stream of %s is not held back', (_name, [first, more]) => {
  const redactor = createRedactor(sought)
  let pushed = first.length
  let passed = redactor.push(Buffer.from(first)).length
  for (let n = 0; n < 2_000; n++) {
    passed += redactor.push(Buffer.from(more)).length
    pushed += more.length
    expect(pushed - passed).toBeLessThan(150)
  }
  passed += redactor.push(Buffer.from(more.repeat(100_000))).length
  pushed += more.length * 100_000
  expect(pushed - passed).toBeLessThan(150)
  passed += redactor.end().length
  expect([redactor.found, passed]).toEqual([0, pushed])
})
