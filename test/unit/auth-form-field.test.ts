import { describe, expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { inject } from '../../native-host/broker/inject.ts'
import { canonicalBody } from '../../native-host/policy/canonical-body.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { boundaryOf } from '../../native-host/policy/form-content.ts'
import { needsBody } from '../../native-host/policy/needs-body.ts'
import { readMultipart } from '../../native-host/policy/read-multipart.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import type { Auth } from '../../shared/model/service.ts'
import { exampleCapability } from '../support/examples.ts'
import { KEY, OCCASION, outboundOf, PLACEHOLDER, secretsOf, serviceWith } from './auth-fixture.ts'

const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data; boundary=XX'
const auth: Extract<Auth, { kind: 'form-field' }> = { kind: 'form-field', field: 'api_key', secret: 'value' }
const service = serviceWith(auth)
const bearer = serviceWith({ kind: 'bearer', secret: 'token' })

function requestOf(contentType: string): CanonicalRequest {
  const url = 'https://api.example.com/v1/x'
  const headers = [['content-type', contentType]] as const
  return { method: 'POST', url, origin: 'https://api.example.com', path: '/v1/x', query: [], headers }
}
const text = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString()
const stripped = (body: string, contentType = FORM, of = service) =>
  text(canonicalBody(requestOf(contentType), Buffer.from(body), of))
const sent = (body: string | null, contentType = FORM, value = KEY) =>
  inject(
    requestOf(contentType),
    body === null ? null : Buffer.from(body),
    null,
    service,
    auth,
    secretsOf({ value }),
  ).outbound

function parts(...fields: [head: string, value: string][]): string {
  const each = fields.map(
    ([head, value]) => `--XX\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`,
  )
  return `${each.join('')}--XX--\r\n`
}

describe('an urlencoded form', () => {
  test('gets the field last, encoded, and keeps every other byte', () => {
    expect(text(sent('a=1&b=%7e+x', FORM, "k&=% '").body)).toBe('a=1&b=%7e+x&api_key=k%26%3D%25%20%27')
    const out = sent('a=1&')
    expect(text(out.body)).toBe(`a=1&api_key=${KEY}`)
    expect(out.bodyLength).toBe((out.body as Uint8Array).length)
  })
  test('is made where there is no body', () => {
    for (const body of [null, '']) {
      const out = sent(body)
      expect(text(out.body)).toBe(`api_key=${KEY}`)
      expect(out.headers.filter(([name]) => name === 'content-type')).toEqual([['content-type', FORM]])
    }
  })
  test('loses the page’s own field, however some server could read its name', () => {
    for (const own of [
      'api_key=x',
      'api%5Fkey=x',
      'API_KEY=x',
      'api_key[]=x',
      'api_key',
      '+api_key=x',
      'apiKey=x',
    ])
      expect(text(sent(`a=1&${own}&b=2`).body), own).toBe(`a=1&b=2&api_key=${KEY}`)
  })
  test('is refused where another field could hide in it', () => {
    for (const body of ['a=1;api_key=x', 'a=1&api_key=x\n', 'a=\u00e9'])
      expect(() => sent(body), body).toThrow(
        expect.objectContaining({ code: 'malformed', reason: 'body-malformed' }),
      )
  })
})

describe('multipart form data', () => {
  const fieldsOf = (out: ReturnType<typeof sent>) => {
    const type = out.headers.find(([name]) => name === 'content-type')?.[1] ?? ''
    return readMultipart(out.body as Uint8Array, boundaryOf(type) ?? '')
  }
  test('gets the field as its last part, under a boundary of our own', () => {
    const file = 'name="f"; filename="a.bin"'
    const out = sent(parts(['name="a"', '1'], [file, 'x\r\ny']), MULTIPART, 'sk--XX\u00e9')
    expect(fieldsOf(out)).toEqual([
      { name: 'a', text: '1' },
      { name: 'f', text: null },
      { name: 'api_key', text: 'sk--XX\u00e9' },
    ])
    expect(text(out.body)).toContain('filename="a.bin"\r\n\r\nx\r\ny\r\n')
    expect(text(out.body)).not.toContain('--XX\r\n')
  })
  test('loses the page’s own field', () => {
    const out = sent(parts(['name="api_key"', 'x'], ['name="a"', '1'], ['name="Api-Key"', 'y']), MULTIPART)
    expect(fieldsOf(out).map(({ name }) => name)).toEqual(['a', 'api_key'])
    expect(fieldsOf(sent(parts(['name="api_key"', 'x']), MULTIPART))).toEqual([
      { name: 'api_key', text: KEY },
    ])
  })
  test('is refused where another part could hide in it', () => {
    for (const body of ['x', '--XX\r\n\r\n--XX--', `preamble\r\n${parts(['name="a"', '1'])}`])
      expect(() => sent(body, MULTIPART), body).toThrow(expect.objectContaining({ reason: 'body-malformed' }))
    for (const type of [
      'multipart/form-data',
      'multipart/mixed; boundary=XX',
      'multipart/form-data; boundary="X X"',
    ])
      expect(() => sent(parts(['name="a"', '1']), type), type).toThrow(
        expect.objectContaining({ reason: 'body-malformed' }),
      )
  })
})

test('a body that is no form, a stream and a method without body are refused', () => {
  expect(() => sent('{}', 'application/json')).toThrow(expect.objectContaining({ reason: 'body-not-form' }))
  expect(() => sent('x', 'text/plain')).toThrow(expect.objectContaining({ reason: 'body-not-form' }))
  const apply = (over: object) =>
    schemeOf(auth).apply(outboundOf(over), auth, secretsOf({ value: KEY }), OCCASION)
  expect(() => apply({ method: 'GET' })).toThrow(expect.objectContaining({ reason: 'method-without-body' }))
  async function* stream() {
    yield Buffer.from('a=1')
  }
  expect(() => apply({ method: 'POST', body: stream() })).toThrow(
    expect.objectContaining({ code: 'internal', reason: 'body-not-held' }),
  )
  expect(needsBody(requestOf('image/png'), exampleCapability([]), service)).toBe(true)
  expect(needsBody(requestOf('image/png'), exampleCapability([]), bearer)).toBe(false)
})

test('a placeholder anywhere in a form goes, whatever the scheme, and rules do not see it', () => {
  expect(stripped(`a=1&token=${PLACEHOLDER}&b=2`, FORM, bearer)).toBe('a=1&b=2')
  expect(stripped(`token=Bearer+${PLACEHOLDER}`, FORM, bearer)).toBe('')
  expect(stripped(`token=${PLACEHOLDER.replaceAll('-', '%2D')}&a=1`, FORM, bearer)).toBe('a=1')
  expect(stripped(parts(['name="token"', PLACEHOLDER], ['name="a"', '1']), MULTIPART, bearer)).toBe(
    parts(['name="a"', '1']),
  )
  // What cannot be read in one way only, and where no field is named, stays as it came.
  for (const [body, type] of [
    ['a=1;b=2', FORM],
    ['x', MULTIPART],
    ['a=1&a=2', `${FORM}; charset=latin1`],
  ] as const)
    expect(stripped(body, type, bearer)).toBe(body)
  const capability = exampleCapability(['allow POST /v1/**'], { body: [{ op: 'absent', pointer: '/token' }] })
  const ask = (body: string) =>
    explain(
      { method: 'POST', url: 'https://api.example.com/v1/x', headers: [['content-type', FORM]] },
      Buffer.from(body),
      capability,
      bearer,
    )
  expect(ask(`a=1&token=${PLACEHOLDER}`).decision).toBe('allow')
  expect(ask('a=1&token=x').decision).toBe('deny')
})

test('fields that the service names go too, and made canonical again a form is equal to itself', () => {
  const named = serviceWith(
    { kind: 'bearer', secret: 'token' },
    { strip: { headers: [], query: [], jsonFields: [], formFields: ['token'] } },
  )
  expect(stripped('token=xoxb-1&a=1', FORM, named)).toBe('a=1')
  expect(stripped(stripped(`x=${PLACEHOLDER}&token=xoxb-1&a=1`, FORM, named), FORM, named)).toBe('a=1')
  const ask = explain(
    { method: 'POST', url: 'https://api.example.com/v1/x', headers: [['content-type', FORM]] },
    Buffer.from('a=1;token=x'),
    exampleCapability(['allow POST /v1/**']),
    named,
  )
  expect(ask).toMatchObject({ decision: 'deny', reason: 'body-malformed' })
})

test('a name that parsers read in ways of their own is refused before it is saved', () => {
  const flaw = (field: string) => schemeOf(auth).flaw?.({ ...auth, field }, { baseUrls: [] }) ?? null
  for (const field of ['a"b', 'a b', 'a;b', 'a\r\nb', 'a%b', 'é', 'a\\b'])
    expect(flaw(field), field).toContain('letters')
  for (const field of ['key', 'api_key', 'auth[key]', 'a.b']) expect(flaw(field)).toBeNull()
})
