import { describe, expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { explain } from '../../native-host/policy/explain.ts'
import type { Auth } from '../../shared/model/service.ts'
import { exampleCapability } from '../support/examples.ts'
import { KEY, OCCASION, outboundOf, PLACEHOLDER, secretsOf, serviceWith } from './auth-fixture.ts'

const auth: Auth = { kind: 'path', template: '/bot{}', secret: 'value' }
const sent = (url: string, basePath = '', value = KEY, template = '/bot{}') => {
  const one: Auth = { kind: 'path', template, secret: 'value' }
  return schemeOf(one).apply(outboundOf({ url }), one, secretsOf({ value }), { ...OCCASION, basePath })
    .outbound.url
}
const flaw = (template: string) => {
  const one: Auth = { kind: 'path', template, secret: 'value' }
  return schemeOf(one).flaw?.(one, { baseUrls: [] }) ?? null
}

test('the secret stands between the base URL and what was asked for, and all else stays', () => {
  expect(sent('https://a.example/getMe')).toBe(`https://a.example/bot${KEY}/getMe`)
  expect(sent('https://a.example/getMe?a=%20b?c')).toBe(`https://a.example/bot${KEY}/getMe?a=%20b?c`)
  expect(sent('https://a.example/getMe?')).toBe(`https://a.example/bot${KEY}/getMe?`)
  expect(sent('https://a.example/')).toBe(`https://a.example/bot${KEY}`)
  expect(sent('https://a.example/v1/x/', '/v1')).toBe(`https://a.example/v1/bot${KEY}/x/`)
  expect(sent('https://a.example/v1', '/v1')).toBe(`https://a.example/v1/bot${KEY}`)
})

test('a secret is written as a path is, with its slashes, and none is written that two parsers read differently', () => {
  expect(sent('https://a.example/x', '', '12:A-b_c')).toBe('https://a.example/bot12:A-b_c/x')
  expect(sent('https://a.example/x', '', 'T0/B0/x y', '/services/{}')).toBe(
    'https://a.example/services/T0/B0/x%20y/x',
  )
  expect(sent('https://a.example/x', '', 'a$&b', '/services/{}')).toBe('https://a.example/services/a$&b/x')
  for (const value of ['a/../b', '../b', 'a//b', '/a', 'a/', '..', 'a;b', 'a\\b', 'a%2fb']) {
    const fault = schemeOf(auth).fault(value)
    // Behind `/bot` a lone `..` is no segment; behind a slash it is.
    expect(fault, value).toContain('two ways')
    expect(() => sent('https://a.example/x', '', value), value).toThrow(
      expect.objectContaining({ reason: 'secret-unsendable' }),
    )
  }
})

test('a call that is not below the base path is not sent', () => {
  expect(() => sent('https://a.example/other', '/v1')).toThrow(
    expect.objectContaining({ reason: 'path-unsafe' }),
  )
})

test.each([
  ['/k/{}', null],
  ['/{}', null],
  ['/v3/{}/rpc', null],
  ['k/{}', 'beginning of a path'],
  ['/k/{}/', 'beginning of a path'],
  ['/k/{}?x', 'beginning of a path'],
  ['/k/{}#x', 'beginning of a path'],
  ['/a/../{}', 'beginning of a path'],
  ['//{}', 'beginning of a path'],
  ['/a b/{}', 'beginning of a path'],
  ['/k', 'once'],
  ['/{}/{}', 'once'],
])('the template %s: %s', (template, wrong) => {
  if (wrong === null) expect(flaw(template)).toBeNull()
  else expect(flaw(template)).toContain(wrong)
})

describe('what a page wrote', () => {
  const service = serviceWith(auth, {
    baseUrls: ['https://api.example.com', 'https://api.example.com/v1'],
    auth: [
      { paths: ['GET /admin/**'], auth: { kind: 'none' } },
      { paths: ['/**'], auth },
    ],
  })
  const pathOf = (path: string) => {
    const canonical = canonicalise(
      { method: 'GET', url: `https://api.example.com${path}`, headers: [] },
      service,
    )
    return 'request' in canonical ? canonical.request.path : canonical.refused
  }
  test.each([
    [`/bot${PLACEHOLDER}/getMe`, '/getMe'],
    ['/getMe', '/getMe'],
    [`/bot${PLACEHOLDER}`, '/'],
    [`/bot${PLACEHOLDER}/`, '/'],
    [`/v1/bot${PLACEHOLDER}/x`, '/v1/x'],
    [`/bot${PLACEHOLDER}/bot${PLACEHOLDER}/x`, '/x'],
    [`/x/bot${PLACEHOLDER}/y`, `/x/bot${PLACEHOLDER}/y`],
    [`/bot${PLACEHOLDER}x/y`, `/bot${PLACEHOLDER}x/y`],
    ['/botother/getMe', '/botother/getMe'],
  ])('%s is %s, once and again', (path, canonical) => {
    expect(pathOf(path)).toBe(canonical)
    expect(pathOf(canonical)).toBe(canonical)
  })
  test('is decided without the prefix, and explained so', () => {
    const capability = exampleCapability(['allow GET /getMe', 'deny GET /getUpdates'])
    const ask = (path: string) =>
      explain(
        { method: 'GET', url: `https://api.example.com${path}`, headers: [] },
        null,
        capability,
        service,
      )
    expect(ask(`/bot${PLACEHOLDER}/getMe`)).toMatchObject({
      decision: 'allow',
      request: { url: 'https://api.example.com/getMe' },
    })
    expect(ask(`/bot${PLACEHOLDER}/getUpdates`)).toMatchObject({ decision: 'deny', reason: 'rule-deny' })
    expect(ask(`/bot${PLACEHOLDER}/other`)).toMatchObject({ decision: 'deny', reason: 'no-rule' })
  })
  test('a placeholder that is percent-encoded counts too', () => {
    const odd = serviceWith(auth, { baseUrls: ['https://api.example.com'], placeholder: '12:placeholder' })
    for (const text of ['12:placeholder', '12%3Aplaceholder']) {
      const canonical = canonicalise(
        { method: 'GET', url: `https://api.example.com/bot${text}/x`, headers: [] },
        odd,
      )
      expect(canonical).toMatchObject({ request: { path: '/x' } })
    }
  })
})
