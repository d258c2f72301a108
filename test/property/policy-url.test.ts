import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalise, serviceFor } from '../../native-host/policy/canonical.ts'
import { exampleService } from '../support/examples.ts'
import { oracleUrl } from './policy-oracle.ts'

const ORIGIN = 'https://api.example.com'
const service = exampleService({ strip: { headers: [], query: ['key'], jsonFields: [] } })

/** Pieces of which hostile URLs are made. */
const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '/v1',
    '/v1/',
    '/V1/',
    'v1',
    '.',
    '..',
    '/../',
    '%2e',
    '%2E%2e',
    '%2f',
    '%5C',
    '\\',
    '%00',
    '%25',
    '%252e',
  ],
  ...[
    '%',
    '%zz',
    '%61',
    '%c3%a9',
    '%3b',
    '%3A',
    ';',
    '@',
    ':',
    ':443',
    ':80',
    ':0443',
    '?',
    '#',
    '&',
    '=',
    'key=1',
    '%0d%0a',
    '%0A',
    '%09',
    '+',
  ],
  ...[
    '\t',
    '\n',
    ' ',
    '\u3002',
    '\u00e9',
    '\uff0f',
    "'",
    '"',
    '^',
    '|',
    '<',
    '~',
    'x',
    'admin',
    'evil.test',
    'api.example.com',
    '%7e',
  ],
)
const host = fc.constantFrom(
  ...[
    'https://api.example.com',
    'HTTPS://API.example.COM',
    'https://api.example.com:443',
    'https://api.example.com.',
  ],
  ...[
    'http://api.example.com',
    'https:/api.example.com',
    'https:api.example.com',
    '//api.example.com',
    'https://evil.test',
  ],
  ...[
    'https://api.example.com@evil.test',
    'https://x@api.example.com',
    'https://api.example.com:8443',
    ' https://api.example.com',
  ],
  ...[
    'https://api.example\u3002com',
    'https://api%2eexample.com',
    'https:///api.example.com',
    'https:\\\\api.example.com',
  ],
)
const usual = fc.constantFrom('https://api.example.com/v1', 'https://api.example.com/v1/')
const hostileUrl = fc
  .tuple(fc.oneof({ weight: 2, arbitrary: usual }, host), fc.array(piece, { maxLength: 7 }))
  .map(([start, pieces]) => start + pieces.join(''))

test('the host and an independent oracle agree on 20,000 hostile URLs, and what is sent parses to what was decided', () => {
  let accepted = 0
  fc.assert(
    fc.property(hostileUrl, (url) => {
      const out = canonicalise({ method: 'GET', url, headers: [] }, exampleService())
      const opinion = oracleUrl(url, ORIGIN, '/v1')
      if (!('request' in out)) {
        expect(opinion, url).toBeNull()
        return
      }
      accepted++
      const { request } = out
      expect({ path: request.path, search: request.url.slice((ORIGIN + request.path).length) }).toEqual(
        opinion,
      )
      const parsed = new URL(request.url)
      expect([parsed.href, parsed.origin, parsed.pathname, parsed.hash]).toEqual([
        request.url,
        ORIGIN,
        request.path,
        '',
      ])
      expect(serviceFor(request.url, [service])).toBe(service)
    }),
    { numRuns: 20_000 },
  )
  expect(accepted).toBeGreaterThan(1000)
})

test('a canonical request made canonical again is itself', () => {
  const header = fc.tuple(
    fc.constantFrom(
      'accept',
      'Accept',
      'content-type',
      'X-Stainless-Lang',
      'authorization',
      'x-other',
      'prefer',
    ),
    fc.string({ maxLength: 12 }),
  )
  const required = exampleService({
    strip: { headers: ['prefer'], query: ['key'], jsonFields: [] },
    requiredHeaders: { 'x-version': '1', accept: '*/*' },
  })
  let accepted = 0
  fc.assert(
    fc.property(hostileUrl, fc.array(header, { maxLength: 4 }), (url, headers) => {
      const once = canonicalise({ method: 'get', url, headers }, required)
      if (!('request' in once)) return
      accepted++
      expect(canonicalise(once.request, required)).toEqual(once)
    }),
    { numRuns: 10_000 },
  )
  expect(accepted).toBeGreaterThan(100)
})

test('stripping takes whole parameters and leaves the bytes of all others', () => {
  const pair = fc
    .stringMatching(/^[a-z0-9%+=_.~-]{0,8}$/)
    .filter((text) => !/%(?![0-9a-f]{2})|%[01]|%7f/.test(text))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 6 }), fc.array(fc.nat(6), { maxLength: 3 }), (pairs, places) => {
      const mixed = [...pairs]
      for (const place of places) mixed.splice(place, 0, 'key=secret')
      const search = mixed.length === 0 ? '' : `?${mixed.join('&')}`
      const out = canonicalise({ method: 'GET', url: `${ORIGIN}/v1/x${search}`, headers: [] }, service)
      const kept = pairs.filter((each) => new URLSearchParams(each).keys().next().value?.trim() !== 'key')
      const expected = kept.length === mixed.length ? search : kept.length === 0 ? '' : `?${kept.join('&')}`
      expect('request' in out ? out.request.url : out.refused).toBe(`${ORIGIN}/v1/x${expected}`)
    }),
    { numRuns: 3000 },
  )
})
