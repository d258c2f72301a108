import { describe, expect, test } from 'vitest'
import { authFor } from '../../native-host/policy/auth-for.ts'
import { canonicalise, serviceFor } from '../../native-host/policy/canonical.ts'
import type { Service } from '../../shared/model/service.ts'
import { exampleService } from '../support/examples.ts'

const HOST = 'https://api.example.com'

function claim(
  url: string,
  members: Partial<Service> = {},
  headers: readonly (readonly [string, string])[] = [],
) {
  const out = canonicalise({ method: 'GET', url, headers }, exampleService({ baseUrls: [HOST], ...members }))
  return 'refused' in out ? out.refused : out.request
}

function sentUrl(url: string, members: Partial<Service> = {}): string {
  const out = claim(url, members)
  return typeof out === 'string' ? out : out.url
}

describe('a URL whose text two parsers could read differently is refused', () => {
  test.each([
    ['https://api.example.com/v1/x y', 'url-unsafe'],
    ['https://api.example.com/v1/x ', 'url-unsafe'],
    ['https://api.example.com/v1/caf\u00e9', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=\u00e9', 'url-unsafe'],
    ['https://api.example.com/v1/x\u007f', 'url-unsafe'],
    ['https://api.example.com/v1/./x', 'url-unsafe'],
    ['https://api.example.com/v1/%2E/x', 'url-unsafe'],
    ['https://api.example.com/v1/x%2Fy', 'url-unsafe'],
    ['https://api.example.com/v1/x%5Cy', 'url-unsafe'],
    ['https://api.example.com/v1/x%0d%0ay', 'url-unsafe'],
    ['https://api.example.com/v1/x%7F', 'url-unsafe'],
    ['https://api.example.com/v1/x%252Fy', 'url-unsafe'],
    ['https://api.example.com/v1/x%25252fy', 'url-unsafe'],
    ['https://api.example.com/v1/x%2500', 'url-unsafe'],
    ['https://api.example.com/v1/%2541', 'url-unsafe'],
    ['https://api.example.com/v1/%7euser', 'url-unsafe'],
    ['https://api.example.com/v1/100%', 'url-unsafe'],
    ['https://api.example.com/v1/%zz', 'url-unsafe'],
    ['https://api.example.com/v1/x"y', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=%00', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=%7f', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=a\\b', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=%0D%0A', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=a%0D', 'url-unsafe'],
    ['https://api.example.com/v1/x?q=a%0bb', 'url-unsafe'],
    ['https://api.example.com/v1/x?q%0A=1', 'url-unsafe'],
    ['https://api.example.com/v1/x?a=1&%09q=1', 'url-unsafe'],
    ['https://api.example.com/v1/x?a%0A', 'url-unsafe'],
    ['https://api.example.com/v1/x%0Ay?q=1', 'url-unsafe'],
    ['https://api.example.com/v1/x?%zz=1', 'url-unsafe'],
    ['https://api.example.com/v1/x?a=1;b=2', 'url-unsafe'],
    ["https://api.example.com/v1/x?q='y'", 'url-unsafe'],
    ['https://@api.example.com/v1/x', 'url-unsafe'],
    ['https://api.example.com:/v1/x', 'url-unsafe'],
    ['https://api.example.com:00443/v1/x', 'url-unsafe'],
    ['https://api%2eexample.com/v1/x', 'url-unsafe'],
    ['https://2130706433/v1/x', 'url-unsafe'],
    ['https://0x7f.0.0.1/v1/x', 'url-unsafe'],
    ['https://[0:0:0:0:0:0:0:1]/v1/x', 'url-unsafe'],
    ['https:api.example.com/v1/x', 'url-unsafe'],
    ['https:/api.example.com/v1/x', 'url-unsafe'],
    ['https://api.example.com./v1/x', 'url-unsafe'],
    ['ftp://api.example.com/v1/x', 'url-malformed'],
    ['wss://api.example.com/v1/x', 'url-malformed'],
    ['https://', 'url-malformed'],
    ['https://api.example.com:99999/v1', 'url-malformed'],
    [`https://api.example.com/${'a'.repeat(16_384)}`, 'url-malformed'],
    ['https://api.example.com:8443/v1/x', 'other-service'],
    ['https://127.0.0.1/v1/x', 'other-service'],
    ['https://[::1]/v1/x', 'other-service'],
  ])('%j: %s', (url, reason) => {
    expect(claim(url)).toBe(reason)
  })
})

describe('an unambiguous URL is sent byte for byte', () => {
  test.each([
    [`${HOST}`, `${HOST}/`],
    [`${HOST}?a`, `${HOST}/?a`],
    [`${HOST}/v1/x?`, `${HOST}/v1/x?`],
    [`HTTPS://API.Example.com:443/v1/x`, `${HOST}/v1/x`],
    [`${HOST}/v1/x#`, `${HOST}/v1/x`],
    [`${HOST}/v1/x?q=a+b%20c&&d=100%&e==#f?g`, `${HOST}/v1/x?q=a+b%20c&&d=100%&e==`],
    [`${HOST}/v1/x?query=%7B%0A%09a%0a%7D&b=%0A`, `${HOST}/v1/x?query=%7B%0A%09a%0a%7D&b=%0A`],
    [
      `${HOST}/v1/a:b@c,d!e$f'(g)*+=|~-._%3A%40%20%C3%A9%25%20/`,
      `${HOST}/v1/a:b@c,d!e$f'(g)*+=|~-._%3A%40%20%C3%A9%25%20/`,
    ],
  ])('%s', (url, sent) => {
    expect(sentUrl(url)).toBe(sent)
  })
  test('also to an IP literal and a port that are the service’s own', () => {
    expect(sentUrl('http://127.0.0.1:1337/v1/x', { baseUrls: ['http://127.0.0.1:1337'] })).toBe(
      'http://127.0.0.1:1337/v1/x',
    )
    expect(sentUrl('http://[::1]:80/x', { baseUrls: ['http://[::1]'] })).toBe('http://[::1]/x')
    expect(sentUrl('http://127.1:1337/v1/x', { baseUrls: ['http://127.0.0.1:1337'] })).toBe('url-unsafe')
  })
})

test('the request is frozen all the way down and holds what is sent in parts', () => {
  const out = claim(`${HOST}/v1/x?a=b+c&a=d`, {}, [['Accept', '*/*']])
  if (typeof out === 'string') throw new TypeError(out)
  expect(out).toEqual({
    method: 'GET',
    url: `${HOST}/v1/x?a=b+c&a=d`,
    origin: HOST,
    path: '/v1/x',
    query: [
      ['a', 'b c'],
      ['a', 'd'],
    ],
    headers: [
      ['accept', '*/*'],
      ['user-agent', 'valetkey'],
    ],
  })
  const parts: readonly object[] = [out, out.query, out.headers, ...out.query, ...out.headers]
  expect(parts.every((part) => Object.isFrozen(part))).toBe(true)
})

describe('parameters with a credential or its placeholder are stripped, and nothing else', () => {
  const strip = { headers: [], query: ['access_token'], jsonFields: [] }
  test.each([
    ['?access_token=x', ''],
    ['?a=1&access_token=x&b=%zz&Access_Token=y&access%5Ftoken=z', '?a=1&b=%zz'],
    ['?a=1&+access_token=x', '?a=1'],
    ['?a=sk-placeholder-000000&b', '?b'],
    ['?a=Bearer%20sk-placeholder-000000x&b', '?b'],
    ['?a=sk%2Dplaceholder%2D000000&b', '?b'],
    ['?a=sk%252Dplaceholder%252D000000&b', '?b'],
    ['?sk-placeholder-000000&b', '?b'],
    ['?a=sk-placeholder-00000&b', '?a=sk-placeholder-00000&b'],
    ['?xaccess_token=1&&', '?xaccess_token=1&&'],
  ])('%s becomes %j', (search, kept) => {
    expect(sentUrl(`${HOST}/v1/x${search}`, { strip })).toBe(`${HOST}/v1/x${kept}`)
  })
  test('the parameter the matching scheme injects goes, and stays where another scheme matches', () => {
    const auth: Service['auth'] = [
      { paths: ['/q/**'], auth: { kind: 'query', param: 'key', secret: 'value' } },
      { paths: ['/**'], auth: { kind: 'none' } },
    ]
    expect(sentUrl(`${HOST}/q/x?key=1&b=2&KEY=3`, { auth })).toBe(`${HOST}/q/x?b=2`)
    expect(sentUrl(`${HOST}/v1/x?key=1&b=2`, { auth })).toBe(`${HOST}/v1/x?key=1&b=2`)
  })
  test('the header the matching scheme injects goes even where the service lets it pass', () => {
    const auth: Service['auth'] = [
      {
        paths: ['/**'],
        auth: { kind: 'header', headers: [{ name: 'x-team', format: '{}', secret: 'value' }] },
      },
    ]
    const out = claim(`${HOST}/x`, { auth, allowHeaders: ['x-team', 'x-user'] }, [
      ['X-Team', 'page'],
      ['X-User', 'page'],
    ])
    expect(out).toMatchObject({
      headers: [
        ['x-user', 'page'],
        ['accept', '*/*'],
        ['user-agent', 'valetkey'],
      ],
    })
  })
  test('a short placeholder is only taken for itself', () => {
    const short = { placeholder: 'jan' }
    expect(sentUrl(`${HOST}/x?q=january&k=jan&l=Bearer%20jan`, short)).toBe(`${HOST}/x?q=january`)
  })
})

describe('a URL belongs to the service with the longest base path', () => {
  const root = exampleService({ id: 'root', baseUrls: [HOST] })
  const v1 = exampleService({ id: 'v1', baseUrls: [`${HOST}/v1`, 'https://eu.example.com/v1'] })
  test.each([
    [`${HOST}/v1`, 'v1'],
    [`${HOST}/v1/x`, 'v1'],
    [`HTTPS://API.EXAMPLE.COM:443/v1/x`, 'v1'],
    ['https://eu.example.com/v1/x', 'v1'],
    ['https://eu.example.com/v2/x', null],
    [`${HOST}/v1x`, 'root'],
    [`${HOST}/V1/x`, 'root'],
    [`http://api.example.com/v1/x`, null],
    ['https://api.example.com:444/v1', null],
    ['https://api.example.co/v1', null],
    ['not a url', null],
    ['', null],
  ])('%s: %s', (url, id) => {
    expect(serviceFor(url, [root, v1])?.id ?? null).toBe(id)
    expect(serviceFor(url, [v1, root])?.id ?? null).toBe(id)
  })
  test('and a service without base URLs owns nothing', () => {
    expect(serviceFor(`${HOST}/v1`, [exampleService({ baseUrls: [] })])).toBeNull()
  })
})

test('the first scheme with a matching path is used, null where none matches', () => {
  const auth: Service['auth'] = [
    { paths: ['POST /a/**', '/b'], auth: { kind: 'bearer', secret: 'one' } },
    { paths: ['* /a/**'], auth: { kind: 'none' } },
  ]
  const service = exampleService({ auth })
  expect(authFor({ method: 'POST', path: '/a/x' }, service)).toEqual({ kind: 'bearer', secret: 'one' })
  expect(authFor({ method: 'GET', path: '/a/x' }, service)).toEqual({ kind: 'none' })
  expect(authFor({ method: 'DELETE', path: '/b' }, service)).toEqual({ kind: 'bearer', secret: 'one' })
  expect(authFor({ method: 'GET', path: '/c' }, service)).toBeNull()
})

test('a service whose patterns cannot be read takes no request', () => {
  const auth: Service['auth'] = [{ paths: ['nonsense'], auth: { kind: 'none' } }]
  expect(claim(`${HOST}/x`, { auth })).toBe('rule-malformed')
})
