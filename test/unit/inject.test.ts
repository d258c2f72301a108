import { expect, test } from 'vitest'
import { inject } from '../../native-host/broker/inject.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import type { Auth } from '../../shared/model/service.ts'
import { KEY, PLACEHOLDER, secretsOf, serviceWith } from './auth-fixture.ts'

const bearer: Auth = { kind: 'bearer', secret: 'token' }
const field: Auth = { kind: 'json-field', pointer: '/key', secret: 'token' }
const secrets = secretsOf({ token: KEY })

function requestOf(headers: [string, string][] = [['content-type', 'application/json']]): CanonicalRequest {
  const url = 'https://api.example.com/v1/images'
  return { method: 'POST', url, origin: 'https://api.example.com', path: '/v1/images', query: [], headers }
}
function sent(
  body: string | null,
  over: { auth?: Auth; jsonFields?: string[]; headers?: [string, string][] } = {},
) {
  const auth = over.auth ?? bearer
  const service = serviceWith(auth, { strip: { headers: [], query: [], jsonFields: over.jsonFields ?? [] } })
  const bytes = body === null ? null : Buffer.from(body)
  const { outbound: out } = inject(requestOf(over.headers), bytes, null, service, auth, secrets)
  return { ...out, text: out.body === null ? null : Buffer.from(out.body as Uint8Array).toString() }
}

test('the credential is added last and nothing else changes', () => {
  const out = sent('{"a": 1}')
  expect(out.headers).toEqual([
    ['content-type', 'application/json'],
    ['authorization', `Bearer ${KEY}`],
  ])
  expect(out.text).toBe('{"a": 1}')
  expect(out.bodyLength).toBe(8)
})

test('placeholders in members of a JSON body go, wherever they are, with their commas and nothing else', () => {
  const p = JSON.stringify(PLACEHOLDER)
  const bodies = {
    [`{"key":${p}}`]: '{}',
    [`{ "key" : ${p} , "a":1.0}`]: '{ "a":1.0}',
    [`{"a":1 , "key":${p}}`]: '{"a":1}',
    [`{"a":${p},"b":${p},"c":{"d":[{"e":"Bearer ${PLACEHOLDER}"}, 1]}}`]: '{"c":{"d":[{}, 1]}}',
    [`{"a":1,"b":${p},"c":2,"d":${p},"e":${p}}`]: '{"a":1,"c":2}',
    [`[${p}]`]: `[${p}]`,
  }
  for (const [body, clean] of Object.entries(bodies)) expect(sent(body).text).toBe(clean)
})

test('the members a service lists go even where no placeholder is in them', () => {
  expect(sent('{"key":"own","b":{"k":1,"l":2}}', { jsonFields: ['/key', '/b/k'] }).text).toBe('{"b":{"l":2}}')
})

test('a field the page filled is replaced by the credential, once', () => {
  const out = sent(`{"key":${JSON.stringify(PLACEHOLDER)},"a":1}`, { auth: field, jsonFields: ['/key'] })
  expect(JSON.parse(out.text ?? '')).toEqual({ a: 1, key: KEY })
  expect(out.text?.split('"key"').length).toBe(2)
})

test('a body that is no JSON, or that streams past, is not touched', () => {
  expect(sent(`key=${PLACEHOLDER}`, { headers: [['content-type', 'text/plain']] }).text).toBe(
    `key=${PLACEHOLDER}`,
  )
  async function* stream() {
    yield Buffer.from(PLACEHOLDER)
  }
  const body = stream()
  const { outbound: out } = inject(requestOf(), body, 23, serviceWith(bearer), bearer, secrets)
  expect(out.body).toBe(body)
  expect(out.bodyLength).toBe(23)
})

test('a body that must be stripped and cannot be read without doubt is refused', () => {
  for (const body of [`{"a":1,"a":${JSON.stringify(PLACEHOLDER)}}`, `{"a":${JSON.stringify(PLACEHOLDER)}`]) {
    expect(() => sent(body)).toThrow(expect.objectContaining({ code: 'malformed', reason: 'body-malformed' }))
  }
})

test('a header of the page beside the one the scheme writes ends the call', () => {
  for (const name of ['authorization', 'Authorization']) {
    expect(() => sent(null, { headers: [[name, 'Bearer x']] })).toThrow(
      expect.objectContaining({ code: 'internal', reason: 'header-twice' }),
    )
  }
})

test('what is looked for in the response is every secret of the service and what the scheme made of them', () => {
  const lookedFor = (auth: Auth, stored = secrets) => {
    const { needles } = inject(requestOf(), Buffer.from('{}'), null, serviceWith(auth), auth, stored)
    return needles.map(({ bytes, pieces }) => [Buffer.from(bytes).toString(), pieces])
  }
  expect(lookedFor(bearer)).toEqual([[KEY, true]])
  const pair = `me:${KEY}`
  expect(lookedFor({ kind: 'basic', username: 'me', secret: 'token' })).toEqual([
    [KEY, true],
    [pair, false],
    [Buffer.from(pair).toString('base64'), false],
  ])
  // Those of other paths too: what a service stores at one it may show at another.
  const both = secretsOf({ token: KEY, admin: 'adm-7Hq2' })
  expect(lookedFor(bearer, both)).toEqual([
    [KEY, true],
    ['adm-7Hq2', true],
  ])
  expect(lookedFor({ kind: 'none' }, both)).toEqual(lookedFor(bearer, both))
})
