import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Asked, digestOf } from '../../native-host/broker/approval-digest.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { done } from '../support/hard.ts'

/** An answer is bound to every byte of what was shown and of what it was decided by. */
const text = fc.string({ maxLength: 12, unit: 'binary' }).map((value) => value.toWellFormed())
const asked: fc.Arbitrary<Asked> = fc.record({
  request: fc.record({
    method: fc.constantFrom('GET', 'POST'),
    url: text,
    origin: fc.constant('https://api.example.com'),
    path: fc.constant('/'),
    query: fc.constant([]),
    headers: fc.array(fc.tuple(text, text), { maxLength: 3 }),
  }),
  body: fc.option(fc.uint8Array({ maxLength: 12 })),
  witnessed: fc.record({
    origin: text,
    topOrigin: text,
    tabId: fc.integer(),
    frameId: fc.integer(),
    documentId: fc.option(text),
  }),
  session: text,
  capability: fc.constantFrom('a', 'b').map((label) => exampleCapability(['ask POST /v1/**'], { label })),
  service: fc.constantFrom('a', 'b').map((label) => exampleService({ label })),
  rule: text,
})

/** What counts of an ask: all but what the canonical URL says already. */
function contentOf({ request, body, ...rest }: Asked): string {
  const { method, url, headers } = request
  return JSON.stringify([method, url, headers, body === null ? null : [...body], rest])
}

test('two calls have one digest exactly where they are one', () => {
  let pairs = 0
  fc.assert(
    fc.property(asked, asked, (a, b) => {
      pairs += 1
      expect(digestOf(a) === digestOf(b)).toBe(contentOf(a) === contentOf(b))
    }),
    { numRuns: 500 },
  )
  done('pairs of asked calls told apart by their digest', pairs)
})

const part = fc.constantFrom<(asked: Asked, other: Asked) => Asked>(
  (a, b) => ({ ...a, request: { ...a.request, method: b.request.method } }),
  (a, b) => ({ ...a, request: { ...a.request, url: b.request.url } }),
  (a, b) => ({ ...a, request: { ...a.request, headers: b.request.headers } }),
  (a, b) => ({ ...a, body: b.body }),
  (a, b) => ({ ...a, session: b.session }),
  (a, b) => ({ ...a, capability: b.capability }),
  (a, b) => ({ ...a, service: b.service }),
  (a, b) => ({ ...a, rule: b.rule }),
  (a, b) => ({ ...a, witnessed: { ...a.witnessed, origin: b.witnessed.origin } }),
  (a, b) => ({ ...a, witnessed: { ...a.witnessed, topOrigin: b.witnessed.topOrigin } }),
  (a, b) => ({ ...a, witnessed: { ...a.witnessed, tabId: b.witnessed.tabId } }),
  (a, b) => ({ ...a, witnessed: { ...a.witnessed, frameId: b.witnessed.frameId } }),
  (a, b) => ({ ...a, witnessed: { ...a.witnessed, documentId: b.witnessed.documentId } }),
)

test('a call that differs in one part has another digest', () => {
  fc.assert(
    fc.property(asked, asked, part, (a, b, change) => {
      const changed = change(a, b)
      expect(digestOf(changed) === digestOf(a)).toBe(contentOf(changed) === contentOf(a))
    }),
    { numRuns: 2000 },
  )
})

test('what moves from one part to its neighbour is another call', () => {
  const [base] = fc.sample(asked, { numRuns: 1, seed: 1 })
  if (base === undefined) throw new Error('no sample')
  const withHeaders = (headers: [string, string][]) =>
    digestOf({ ...base, request: { ...base.request, headers } })
  const digests = [
    withHeaders([['a', 'bc']]),
    withHeaders([['ab', 'c']]),
    withHeaders([
      ['a', 'b'],
      ['c', ''],
    ]),
    withHeaders([]),
    digestOf({ ...base, body: new Uint8Array(0) }),
    digestOf({ ...base, body: null }),
    digestOf({ ...base, body: Buffer.from('no body') }),
    digestOf({ ...base, session: 'a', rule: 'b' }),
    digestOf({ ...base, session: 'ab', rule: '' }),
  ]
  expect(new Set(digests).size).toBe(digests.length)
})
