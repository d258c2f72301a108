import { describe, expect, test } from 'vitest'
import { explain } from '../../native-host/policy/explain.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { answer, bytes } from './policy-fixture.ts'

/** Ways around path rules that were measured on a comparable broker (Janee), row by row. */
const HOST = 'https://api.example.com'
const whole = exampleService({ baseUrls: [HOST] })

describe('c1: allow-only GET /v1/charges/* is not escaped', () => {
  const ways = [
    '/v1/charges/../customers',
    '/v1/charges/%2e%2e/customers',
    '/v1/charges/%2E%2E/customers',
    '/v1/charges/.%2e/customers',
    '/v1/charges/..\\customers',
    '/v1/charges/\t../customers',
    '/v1/charges/..%2fcustomers',
    '/v1/charges/..;/customers',
    '/v1/charges/%252e%252e/customers',
    '/v1/charges/x%00',
    '/v1/customers#/v1/charges/x',
    '/v1/customers?/v1/charges/x',
    '/v1/charges/x/../../customers#x',
  ]
  test.each(ways)('by %j', (way) => {
    expect(answer(`GET ${HOST}${way}`, ['allow GET /v1/charges/*'], whole)).toMatch(/^deny /)
  })
  test('and a fragment changes nothing of what is sent', () => {
    const claimed = { method: 'GET', url: `${HOST}/v1/charges/x#/../customers`, headers: [] }
    const out = explain(claimed, null, exampleCapability(['allow GET /v1/charges/*']), whole)
    expect([out.decision, out.request?.url]).toEqual(['allow', `${HOST}/v1/charges/x`])
  })
})

describe('c2: deny POST /v1/charges/** under allow POST /** is not evaded', () => {
  const rules = ['allow POST /**', 'deny POST /v1/charges/**']
  const ways = [
    '/v1/charges',
    '/v1/charges/',
    '/v1/charges/x',
    '/v1/./charges',
    '/v1//charges',
    '/v1/%63harges',
    '/v1/charges\\x',
    '/v1/\tcharges/x',
    '/x/../v1/charges/x',
    '//v1/charges/x',
    '/V1/charges/x',
    '/v1/Charges/x/',
    '/v1/charges;a=b/x',
    '/v1/charges%3Ba=b/x',
  ]
  test.each(ways)('by %j', (way) => {
    expect(answer(`POST ${HOST}${way}`, rules, whole)).toMatch(/^deny /)
  })
  test('by a path without a slash, which the URL parser glues to the host', () => {
    expect(answer(`POST ${HOST}v1/charges/x`, rules, whole)).toBe('deny other-service')
  })
  test('and another path is still allowed', () => {
    expect(answer(`POST ${HOST}/v1/refunds`, rules, whole)).toBe('allow rule-allow')
  })
  test('and `*` alone leaves the collection open, which `**` does not', () => {
    expect(answer(`POST ${HOST}/v1/charges`, ['allow POST /**', 'deny POST /v1/charges/*'], whole)).toMatch(
      /^allow/,
    )
  })
})

describe('c3: deny GET /v1/secret under allow GET /** is not evaded', () => {
  const ways = ['', '?x=1', '?', '#', '#x', '/', '/?x', '?x=1#y']
  test.each(ways)('by appending %j', (way) => {
    const rules = ['allow GET,HEAD /**', 'deny GET /v1/secret']
    expect(answer(`GET ${HOST}/v1/secret${way}`, rules, whole)).toBe('deny rule-deny')
    expect(answer(`HEAD ${HOST}/v1/secret${way}`, rules, whole)).toBe('deny rule-deny')
  })
  test('by encoding a character of the rule', () => {
    const rules = ['allow POST /**', 'deny POST /v1/models/*:delete']
    expect(answer(`POST ${HOST}/v1/models/a%3Adelete`, rules, whole)).toBe('deny rule-deny')
  })
})

describe('c4: the base path /api/v1 is not escaped', () => {
  const service = exampleService({ baseUrls: [`${HOST}/api/v1`] })
  const ways = [
    '/api/v1/../../admin',
    '/api/v1//admin',
    '/api/v1/%2e%2e/%2e%2e/admin',
    '/api/v1/..%2f..%2fadmin',
    '/api/v1\\..\\admin',
    '/api/v10/admin',
    '/api/v1%2fadmin/../../admin',
    '//admin',
    '/admin',
  ]
  test.each(ways)('by %j', (way) => {
    expect(answer(`GET ${HOST}${way}`, ['allow GET /**'], service)).toMatch(/^deny /)
  })
})

describe('c5: another host is never reached', () => {
  const ways = [
    'https://evil.test/v1/x',
    '//evil.test/v1/x',
    '///evil.test/v1/x',
    'https:///evil.test/v1/x',
    'https://api.example.com@evil.test/v1/x',
    'https://evil.test@api.example.com/v1/x',
    'https://user:pass@api.example.com/v1/x',
    'https://api.example.com:8443/v1/x',
    'https://api.example.com:0443/v1/x',
    'https://api.example.com:/v1/x',
    'http://api.example.com/v1/x',
    'https://sub.api.example.com/v1/x',
    'https://api.example.com.evil.test/v1/x',
    'https://xn--pi-7ba.example.com/v1/x',
    '/v1/x',
    'v1/x',
    '',
  ]
  test.each(ways)('by %j', (url) => {
    expect(answer(`GET ${url}`, ['allow * /**'], whole)).toMatch(/^deny /)
  })
})

describe('c6: only known methods are sent', () => {
  test.each(['PURGE', 'TRACE', 'CONNECT', 'TRACK', 'GET ', 'GE\tT', 'PROPFIND', 'opt\u0131ons', ''])(
    'not %j',
    (method) => {
      const claimed = { method, url: `${HOST}/v1/x`, headers: [] }
      const out = explain(claimed, null, exampleCapability(['allow * /**']), whole)
      expect(out).toEqual({ decision: 'deny', reason: 'method-unknown', rule: null, request: null })
    },
  )
  test('and lower case meets the same rules and leaves in upper case', () => {
    const rules = ['allow * /**', 'deny DELETE /**']
    expect(answer(`delete ${HOST}/v1/x`, rules, whole)).toBe('deny rule-deny')
    const claimed = { method: 'patch', url: `${HOST}/v1/x`, headers: [] }
    expect(explain(claimed, null, exampleCapability(rules), whole).request?.method).toBe('PATCH')
  })
})

describe('c7 and c8: no header of the page frames, routes or relabels the request', () => {
  const hostile = [
    ['Content-Length', '0'],
    ['Transfer-Encoding', 'chunked'],
    ['Host', 'evil.test'],
    ['Cookie', 'a=1'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['Connection', 'authorization'],
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Original-URL', '/admin'],
  ] as const
  test('each is dropped, also where the service would let it through', () => {
    const open = exampleService({
      baseUrls: [HOST],
      allowHeaders: hostile.map(([name]) => name.toLowerCase()),
    })
    for (const service of [whole, open]) {
      const claimed = {
        method: 'POST',
        url: `${HOST}/v1/x`,
        headers: [...hostile, ['Accept', '*/*'] as const],
      }
      const body = bytes('DELETE /v1/customers/1 HTTP/1.1\r\nX-Ignore: ')
      const out = explain(claimed, body, exampleCapability(['allow POST /**']), service)
      expect(out.request?.headers).toEqual({ accept: '*/*', 'user-agent': 'valetkey' })
    }
  })
  test('a query that relabels the method is refused', () => {
    for (const name of ['_method', '%5fmethod', '_METHOD', 'X-HTTP-Method-Override', '$httpMethod']) {
      expect(answer(`POST ${HOST}/v1/x?a=1&${name}=DELETE`, ['allow POST /**'], whole)).toBe(
        'deny url-unsafe',
      )
    }
  })
})
