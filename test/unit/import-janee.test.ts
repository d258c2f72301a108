import { createCipheriv, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pathSchemes } from '../../native-host/cli/path-schemes.ts'
import { serviceByHand } from '../../native-host/cli/service-by-hand.ts'
import { importJanee } from '../../native-host/import/import-janee.ts'
import { allowRule, denyRule } from '../../native-host/import/janee-rules.ts'
import { serviceFault } from '../../native-host/owner/import.ts'
import { matchesWidely } from '../../native-host/policy/matches-widely.ts'
import { matches, parsePattern } from '../../native-host/policy/pattern.ts'
import { isSafePath } from '../../native-host/policy/safe-path.ts'
import { queryPairs } from '../../native-host/policy/url-text.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { EXCHANGES, exchangeAuth } from '../support/exchanges.ts'
import { done, times } from '../support/hard.ts'
import { refusalOf } from './vault-fixture.ts'

const KEY = 'sk-canary-of-janee-0123456789'
const MASTER = Buffer.alloc(32, 7)

/** As Janee writes it: base64 of nonce, tag and ciphertext. */
function encrypted(text: string, key = MASTER): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

function credentials(secrets: Record<string, Record<string, unknown>>): string {
  return JSON.stringify({ masterKey: MASTER.toString('base64'), secrets })
}

const CONFIG = `
version: '0.3.0'
server: { port: 9119, host: localhost }
llm: { provider: openai, apiKey: ${KEY}-llm }
services:
  stripe:
    baseUrl: https://api.stripe.com
    auth: { type: bearer }
    ownership: { accessPolicy: all-agents }
  twilio:
    baseUrl: https://api.twilio.com/2010-04-01/
    auth: { type: bearer }
  claude:
    baseUrl: https://api.anthropic.com
    auth: { type: headers }
  Local Thing:
    baseUrl: http://127.0.0.1:1337/v1
    auth: { type: bearer, key: ${KEY}-pasted }
  bybit:
    baseUrl: https://api.bybit.com
    auth: { type: hmac-something }
  lost:
    baseUrl: https://lost.example
    auth: { type: bearer }
capabilities:
  charges:
    service: stripe
    ttl: 1h
    autoApprove: true
    rules:
      allow: ['GET *', 'POST /v1/charges/*', 'GET /v1/search?q=*']
      deny: ['* /v1/secrets/*']
  anything: { service: stripe, ttl: 15m }
  everything_but:
    service: stripe
    ttl: 1w
    rules: { deny: ['DELETE *'] }
  careful: { service: twilio, ttl: 10m, requiresReason: true, allowedAgents: [alice], rules: { allow: ['GET /Accounts/*'] } }
  broken: { service: stripe, ttl: 1h, rules: { allow: ['GET *'], deny: ['DELETE'] } }
  shell: { service: stripe, ttl: 1h, mode: exec, allowCommands: [git] }
  orphan: { service: bybit, ttl: 1h }
`
const CREDENTIALS = credentials({
  stripe: { key: encrypted(KEY) },
  twilio: { key: encrypted(`Basic ${Buffer.from('AC0:token-of-twilio').toString('base64')}`) },
  claude: {
    headers: { 'x-api-key': encrypted(`${KEY}-claude`), 'anthropic-version': encrypted('2023-06-01') },
  },
  lost: { key: encrypted('x'.repeat(20), Buffer.alloc(32, 8)) },
})

function plan(config = CONFIG, secrets: string | null = CREDENTIALS) {
  return importJanee(
    config,
    secrets,
    serviceByHand,
    (kinds, settings) => pathSchemes([...kinds], [...settings]),
    serviceFault,
  )
}

function secretsOf(made: ReturnType<typeof plan>, id: string): Record<string, string> {
  const found = made.services.find(({ service }) => service.id === id)
  return Object.fromEntries(
    [...(found?.secrets ?? [])].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  )
}

describe('services', () => {
  test('each kind that can be taken is taken with its key, and nothing is said of the keys', () => {
    const made = plan()
    expect(made.services.map(({ service }) => service.id)).toEqual([
      'stripe',
      'twilio',
      'claude',
      'local-thing',
    ])
    expect(secretsOf(made, 'stripe')).toEqual({ token: KEY })
    expect(secretsOf(made, 'twilio')).toEqual({ password: 'token-of-twilio' })
    expect(secretsOf(made, 'claude')).toEqual({ value: `${KEY}-claude` })
    expect(secretsOf(made, 'local-thing')).toEqual({ token: `${KEY}-pasted` })
    expect(JSON.stringify([made.leftOut, made.remarks, made.capabilities])).not.toContain(KEY)
    const [, twilio, claude, local] = made.services.map(({ service }) => service)
    expect(twilio).toMatchObject({
      baseUrls: ['https://api.twilio.com/2010-04-01'],
      auth: [{ auth: { kind: 'basic', username: 'AC0' } }],
    })
    expect(claude).toMatchObject({
      preset: 'anthropic',
      requiredHeaders: { 'anthropic-version': '2023-06-01' },
    })
    expect(local).toMatchObject({ local: { address: null } })
  })

  test('kinds that sign or mint are taken with all they need, and left out where something is missing', () => {
    const config = `services:
  bybit: { baseUrl: 'https://api.bybit.com', auth: { type: hmac-bybit } }
  okx: { baseUrl: 'https://www.okx.com', auth: { type: hmac-okx } }
  mexc: { baseUrl: 'https://api.mexc.com', auth: { type: hmac-mexc } }
  files: { baseUrl: 'https://s3.eu-west-1.amazonaws.com', auth: { type: aws-sigv4, region: eu-west-1, awsService: s3 } }
  x: { baseUrl: 'https://api.twitter.com', auth: { type: oauth1a-twitter } }
  half: { baseUrl: 'https://www.okx.com', auth: { type: hmac-okx } }
  app: { baseUrl: 'https://api.github.com', auth: { type: github-app, appId: '1' } }
`
    const pair = { apiKey: encrypted('key-of-exchange'), apiSecret: encrypted('secret-of-exchange') }
    const made = plan(
      config,
      credentials({
        bybit: pair,
        okx: { ...pair, passphrase: encrypted('words-of-exchange') },
        mexc: pair,
        files: {
          accessKeyId: encrypted('AKIAEXAMPLE000000000'),
          secretAccessKey: encrypted('secret-of-files-0123'),
        },
        x: {
          consumerKey: encrypted('consumer'),
          consumerSecret: encrypted('consumer-secret-0'),
          accessToken: encrypted('1-token'),
          accessTokenSecret: encrypted('token-secret-00'),
        },
        half: pair,
      }),
    )
    expect(made.services.map(({ service }) => [service.id, service.auth[0]?.auth.kind])).toEqual([
      ['bybit', 'hmac'],
      ['okx', 'hmac'],
      ['mexc', 'hmac'],
      ['files', 'sigv4'],
      ['x', 'oauth1'],
    ])
    for (const [id, name] of [
      ['bybit', 'bybit'],
      ['okx', 'okx'],
      ['mexc', 'mexc'],
    ] as const) {
      const exchange = EXCHANGES[name]
      const auth = made.services.find(({ service }) => service.id === id)?.service.auth[0]?.auth
      expect(auth).toEqual(exchange === undefined ? null : exchangeAuth(exchange, 'key-of-exchange'))
    }
    expect(secretsOf(made, 'okx')).toEqual({ secret: 'secret-of-exchange', passphrase: 'words-of-exchange' })
    expect(secretsOf(made, 'x')).toEqual({
      'consumer-secret': 'consumer-secret-0',
      'access-token-secret': 'token-secret-00',
    })
    expect(made.leftOut.map(({ about }) => about)).toEqual(['service half', 'service app'])
  })

  test('what cannot be taken is said with why', () => {
    const said = Object.fromEntries(plan().leftOut.map(({ about, text }) => [about, text]))
    expect(said['service lost']).toMatch(/cannot be decrypted/)
    expect(said['service bybit']).toMatch(/`hmac-something`/)
    expect(said['capability orphan']).toMatch(/its service is not taken/)
    expect(said['capability shell']).toMatch(/programs/)
    expect(said['capability broken']).toMatch(/the denial `DELETE` is not/)
    expect(said.llm).toBeDefined()
    expect(plan().remarks).toContainEqual({
      about: 'service Local Thing',
      text: expect.stringMatching(/in clear/),
    })
  })

  test('without the credentials file only pasted keys are found; an old file holds its own', () => {
    expect(plan(CONFIG, null).services.map(({ service }) => service.id)).toEqual(['local-thing'])
    const old = `masterKey: ${MASTER.toString('base64')}\nservices:\n  old:\n    baseUrl: https://old.example\n    auth: { type: bearer, key: ${encrypted(KEY)} }\n`
    expect(secretsOf(plan(old, null), 'old')).toEqual({ token: KEY })
  })

  test.each([
    ['a list', '- services: 1', null],
    ['services of another kind', 'services: [a]', null],
    ['a service without an address', 'services: { a: { auth: { type: bearer } } }', null],
    ['a key that is none', CONFIG, JSON.stringify({ masterKey: 'c2hvcnQ=', secrets: {} })],
    ['credentials of another kind', CONFIG, '{"services":{}}'],
    ['YAML with a key twice', 'services: {}\nservices: {}', null],
    ['JSON with a key twice', '{"services":{},"capabilities":{},"services":{}}', null],
    [
      'JSON with rules twice',
      '{"services":{},"capabilities":{"a":{"service":"b","rules":{"deny":["* *"]},"rules":{"allow":["* *"]}}}}',
      null,
    ],
    ['YAML with a tag', 'services: !!js/function x', null],
    [
      'YAML that swells',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`)
        .join('\n')}\nservices: {}`,
      null,
    ],
    ['brackets without end', `services: ${'['.repeat(50_000)}`, null],
  ])('%s is refused', (_, config, secrets) => {
    expect(refusalOf(() => plan(config, secrets))).toBe('invalid')
  })
})

describe('capabilities', () => {
  const of = (id: string) => plan().capabilities.find((each) => each.id === id)
  const said = (name: string) =>
    plan()
      .remarks.filter(({ about }) => about === `capability ${name}`)
      .map(({ text }) => text)

  test('rules become rules, and what Janee also let through is said', () => {
    expect(of('charges')).toMatchObject({
      service: 'stripe',
      limits: { ttl: 3600 },
      rules: [
        { effect: 'deny', pattern: '* /v1/secrets/**' },
        { effect: 'allow', pattern: 'GET /**' },
        { effect: 'allow', pattern: 'POST /v1/charges/*/**' },
      ],
    })
    expect(said('charges')).toEqual([expect.stringMatching(/`GET \/v1\/search\?q=\*` is left out/)])
  })

  test('no rules allowed everything there and allow nothing here', () => {
    expect(of('anything')?.rules).toEqual([])
    expect(said('anything')).toEqual([expect.stringMatching(/Janee allowed every call/)])
    expect(of('everything-but')?.rules).toEqual([{ effect: 'deny', pattern: 'DELETE /**' }])
    expect(said('everything_but')).toEqual([
      expect.stringMatching(/it only denies/),
      expect.stringMatching(/time to live/),
    ])
  })

  test('where Janee noted that somebody must agree, somebody is asked', () => {
    expect(of('careful')?.rules).toEqual([{ effect: 'ask', pattern: 'GET /2010-04-01/Accounts/*/**' }])
    expect(said('careful')).toHaveLength(2)
  })
})

describe('rules', () => {
  const { cases } = JSON.parse(
    readFileSync(new URL('../vectors/import/janee-rules.json', import.meta.url), 'utf8'),
  ) as { cases: [string, string[], string | null][] }

  test.each(cases)('%s', (rule, allowed, denied) => {
    expect(allowRule(rule, '/api').patterns).toEqual(allowed)
    if (denied === null) expect(refusalOf(() => denyRule(rule, '/api'))).toBe('invalid')
    else expect(denyRule(rule, '/api')).toBe(denied)
  })

  /** Janee's own comparison, as `janee.md` describes it: raw path with its query, `*` for any text, anchored. */
  function janeeMatches(rule: string, method: string, target: string): boolean {
    const [own = '', path = ''] = rule.trim().split(/\s+/)
    if (own !== '*' && own.toUpperCase() !== method) return false
    const source = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
    return new RegExp(`^${source}$`).test(target)
  }

  test('none allows a call that Janee denied, none lets through one that Janee denied by name', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', 'v1', '*', 'a*', '*b', 'a*b', '**')
    const path = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => `/${pieces.join('/')}`)
    const method = fc.constantFrom('GET', 'POST', '*', 'get')
    const rule = fc.tuple(
      method,
      fc.oneof(
        path,
        fc.constant('*'),
        path.map((text) => `${text}?q=*`),
        path.map((text) => `${text}/`),
      ),
    )
    const target = fc.tuple(
      fc.constantFrom('GET', 'POST'),
      fc
        .array(fc.constantFrom('a', 'b', 'ab', 'acb', 'v1', 'axx'), { minLength: 1, maxLength: 5 })
        .map((pieces) => `/${pieces.join('/')}`),
      fc.constantFrom('', '?q=1', '?x=1&q=2', '?'),
      fc.boolean(),
    )
    let compared = 0
    let matched = 0
    fc.assert(
      fc.property(rule, target, ([verb, own], [call, bare, query, slash]) => {
        const text = `${verb} ${own}`
        const asked = `${bare}${slash ? '/' : ''}`
        if (!isSafePath(`/api${asked}`)) return
        const janee = janeeMatches(text, call, asked + query)
        const pairs = queryPairs(query)
        const allowed = allowRule(text, '/api').patterns.some((each) =>
          matches(parsePattern(each), call, `/api${asked}`, pairs),
        )
        if (allowed && query !== '?') expect(janee).toBe(true)
        const denied = deniedHere(text)
        if (janee && denied !== null)
          expect(matchesWidely(parsePattern(denied), call, `/api${asked}`, pairs)).toBe(true)
        compared += 1
        if (janee) matched += 1
      }),
      { numRuns: times(3000, 200_000) },
    )
    expect(matched).toBeGreaterThan(compared / 20)
    done('rules of Janee compared with ours on calls', compared)
  })

  function deniedHere(text: string): string | null {
    try {
      return denyRule(text, '/api')
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }
})
