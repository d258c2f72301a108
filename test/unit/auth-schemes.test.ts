import { expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { placesOf } from '../../native-host/policy/auth-places.ts'
import type { Auth } from '../../shared/model/service.ts'
import { KEY, OCCASION, outboundOf, secretsOf } from './auth-fixture.ts'

const text = (body: unknown) => Buffer.from(body as Uint8Array).toString()
const apply = (auth: Auth, secrets: Record<string, string>, over = {}) =>
  schemeOf(auth).apply(outboundOf(over), auth, secretsOf(secrets), OCCASION).outbound
const jsonBody = (body: string) => ({
  method: 'POST',
  body: Buffer.from(body),
  bodyLength: body.length,
  headers: [['content-type', 'application/json; charset=utf-8']] as [string, string][],
})

const SCHEMES: Auth[] = [
  { kind: 'bearer', secret: 'token' },
  { kind: 'header', headers: [{ name: 'x-api-key', format: '{}', secret: 'token' }] },
  { kind: 'basic', username: 'me', secret: 'token' },
  { kind: 'query', param: 'key', secret: 'token' },
  { kind: 'json-field', pointer: '/key', secret: 'token' },
  { kind: 'path', template: '/k/{}', secret: 'token' },
  { kind: 'cookie', cookie: 'session', secret: 'token' },
  { kind: 'form-field', field: 'key', secret: 'token' },
]
const IN_BODY = ['json-field', 'form-field']

test.each(SCHEMES)(
  '$kind refuses a call whose secret is missing or empty: never one without its credential',
  (auth) => {
    const request = IN_BODY.includes(auth.kind) ? { method: 'POST' } : {}
    for (const secrets of [{}, { token: '' }, { other: KEY }]) {
      expect(() => apply(auth, secrets as Record<string, string>, request)).toThrow(
        expect.objectContaining({ code: 'internal', reason: 'secret-missing' }),
      )
    }
  },
)

const IN_HEADER = SCHEMES.filter(({ kind }) => ['bearer', 'header', 'basic', 'cookie'].includes(kind))
test.each(IN_HEADER)('$kind refuses a stored secret that would break out of its header', (auth) => {
  for (const token of ['a\r\nx-evil: 1', 'a\nb', 'a\u0000b', `${KEY}\u0007`]) {
    expect(() => apply(auth, { token })).toThrow(expect.objectContaining({ reason: 'secret-unsendable' }))
  }
})

test.each(SCHEMES)('$kind names its secret and its places', (auth) => {
  const scheme = schemeOf(auth)
  expect(scheme.kind).toBe(auth.kind)
  expect(scheme.secretNames(auth)).toEqual(['token'])
  const { headers, query, jsonFields, formFields } = placesOf(auth)
  const expected: Record<string, string[]> = {
    bearer: ['authorization'],
    header: ['x-api-key'],
    basic: ['authorization'],
    query: ['key'],
    'json-field': ['/key'],
    path: [],
    cookie: ['cookie'],
    'form-field': ['key'],
    none: [],
    'oauth2-client-credentials': ['authorization'],
  }
  expect([...headers, ...query, ...jsonFields, ...formFields]).toEqual(expected[auth.kind])
})

test('none changes nothing', () => {
  const outbound = outboundOf()
  expect(schemeOf({ kind: 'none' }).apply(outbound, { kind: 'none' }, new Map(), OCCASION).outbound).toBe(
    outbound,
  )
})

test('bearer adds its header last and leaves the rest', () => {
  const out = apply({ kind: 'bearer', secret: 'token' }, { token: KEY })
  expect(out).toEqual(
    outboundOf({
      headers: [
        ['accept', '*/*'],
        ['authorization', `Bearer ${KEY}`],
      ],
    }),
  )
})

test('header fills every header by its format, whatever the secret looks like to a replacement', () => {
  const auth: Auth = {
    kind: 'header',
    headers: [
      { name: 'x-id', format: 'id={}', secret: 'id' },
      { name: 'x-key', format: '{}', secret: 'key' },
    ],
  }
  const out = apply(auth, { id: "a$&$'b", key: KEY })
  expect(out.headers.slice(1)).toEqual([
    ['x-id', "id=a$&$'b"],
    ['x-key', KEY],
  ])
  expect(() =>
    apply({ ...auth, headers: [{ name: 'x', format: 'fixed', secret: 'id' }] }, { id: KEY }),
  ).toThrow(expect.objectContaining({ reason: 'format-without-secret' }))
})

test('header says before it is saved what no call could be made with', () => {
  const flaw = (...headers: [string, string][]) => {
    const auth: Auth = {
      kind: 'header',
      headers: headers.map(([name, format]) => ({ name, format, secret: name })),
    }
    return schemeOf(auth).flaw?.(auth, { baseUrls: [] })
  }
  expect(flaw(['x-id', 'id={}'], ['x-key', '{}'])).toBeNull()
  expect(flaw(['x-key', '{}'], ['x-key', '{}'])).toContain('twice')
  for (const format of ['Token', '{}{}', ' {}', '{} ', ''])
    expect(flaw(['x-key', format]), format).toContain('`x-key`')
})

test('header sends Latin-1 as it is and says in which bytes it could come back', () => {
  const auth: Auth = { kind: 'header', headers: [{ name: 'x-key', format: '{}', secret: 'key' }] }
  expect(apply(auth, { key: 'clé-secrète' }).headers.at(-1)).toEqual(['x-key', 'clé-secrète'])
  expect(
    schemeOf(auth).apply(outboundOf(), auth, secretsOf({ key: 'clé-secrète' }), OCCASION).derived,
  ).toEqual([{ bytes: Buffer.from('clé-secrète', 'latin1'), pieces: true }])
  expect(() => apply(auth, { key: 'ключ' })).toThrow(expect.objectContaining({ reason: 'secret-unsendable' }))
})

test('basic encodes the pair in UTF-8 (RFC 7617 section 2.1) and derives it in both forms', () => {
  const auth: Auth = { kind: 'basic', username: 'test', secret: 'password' }
  expect(apply(auth, { password: '123£' }).headers.at(-1)).toEqual([
    'authorization',
    'Basic dGVzdDoxMjPCow==',
  ])
  const { derived } = schemeOf(auth).apply(outboundOf(), auth, secretsOf({ password: '123£' }), OCCASION)
  expect(derived.map(({ bytes }) => text(bytes))).toEqual(['test:123£', 'dGVzdDoxMjPCow=='])
  expect(derived.map(({ pieces }) => pieces)).toEqual([false, false])
  expect(() => apply({ ...auth, username: 'a:b' }, { password: KEY })).toThrow(
    expect.objectContaining({ reason: 'username-unsendable' }),
  )
})

test('query appends one encoded parameter and keeps the URL before it byte for byte', () => {
  const auth: Auth = { kind: 'query', param: 'api key', secret: 'value' }
  const urls = {
    'https://a.example/p': 'https://a.example/p?',
    'https://a.example/p?': 'https://a.example/p?',
    "https://a.example/p?x='%7e%7E+&y": "https://a.example/p?x='%7e%7E+&y&",
  }
  for (const [url, start] of Object.entries(urls)) {
    expect(apply(auth, { value: "a&b=c#d %'é" }, { url }).url).toBe(
      `${start}api%20key=a%26b%3Dc%23d%20%25%27%C3%A9`,
    )
  }
})

test('query refuses a URL that still has the parameter, however it is encoded, and one with a fragment', () => {
  const auth: Auth = { kind: 'query', param: 'key', secret: 'value' }
  for (const url of [
    'https://a.example/?key=x',
    'https://a.example/?%6Bey=x',
    'https://a.example/?a=1&key',
  ]) {
    expect(() => apply(auth, { value: KEY }, { url })).toThrow(
      expect.objectContaining({ reason: 'parameter-twice' }),
    )
  }
  expect(() => apply(auth, { value: KEY }, { url: 'https://a.example/#x' })).toThrow(
    expect.objectContaining({ reason: 'url-with-fragment' }),
  )
})

const field: Auth = { kind: 'json-field', pointer: '/key', secret: 'value' }

test('json-field sets its member and leaves every other byte', () => {
  const escaped = JSON.stringify('a"\\/b')
  const cases = {
    '{"a": 1.0,  "b" :[ ]}': `{"a": 1.0,  "b" :[ ]`,
    '{}': '{',
  }
  for (const [body, start] of Object.entries(cases)) {
    const out = apply(field, { value: 'a"\\/b' }, jsonBody(body))
    expect(text(out.body).startsWith(start)).toBe(true)
    expect(JSON.parse(text(out.body))).toEqual({ ...JSON.parse(body), key: 'a"\\/b' })
    expect(out.bodyLength).toBe((out.body as Uint8Array).length)
  }
  const replaced = apply(
    field,
    { value: 'a"\\/b' },
    jsonBody('{ "key" : "PLACEHOLDER" , "z":9007199254740993}'),
  )
  expect(text(replaced.body)).toBe(`{ "key" : ${escaped} , "z":9007199254740993}`)
})

test('json-field makes a body where there is none', () => {
  for (const body of [null, new Uint8Array(0)]) {
    const out = apply(field, { value: KEY }, { method: 'POST', body })
    expect(text(out.body)).toBe(JSON.stringify({ key: KEY }))
    expect(out.headers).toContainEqual(['content-type', 'application/json'])
  }
})

test('json-field refuses a body it cannot read without doubt', () => {
  const bodies = {
    'body-malformed': ['{"a":1,"a":2}', '[]', '"x"', '{"a":1', '{} {}', '\ufeff{}', 'null'],
  }
  for (const body of bodies['body-malformed']) {
    expect(() => apply(field, { value: KEY }, jsonBody(body))).toThrow(
      expect.objectContaining({ code: 'malformed', reason: 'body-malformed' }),
    )
  }
  const form = { ...jsonBody('{}'), headers: [['content-type', 'text/plain']] }
  expect(() => apply(field, { value: KEY }, form)).toThrow(
    expect.objectContaining({ code: 'malformed', reason: 'body-not-json' }),
  )
  expect(() => apply(field, { value: KEY }, { method: 'GET' })).toThrow(
    expect.objectContaining({ reason: 'method-without-body' }),
  )
  async function* stream() {
    yield Buffer.from('{}')
  }
  expect(() => apply(field, { value: KEY }, { ...jsonBody('{}'), body: stream() })).toThrow(
    expect.objectContaining({ reason: 'body-not-held' }),
  )
})
