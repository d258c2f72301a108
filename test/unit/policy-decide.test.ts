import { describe, expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decide } from '../../native-host/policy/decide.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { REASONS } from '../../native-host/policy/reason.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { answer, bytes } from './policy-fixture.ts'

const URL_X = 'https://api.example.com/v1/x'

function request(method = 'POST', url = URL_X): CanonicalRequest {
  const out = canonicalise({ method, url, headers: [['content-type', 'application/json']] }, exampleService())
  if ('refused' in out) throw new TypeError(out.refused)
  return out.request
}

describe('deny beats ask beats allow, and no rule is a denial', () => {
  const match = { allow: 'allow POST /v1/**', ask: 'ask POST /v1/x', deny: 'deny * /v1/x' }
  const table = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
    const rules = [bits & 1 ? match.allow : null, bits & 2 ? match.ask : null, bits & 4 ? match.deny : null]
    const effect =
      bits & 4 ? 'deny rule-deny' : bits & 2 ? 'ask rule-ask' : bits & 1 ? 'allow rule-allow' : 'deny no-rule'
    return [rules.filter((rule) => rule !== null), effect] as const
  })
  test.each(table)('%j: %s', (rules, expected) => {
    expect(answer(`POST ${URL_X}`, rules)).toBe(expected)
    expect(answer(`POST ${URL_X}`, rules.toReversed())).toBe(expected)
  })
  test('the rule that decided is named in the owner’s words', () => {
    const capability = exampleCapability(['allow POST /v1/**', 'deny * /v1/y'])
    expect(decide(request(), null, capability, exampleService())).toEqual({
      effect: 'allow',
      reason: 'rule-allow',
      rule: 'POST /v1/**',
    })
    expect(decide(request('POST', `${URL_X.slice(0, -1)}y`), null, capability, exampleService()).rule).toBe(
      '* /v1/y',
    )
  })
  test('a call that only its query keeps from a rule says so', () => {
    expect(answer(`GET ${URL_X}?q&force`, ['allow GET /v1/x?q'])).toBe('deny query-not-listed')
    expect(answer(`GET ${URL_X}?q`, ['allow GET /v1/x?q'])).toBe('allow rule-allow')
    expect(answer(`GET ${URL_X}?force`, ['ask GET /v1/x?q'])).toBe('deny query-not-listed')
    expect(answer(`PUT ${URL_X}?force`, ['allow GET /v1/x?q'])).toBe('deny no-rule')
  })
  test('a wide match of an ask rule takes an allow away but lets nothing through itself', () => {
    const upper = 'https://api.example.com/v1/X'
    expect(answer(`GET ${upper}`, ['ask GET /v1/x', 'allow GET /v1/*'])).toBe('ask rule-ask')
    expect(answer(`GET ${upper}`, ['ask GET /v1/x'])).toBe('deny no-rule')
  })
})

describe('what the service denies, no capability allows', () => {
  test('denyAlways, matched widely', () => {
    const service = exampleService({ denyAlways: ['* /v1/admin/**', '/v1/buy'] })
    const rules = ['allow * /**', 'allow * /v1/admin/**', 'ask * /v1/admin/x']
    expect(answer('GET https://api.example.com/v1/admin/x', rules, service)).toBe('deny always-denied')
    expect(answer('GET https://api.example.com/v1/ADMIN/', rules, service)).toBe('deny always-denied')
    expect(answer('POST https://api.example.com/v1/buy', rules, service)).toBe('deny always-denied')
    expect(answer('POST https://api.example.com/v1/buyer', rules, service)).toBe('allow rule-allow')
  })
  test('credentialMinting, unless a rule is that very pattern', () => {
    const service = exampleService({ credentialMinting: ['POST /v1/keys', 'POST /v1/keys/**'] })
    const call = 'POST https://api.example.com/v1/keys'
    expect(answer(call, ['allow POST /**'], service)).toBe('deny credential-minting')
    expect(answer(call, ['allow POST /v1/keys'], service)).toBe('deny credential-minting')
    expect(answer(call, ['allow POST /v1/keys', 'allow POST /v1/keys/**'], service)).toBe('allow rule-allow')
    expect(answer(call, ['ask POST /v1/keys', 'ask POST /v1/keys/**'], service)).toBe('ask rule-ask')
    expect(answer(call, ['deny POST /v1/keys', 'deny POST /v1/keys/**'], service)).toBe(
      'deny credential-minting',
    )
    expect(answer('POST https://api.example.com/v1/keyring', ['allow POST /**'], service)).toBe(
      'allow rule-allow',
    )
  })
})

describe('what cannot be evaluated is denied', () => {
  const allowing = exampleCapability(['allow * /**'])
  test('a capability of another service', () => {
    const other = exampleCapability(['allow * /**'], { service: 'other' })
    expect(decide(request(), null, other, exampleService()).reason).toBe('other-service')
  })
  test('a request that is not the service’s, however it came', () => {
    const service = exampleService({ baseUrls: ['https://api.example.com/v2'] })
    expect(decide(request(), null, allowing, service).reason).toBe('other-service')
  })
  test('a method that is not known, however it came', () => {
    expect(decide({ ...request(), method: 'TRACE' }, null, allowing, exampleService()).reason).toBe(
      'method-unknown',
    )
  })
  test.each([
    [{ rules: ['allow * /**', 'deny nonsense'] }, {}],
    [{ rules: ['allow * /**', 'allow GET nonsense'] }, {}],
    [{ rules: ['allow * /**'] }, { denyAlways: ['nonsense'] }],
    [{ rules: ['allow * /**'] }, { credentialMinting: ['/{x}'] }],
  ])('a rule that cannot be read: %j %j', ({ rules }, members) => {
    const out = decide(request(), null, exampleCapability(rules), exampleService(members))
    expect([out.effect, out.reason]).toEqual(['deny', 'rule-malformed'])
    expect(out.rule).toMatch(/nonsense|\{x\}/)
  })
  test('a path without a scheme', () => {
    const service = exampleService({ auth: [{ paths: ['/v1/y'], auth: { kind: 'none' } }] })
    expect(decide(request(), null, allowing, service).reason).toBe('no-auth')
  })
  test('values of the wrong shape, without throwing', () => {
    const broken = { ...allowing, rules: null } as unknown as Capability
    expect(decide(request(), null, broken, exampleService()).effect).toBe('deny')
    const service = { ...exampleService(), auth: [{ paths: ['bad'], auth: { kind: 'none' } }] } as Service
    expect(decide(request(), null, allowing, service).effect).toBe('deny')
    const text = 'not bytes' as unknown as Uint8Array
    const capability = exampleCapability(['allow * /**'], { models: ['a'] })
    expect(decide(request(), text, capability, exampleService()).effect).toBe('deny')
  })
  test('a capability without rules', () => {
    expect(answer(`GET ${URL_X}`, [])).toBe('deny no-rule')
  })
})

describe('conditions on the body come last', () => {
  const members = { body: [{ op: '<=' as const, pointer: '/n', limit: 5 }] }
  test('and turn both an allow and an ask into a denial', () => {
    for (const effect of ['allow', 'ask']) {
      const capability = exampleCapability([`${effect} POST /v1/x`], members)
      expect(decide(request(), bytes('{"n":5}'), capability, exampleService()).effect).toBe(effect)
      expect(decide(request(), bytes('{"n":6}'), capability, exampleService())).toEqual({
        effect: 'deny',
        reason: 'body-rule',
        rule: '/n <= 5',
      })
    }
  })
  test('and never turn a denial into anything else', () => {
    const capability = exampleCapability(['deny POST /v1/x'], members)
    expect(decide(request(), bytes('{"n":6}'), capability, exampleService()).reason).toBe('rule-deny')
  })
  test('and a GET of the same capability needs no body', () => {
    const capability = exampleCapability(['allow GET,POST /v1/x'], { ...members, models: [] })
    expect(decide(request('GET'), null, capability, exampleService()).effect).toBe('allow')
    expect(decide(request('POST'), null, capability, exampleService()).reason).toBe('body-required')
  })
})

describe('explain', () => {
  test('shows what would be sent, without the page’s credential', () => {
    const claimed = {
      method: 'get',
      url: `${URL_X}?a=1&key=sk-placeholder-000000#f`,
      headers: [
        ['Authorization', 'Bearer sk-placeholder-000000'],
        ['Accept', 'a'],
        ['accept', 'b'],
      ],
    } as const
    const service = exampleService({ requiredHeaders: { 'x-version': '1' } })
    expect(explain(claimed, null, exampleCapability(['allow GET /v1/*']), service)).toEqual({
      decision: 'allow',
      reason: 'rule-allow',
      rule: 'GET /v1/*',
      request: {
        method: 'GET',
        url: `${URL_X}?a=1`,
        headers: { accept: 'a, b', 'x-version': '1', 'user-agent': 'valetkey' },
      },
    })
  })
  test('has no request where none could be made canonical', () => {
    const claimed = { method: 'GET', url: 'https://evil.test/', headers: [] }
    expect(explain(claimed, null, exampleCapability(['allow * /**']), exampleService())).toEqual({
      decision: 'deny',
      reason: 'other-service',
      rule: null,
      request: null,
    })
  })
})

test('every reason is one sentence for the owner', () => {
  for (const [reason, sentence] of Object.entries(REASONS)) {
    expect(reason).toMatch(/^[a-z]+(-[a-z]+)+$/)
    expect(sentence).toMatch(/^[A-Z][^.]{10,150}\.$/)
  }
})
