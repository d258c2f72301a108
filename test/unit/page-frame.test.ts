import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idOf, readPageFrame } from '../../extension/content/page-frame.ts'
import { CallFrameToHostSchema } from '../../shared/protocol/call-frames.ts'
import {
  CHUNK_BYTES,
  MAX_FRAME_TO_HOST,
  MAX_HEADER_VALUE,
  MAX_HEADERS,
  MAX_HEADERS_TEXT,
  MAX_URL,
  WINDOW_BYTES,
} from '../../shared/protocol/limits.ts'

const ask = {
  type: 'ask',
  id: 1,
  method: 'GET',
  url: 'https://api.example.com/',
  headers: [['a', 'b']],
  hasBody: false,
  bodyLength: null,
  redirect: 'follow',
  integrity: '',
  cache: 'default',
}
const good: Record<string, unknown>[] = [
  ask,
  { type: 'body', id: 2, base64: 'AAAA' },
  { type: 'body-end', id: 2 },
  { type: 'credit', id: 2, bytes: 1 },
  { type: 'cancel', id: Number.MAX_SAFE_INTEGER },
]

/** Values at and beyond every limit of every field. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[undefined, null, '', 'x', 'GET', 'ask', 'follow', 'later', true, 0, 1, -1, 1.5, Number.NaN],
    ...[WINDOW_BYTES, WINDOW_BYTES + 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1],
    ...[[], [['a']], [['a', 'b', 'c']], [['a', 1]], [['x'.repeat(256), '']], [['x'.repeat(257), '']]],
    ...[[['a', 'x'.repeat(MAX_HEADER_VALUE)]], [['a', 'x'.repeat(MAX_HEADER_VALUE + 1)]]],
    ...[new Array(MAX_HEADERS).fill(['a', 'b']), new Array(MAX_HEADERS + 1).fill(['a', 'b'])],
    ...[15, 16].map((times) => new Array(times).fill(['', 'x'.repeat(MAX_HEADER_VALUE)])),
    ...[[...new Array(16).fill(['', 'x'.repeat(MAX_HEADER_VALUE)]), ['a', '']]],
    ...['AA=', 'AA=='],
    ...[32, 33, MAX_URL, MAX_URL + 1].map((length) => 'u'.repeat(length)),
    ...[0, 1].map((more) => 'A'.repeat(Math.ceil(CHUNK_BYTES / 3) * 4 + more)),
  ),
  fc.anything(),
)
const names = [
  'type',
  'id',
  'method',
  'url',
  'headers',
  'hasBody',
  'bodyLength',
  'redirect',
  'integrity',
  'cache',
  'sender',
  'base64',
  'bytes',
  'more',
]

test('frames the page sends are taken as they are', () => {
  for (const frame of good) expect(readPageFrame(frame)).toBe(frame)
})

/** By the schema of the other wires, which do not have what is verified in content/. */
function isGood(frame: Record<string, unknown>): boolean {
  const { integrity, ...others } = frame
  if (frame.type !== 'ask') return CallFrameToHostSchema.safeParse(frame).success
  // Who sends is nothing for the page to say.
  const { cache } = frame
  if ('sender' in frame || cache === undefined) return false
  const isText = typeof integrity === 'string' && integrity.length <= MAX_HEADER_VALUE
  return isText && CallFrameToHostSchema.safeParse(others).success
}

test('the check by hand agrees with the schema of the wire', () => {
  const frames = fc
    .tuple(fc.constantFrom(...good), fc.constantFrom(...names), odd, fc.boolean())
    .map(([frame, name, value, removed]) => {
      const { [name]: _, ...rest } = frame
      return removed ? rest : { ...frame, [name]: value }
    })
  fc.assert(
    fc.property(frames, (frame) => {
      expect(readPageFrame(frame) !== null).toBe(isGood(frame))
    }),
    { numRuns: 3000 },
  )
})

test('the largest frame a page may send, in characters that take the most JSON, is one the host takes', () => {
  const text = (length: number) => '\ud800'.repeat(length)
  const headers = Array.from({ length: MAX_HEADERS_TEXT / MAX_HEADER_VALUE }, () => [
    '',
    text(MAX_HEADER_VALUE),
  ])
  const sender = { languages: text(4096), agent: text(4096), isGecko: false }
  const largest = [
    { ...ask, method: text(32), url: text(MAX_URL), headers },
    { type: 'body', id: Number.MAX_SAFE_INTEGER, base64: text(Math.ceil(CHUNK_BYTES / 3) * 4) },
  ]
  for (const frame of largest) {
    expect(readPageFrame(frame)).toBe(frame)
    expect(Buffer.byteLength(JSON.stringify({ ...frame, document: 1, sender }))).toBeLessThan(
      MAX_FRAME_TO_HOST,
    )
  }
  expect(readPageFrame({ ...ask, headers: [...headers, ['a', '']] })).toBeNull()
  expect(readPageFrame({ type: 'body', id: 1, base64: '' })).toBeNull()
})

test('what is no frame is refused, and its id is found where it has one', () => {
  for (const value of [null, undefined, 1, 'ask', [], {}, { type: 'ask' }, { type: '__proto__', id: 1 }]) {
    expect(readPageFrame(value)).toBeNull()
  }
  expect([idOf({ id: 3 }), idOf({ id: 0 }), idOf({ id: '3' }), idOf(null)]).toEqual([3, null, null, null])
})
