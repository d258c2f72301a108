import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { oauth1Signature, type Parameter, signatureBase } from '../../native-host/auth/oauth1-signature.ts'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { inject } from '../../native-host/broker/inject.ts'
import { checkSecrets } from '../../native-host/owner/check-secrets.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { canonicalBody } from '../../native-host/policy/canonical-body.ts'
import type { Auth } from '../../shared/model/service.ts'
import { OCCASION, outboundOf, secretsOf, serviceWith } from './auth-fixture.ts'

type OAuth1 = Extract<Auth, { kind: 'oauth1' }>
const FORM = 'application/x-www-form-urlencoded'
const auth = (over: Partial<OAuth1> = {}): OAuth1 => ({
  kind: 'oauth1',
  consumerKey: 'ck',
  accessToken: 'at',
  algorithm: 'HMAC-SHA1',
  secret: 'consumer-secret',
  tokenSecret: 'access-token-secret',
  ...over,
})
const SECRETS = { 'consumer-secret': 'consumer &secret', 'access-token-secret': 'token-sécret' }

describe('published examples', () => {
  test('RFC 5849 section 3.4.1.1: the base string with query and form, names twice and empty values', () => {
    const parameters: Parameter[] = [
      ['b5', '=%3D'],
      ['a3', 'a'],
      ['c@', ''],
      ['a2', 'r b'],
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
      ['c2', ''],
      ['a3', '2 q'],
    ]
    expect(
      signatureBase('post', 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', parameters),
    ).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })
  test('RFC 5849 section 1.2: the photos of Jane', () => {
    const own = (timestamp: string, nonce: string, more: Parameter[]): Parameter[] => [
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', timestamp],
      ['oauth_nonce', nonce],
      ...more,
    ]
    const signed = (method: string, url: string, parameters: Parameter[], token: string) =>
      oauth1Signature(
        signatureBase(method, url, parameters),
        'kd94hf93k423kf44',
        token,
        'HMAC-SHA1',
      ).toString('base64')
    const start = own('137131200', 'wIjqoS', [['oauth_callback', 'http://printer.example.com/ready']])
    expect(signed('POST', 'https://photos.example.net/initiate', start, '')).toBe(
      '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
    )
    const photo = own('137131202', 'chapoH', [
      ['oauth_token', 'nnch734d00sl2jdk'],
      ['file', 'vacation.jpg'],
      ['size', 'original'],
    ])
    expect(
      signed(
        'GET',
        'http://photos.example.net/photos?file=vacation.jpg&size=original',
        photo,
        'pfkkdhi9sl3r4s00',
      ),
    ).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  })
  test('Twitter: a status with query and form (developer.x.com, creating a signature)', () => {
    const parameters: Parameter[] = [
      ['include_entities', 'true'],
      ['status', 'Hello Ladies + Gentlemen, a signed OAuth request!'],
      ['oauth_consumer_key', 'xvz1evFS4wEEPTGEFPHBog'],
      ['oauth_nonce', 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '1318622958'],
      ['oauth_token', '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb'],
      ['oauth_version', '1.0'],
    ]
    const base = signatureBase('POST', 'https://api.twitter.com/1.1/statuses/update.json', parameters)
    const signature = oauth1Signature(
      base,
      'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
      'HMAC-SHA1',
    )
    expect(signature.toString('base64')).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=')
  })
})

/** What a call says, taken out of its header, and what would be signed for it. */
function sent(url: string, one = auth(), over: { method?: string; type?: string; body?: string } = {}) {
  const { method = 'GET', type, body } = over
  const service = serviceWith(one, { baseUrls: [new URL(url).origin] })
  const headers: [string, string][] = type === undefined ? [] : [['content-type', type]]
  const canonical = canonicalise(
    { method, url, headers: [...headers, ['Authorization', 'OAuth oauth_token="mine"']] },
    service,
  )
  if ('refused' in canonical) throw new Error(canonical.refused)
  const bytes = body === undefined ? null : canonicalBody(canonical.request, Buffer.from(body), service)
  const injected = inject(canonical.request, bytes, null, service, one, secretsOf(SECRETS), OCCASION.now)
  const [, value = ''] = injected.outbound.headers.find(([name]) => name === 'authorization') ?? []
  const said = new Map(
    [...value.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', text = '']) => [
      name,
      decodeURIComponent(text),
    ]),
  )
  return { ...injected, said, value }
}
function expected(
  { said }: ReturnType<typeof sent>,
  method: string,
  url: string,
  parameters: Parameter[],
  secret = SECRETS['access-token-secret'],
) {
  const own = [...said].filter(([name]) => name !== 'oauth_signature')
  const base = signatureBase(method, url, [...own, ...parameters])
  // By hand, from RFC 5849 section 3.4.2: both secrets encoded.
  const key = `consumer%20%26secret&${secret === '' ? '' : 'token-s%C3%A9cret'}`
  const hash = said.get('oauth_signature_method') === 'HMAC-SHA1' ? 'sha1' : 'sha256'
  return createHmac(hash, key).update(base).digest('base64')
}

test('query and form are signed, and the signature must not come back', () => {
  const url = 'https://api.example.com/1.1/x.json?a=1&b=%2B+z&a=0&empty'
  const out = sent(url, auth(), { method: 'POST', type: FORM, body: 'status=Hi+%26&a=2' })
  const query: Parameter[] = [
    ['a', '1'],
    ['b', '+ z'],
    ['a', '0'],
    ['empty', ''],
  ]
  const form: Parameter[] = [
    ['status', 'Hi &'],
    ['a', '2'],
  ]
  expect(out.said.get('oauth_signature')).toBe(expected(out, 'POST', url, [...query, ...form]))
  expect(out.said.get('oauth_timestamp')).toBe('1440938160')
  expect(out.value).toMatch(/^OAuth oauth_consumer_key="ck", oauth_nonce="[0-9a-f]{32}", /)
  expect(out.needles.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toContain(
    out.said.get('oauth_signature'),
  )
  expect(sent(url).said.get('oauth_nonce')).not.toBe(sent(url).said.get('oauth_nonce'))
})

test('a body of any other type is not a parameter, and a form that was not held is not signed as if there were none', () => {
  const url = 'https://api.example.com/2/tweets'
  const out = sent(url, auth(), { method: 'POST', type: 'application/json', body: '{"text":"a=b&c=d"}' })
  expect(out.said.get('oauth_signature')).toBe(expected(out, 'POST', url, []))
  async function* stream() {
    yield Buffer.from('a=1')
  }
  const outbound = outboundOf({ method: 'POST', body: stream(), headers: [['content-type', FORM]] })
  expect(() => schemeOf(auth()).apply(outbound, auth(), secretsOf(SECRETS), OCCASION)).toThrow(
    expect.objectContaining({ code: 'internal', reason: 'body-not-held' }),
  )
})

test('what the page signed goes, from header, address and form', () => {
  const own = 'oauth_consumer_key=mine&oauth_signature=x&OAuth_Token=mine&oauth_nonce=1&oauth_timestamp=1'
  const out = sent(`https://api.example.com/x?${own}&q=1`, auth(), {
    method: 'POST',
    type: FORM,
    body: `${own}&status=1`,
  })
  expect(out.outbound.url).toBe('https://api.example.com/x?q=1')
  expect(Buffer.from(out.outbound.body as Uint8Array).toString()).toBe('status=1')
  expect(out.said.get('oauth_token')).toBe('at')
  expect(out.said.get('oauth_signature')).toBe(
    expected(out, 'POST', 'https://api.example.com/x', [
      ['q', '1'],
      ['status', '1'],
    ]),
  )
})

test('without a token, and with SHA-256', () => {
  const one = auth({ accessToken: null, algorithm: 'HMAC-SHA256' })
  const out = sent('https://api.example.com:8443/x', one)
  expect([...out.said.keys()]).not.toContain('oauth_token')
  expect(out.said.get('oauth_signature')).toBe(expected(out, 'GET', 'https://api.example.com:8443/x', [], ''))
  expect(Buffer.from(out.said.get('oauth_signature') ?? '', 'base64')).toHaveLength(32)
})

test('what is missing is missed when it is saved', () => {
  const flaw = (over: Partial<OAuth1>) => schemeOf(auth()).flaw?.(auth(over), { baseUrls: [] }) ?? null
  expect(flaw({})).toBeNull()
  expect(flaw({ accessToken: null })).toBeNull()
  for (const text of ['', 'a b', 'a\n', 'é']) {
    expect(flaw({ consumerKey: text })).toContain('consumer key')
    expect(flaw({ accessToken: text })).toContain('access token')
  }
  const check = (one: OAuth1, names: string[]) =>
    checkSecrets(
      { id: 's', auth: [{ paths: ['/**'], auth: one }] },
      new Map(names.map((name) => [name, Buffer.from('long-enough')])),
      true,
    )
  expect(() => check(auth(), ['consumer-secret', 'access-token-secret'])).not.toThrow()
  expect(() => check(auth(), ['consumer-secret'])).toThrow('access-token-secret')
  expect(() => check(auth({ accessToken: null }), ['consumer-secret'])).not.toThrow()
  expect(() => check(auth({ accessToken: null }), ['consumer-secret', 'access-token-secret'])).toThrow(
    'no secret',
  )
})
