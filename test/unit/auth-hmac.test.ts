import { describe, expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { inject } from '../../native-host/broker/inject.ts'
import { pathSchemes } from '../../native-host/cli/path-schemes.ts'
import { UsageError } from '../../native-host/cli/usage-error.ts'
import { checkSecrets } from '../../native-host/owner/check-secrets.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { needsBody } from '../../native-host/policy/needs-body.ts'
import type { Auth } from '../../shared/model/service.ts'
import { exampleCapability } from '../support/examples.ts'
import { EXCHANGES, exchangeAuth } from '../support/exchanges.ts'
import { secretsOf, serviceWith } from './auth-fixture.ts'

type Hmac = Extract<Auth, { kind: 'hmac' }>
const schemeFor = (...sets: string[]) => pathSchemes(['hmac'], sets)[0]?.auth as Hmac

interface Asked {
  method?: string
  url: string
  headers?: [string, string][]
  body?: string | AsyncIterable<Uint8Array>
}
function sent(
  auth: Hmac,
  { method = 'GET', url, headers = [], body }: Asked,
  secrets: Record<string, string>,
  now = Date.now(),
) {
  const service = serviceWith(auth, { baseUrls: [new URL(url).origin] })
  const canonical = canonicalise({ method, url, headers }, service)
  if ('refused' in canonical) throw new Error(canonical.refused)
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? null)
  const { outbound, needles } = inject(canonical.request, bytes, null, service, auth, secretsOf(secrets), now)
  return {
    ...outbound,
    needles,
    header: (name: string) => outbound.headers.find(([each]) => each === name)?.[1],
  }
}

describe('examples that exchanges publish', () => {
  // https://developers.binance.com/docs/binance-spot-api-docs/rest-api, SIGNED endpoint examples for POST /api/v3/order
  test('Binance', () => {
    const auth = schemeFor(
      'key-id=K',
      'key-header=X-MBX-APIKEY',
      'timestamp-param=timestamp',
      'signature-param=signature',
      'message={query}{body}',
    )
    const query = 'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000'
    const secret = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j'
    const out = sent(
      auth,
      { url: `https://api.binance.com/api/v3/order?${query}` },
      { secret },
      1499827319559,
    )
    expect(out.url).toBe(
      `https://api.binance.com/api/v3/order?${query}&timestamp=1499827319559&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71`,
    )
  })
  // The same page, part of it in the body: the page brings the time there itself.
  test('Binance, in query and body', () => {
    const auth = schemeFor(
      'key-id=K',
      'key-header=X-MBX-APIKEY',
      'signature-param=signature',
      'message={query}{body}',
    )
    const secret = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j'
    const out = sent(
      auth,
      {
        method: 'POST',
        url: 'https://api.binance.com/api/v3/order?symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC',
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: 'quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559',
      },
      { secret },
    )
    expect(out.url).toContain('&signature=0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77')
  })
  // https://www.gate.com/docs/developers/apiv4/en/#api-signature-string-generation
  test.each([
    [
      {
        method: 'GET',
        url: 'https://api.gateio.ws/api/v4/futures/orders?contract=BTC_USD&status=finished&limit=50',
      },
      '55f84ea195d6fe57ce62464daaa7c3c02fa9d1dde954e4c898289c9a2407a3d6fb3faf24deff16790d726b66ac9f74526668b13bd01029199cc4fcc522418b8a',
    ],
    [
      {
        method: 'POST',
        url: 'https://api.gateio.ws/api/v4/futures/orders',
        headers: [['content-type', 'application/json']],
        body: '{"contract":"BTC_USD","type":"limit","size":100,"price":6800,"time_in_force":"gtc"}',
      },
      'eae42da914a590ddf727473aff25fc87d50b64783941061f47a3fdb92742541fc4c2c14017581b4199a1418d54471c269c03a38d788d802e2c306c37636389f0',
    ],
  ] as [Asked, string][])('Gate: %j', (asked, signature) => {
    const auth = exchangeAuth(EXCHANGES.gate as never, 'key') as Hmac
    const out = sent(auth, asked, { secret: 'secret' }, 1541993715_000)
    expect([out.header('sign'), out.header('timestamp'), out.header('key')]).toEqual([
      signature,
      '1541993715',
      'key',
    ])
  })
  // https://mexcdevelop.github.io/apidocs/spot_v3_en/#signed
  test('MEXC', () => {
    const auth = exchangeAuth(EXCHANGES.mexc as never, 'mx0aBYs33eIilxBWC5') as Hmac
    const query = 'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=11&recvWindow=5000'
    const secret = '45d0b3c26f2644f19bfb98b07741b2f5'
    const out = sent(
      auth,
      { method: 'POST', url: `https://api.mexc.com/api/v3/order?${query}` },
      { secret },
      1644489390087,
    )
    expect(out.url).toContain('&signature=fd3e4e8543c5188531eb7279d68ae7d26a573d0fc5ab0d18eb692451654d837a')
  })
})

describe.each(Object.entries(EXCHANGES))('%s', (name, exchange) => {
  const keys = {
    key: 'public-half',
    secret: Buffer.from(`secret of ${name}!`).toString('base64'),
    passphrase: 'open sesame',
  }
  const auth = exchangeAuth(exchange, keys.key) as Hmac
  const stored = {
    secret: keys.secret,
    ...(auth.headers.some(({ value }) => value === '{passphrase}') ? { passphrase: keys.passphrase } : {}),
  }
  const faultOf = (asked: Asked, now = Date.now(), over: Partial<typeof keys> = {}) => {
    const out = sent(auth, asked, stored, now)
    const { origin } = new URL(out.url)
    const body = out.body === null ? '' : Buffer.from(out.body as Uint8Array).toString()
    const request = {
      method: out.method,
      url: out.url.slice(origin.length),
      headers: Object.fromEntries(out.headers),
    }
    return exchange.fault(request, body, { ...keys, ...over })
  }
  const get = { url: 'https://api.example.com/v5/order?symbol=BTC-USDT&limit=1%202' }
  const post = {
    method: 'POST',
    url: 'https://api.example.com/v5/order',
    headers: [['content-type', 'application/json']] as [string, string][],
    body: '{"symbol":"BTC","price":"1€"}',
  }
  test('lets in what is signed, with a query, with a body and with neither', () => {
    for (const asked of [get, post, { url: 'https://api.example.com/v5/time' }])
      expect(faultOf(asked)).toBeNull()
  })
  test('refuses another secret, and a clock that is off', () => {
    expect(faultOf(get, Date.now(), { secret: 'b3RoZXI=' })).toContain('not valid')
    expect(faultOf(get, Date.now() - 600_000)).toContain('window')
  })
  test('loses what the page put where key, time and signature go, and hears nothing back of its signature', () => {
    const theirs = auth.headers.map(({ name: each }): [string, string] => [each, 'theirs'])
    const query = auth.query.map(({ name: each }) => `${each}=theirs`).join('&')
    const url = `https://api.example.com/v5/order?a=1${query === '' ? '' : `&${query}`}`
    expect(faultOf({ url, headers: theirs })).toBeNull()
    const out = sent(auth, { url, headers: theirs }, stored)
    expect(JSON.stringify([out.url, out.headers])).not.toContain('theirs')
    const digests = out.needles.map(({ bytes }) => Buffer.from(bytes))
    const all = JSON.stringify([decodeURIComponent(out.url), out.headers])
    const isIn = (bytes: Buffer) =>
      all.includes(bytes.toString('hex')) || all.includes(bytes.toString('base64'))
    const size = auth.algorithm === 'sha512' ? 64 : 32
    expect(digests.filter((bytes) => bytes.length === size).some(isIn)).toBe(true)
  })
  test('is complete when it is saved, and needs the body only where it signs it', () => {
    expect(schemeOf(auth).flaw?.(auth, { baseUrls: [] })).toBeNull()
    const service = { id: name, auth: [{ paths: ['/**'], auth }] }
    const bytes = new Map(Object.entries(stored).map(([each, text]) => [each, Buffer.from(text)]))
    expect(() => checkSecrets(service, bytes, true)).not.toThrow()
    for (const each of bytes.keys()) {
      const without = new Map([...bytes].filter(([other]) => other !== each))
      expect(() => checkSecrets(service, without, true)).toThrow(each)
    }
    const request = {
      method: 'POST',
      url: post.url,
      origin: 'https://api.example.com',
      path: '/v5/order',
      query: [],
      headers: [],
    }
    const needs = (message: string) =>
      needsBody(
        request,
        exampleCapability([]),
        serviceWith({ ...auth, message }, { baseUrls: ['https://api.example.com'] }),
      )
    expect(needs(auth.message)).toBe(true)
    expect(needs('{method}{path}')).toBe(false)
    expect(needs('{method}{body-sha256}')).toBe(true)
    expect(needs('{method}{body-sha512}')).toBe(true)
  })
})

test('a header of any form, a hash of the body, base64url and lines', () => {
  const auth = schemeFor(
    'key-id=K',
    'header=Authorization',
    'format=HMAC-SHA512 {key-id}:{signature}',
    'algorithm=sha512',
    'encoding=base64url',
    'message={method}{newline}{host}{path}{newline}{body-sha256}',
  )
  const out = sent(
    auth,
    { method: 'POST', url: 'https://api.example.com:8443/a', body: '' },
    { secret: 's3cret' },
  )
  // Computed with OpenSSL: printf 'POST\napi.example.com:8443/a\n<sha256 of nothing>' | openssl dgst -sha512 -hmac s3cret
  expect(out.header('authorization')).toBe(
    'HMAC-SHA512 K:0nE69yJH9NIw2mYnMaJIjlbdCoAZhfadlHpxx3EHs9xq-ygBZI5cm1NpeZv_GH0wz891FRPP3m2bRXWD9VHV5w',
  )
})

test('a body that was not held is never signed as if there were none', async () => {
  async function* stream() {
    yield Buffer.from('x')
  }
  const auth = schemeFor('signature-header=x-sign', 'message={method}{body}')
  expect(() =>
    sent(auth, { method: 'POST', url: 'https://api.example.com/a', body: stream() }, { secret: 's3cret' }),
  ).toThrow(expect.objectContaining({ code: 'internal', reason: 'body-not-held' }))
})

test.each([
  [['signature-header=x-sign', 'message={method}'], null],
  [['signature-header=x-sign', 'timestamp-header=x-time'], null],
  [['signature-header=x-sign'], 'not told the time'],
  [['timestamp-header=x-time'], 'goes nowhere'],
  [['signature-header=x-sign', 'message=fixed'], 'says nothing of the call'],
  [['signature-header=x-sign', 'message={nonce}'], '`{nonce}`'],
  [['signature-header=x-sign', 'message={method}', 'header=x-a', 'format={body}'], '`{body}`'],
  [['signature-header=x-sign', 'message={method}', 'key-header=x-key'], '`key-id`'],
  [['signature-header=x-sign', 'message={method}{key-id}'], '`key-id`'],
  [['signature-header=x-sign', 'message={method}', 'key-header=X-Sign', 'key-id=K'], 'twice'],
  [['signature-header=x-sign', 'message={method}', 'header=x-a', 'format= a'], 'x-a'],
  [['signature-header=x-sign', 'message={method}', 'key-header=x-key', 'key-id=a\nb'], 'key id'],
] as [string[], string | null][])('before it is saved: %j: %s', (sets, wrong) => {
  const auth = schemeFor(...sets)
  const flaw = schemeOf(auth).flaw?.(auth, { baseUrls: [] }) ?? null
  if (wrong === null) expect(flaw).toBeNull()
  else expect(flaw).toContain(wrong)
})

test.each([
  [['algorithm=md5']],
  [['encoding=latin1']],
  [['timestamp=never']],
  [['secret-encoding=rot13']],
  [['header=x-a']],
  [['format.2=x']],
  [['nonce-header=x']],
])('on the command line %j is wrong usage', (sets) => {
  expect(() => pathSchemes(['hmac'], sets)).toThrow(UsageError)
})

test('a secret that is not what the scheme says it is written in is refused when it is saved', () => {
  const base64 = schemeFor('signature-header=x-sign', 'message={method}', 'secret-encoding=base64')
  const hex = schemeFor('signature-header=x-sign', 'message={method}', 'secret-encoding=hex')
  const check = (auth: Hmac, text: string) =>
    checkSecrets(
      { id: 's', auth: [{ paths: ['/**'], auth }] },
      new Map([['secret', Buffer.from(text)]]),
      true,
    )
  expect(() => check(base64, 'c2VjcmV0')).not.toThrow()
  expect(() => check(hex, '00ffAA11')).not.toThrow()
  for (const text of ['not base64!', 'c2VjcmV', 'c2Vj=mV0'])
    expect(() => check(base64, text), text).toThrow('base64')
  for (const text of ['0xff00', 'abc12']) expect(() => check(hex, text), text).toThrow('hex')
})
