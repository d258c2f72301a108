import { expect, test } from 'vitest'
import { describeAsk } from '../../native-host/broker/describe-ask.ts'
import { canonicalBody } from '../../native-host/policy/canonical-body.ts'
import { exampleService } from '../support/examples.ts'

const PLACE = 'https://api.example.com/v1/x'

function shown(contentType: string | null, body: string | Uint8Array | null, service = exampleService()) {
  const headers: [string, string][] = contentType === null ? [] : [['content-type', contentType]]
  const request = {
    method: 'POST',
    url: PLACE,
    origin: 'https://api.example.com',
    path: '/v1/x',
    query: [],
    headers,
  }
  return describeAsk(request, body === null ? null : Buffer.from(body), service)
}

test('JSON is shown value by value, in order, as it would be sent', () => {
  const body = '{"b":1e2,"a":["x",true,null,{}],"":{"~/":"y"},"o":[]}'
  expect(shown('application/json', body).body).toEqual({
    bytes: body.length,
    contentType: 'application/json',
    fields: [
      { path: '/b', value: '1e2' },
      { path: '/a/0', value: 'x' },
      { path: '/a/1', value: 'true' },
      { path: '/a/2', value: 'null' },
      { path: '/a/3', value: '{}' },
      { path: '//~0~1', value: 'y' },
      { path: '/o', value: '[]' },
    ],
    text: null,
    truncated: false,
  })
})

test('a form is shown field by field; control and bidirectional characters are left to whoever shows them', () => {
  const { body } = shown('application/x-www-form-urlencoded; charset=UTF-8', 'to=a%26b&to=c+d&x=%E2%80%AE%00')
  expect(body).toMatchObject({
    fields: [
      { path: 'to', value: 'a&b' },
      { path: 'to', value: 'c d' },
      { path: 'x', value: '\u202e\0' },
    ],
    truncated: false,
  })
})

test('what is no JSON, though it says so, is shown as text; what is no text is not shown', () => {
  expect(shown('application/json', '{"a":1,"a":2}').body).toMatchObject({
    fields: null,
    text: '{"a":1,"a":2}',
  })
  expect(shown('text/plain', 'hallo é').body).toMatchObject({
    fields: null,
    text: 'hallo é',
    truncated: false,
  })
  expect(shown(null, Uint8Array.of(0xff, 0xfe)).body).toMatchObject({ text: null, truncated: true })
  expect(shown(null, '').body).toMatchObject({ bytes: 0, contentType: null, text: '', truncated: false })
  expect(shown(null, null).body).toBeNull()
})

test('long bodies, values, keys and headers are shortened between two characters, and it is said', () => {
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])))
  expect(shown('application/json', many).body).toMatchObject({ truncated: true })
  expect(shown('application/json', many).body?.fields).toHaveLength(50)
  const fifty = JSON.stringify(Array.from({ length: 50 }, () => 1))
  expect(shown('application/json', fifty).body).toMatchObject({ truncated: false })
  const long = shown(
    'application/json',
    JSON.stringify({ a: `${'x'.repeat(199)}😀`, [`k${'y'.repeat(5000)}`]: 1 }),
  ).body
  expect(long?.truncated).toBe(true)
  expect(long?.fields?.map(({ path, value }) => [path.length, value.length])).toEqual([
    [2, 200],
    [200, 1],
  ])
  for (const { value } of long?.fields ?? []) expect(value.isWellFormed()).toBe(true)
  const text = shown('text/plain', 'é'.repeat(3000)).body
  expect(text).toMatchObject({ text: 'é'.repeat(2000), truncated: true })
  const header = 'v'.repeat(300)
  expect(shown(`text/plain; x=${header}`, null).headers[0]?.[1]).toHaveLength(200)
})

test('a body of many values costs no more than what is shown of it', () => {
  const body = Buffer.from(`[${'0,'.repeat(100_000)}0]`)
  expect(shown('application/json', body).body?.fields).toHaveLength(50)
})

test('neither the placeholder nor what stands where the credential goes is shown', () => {
  const service = exampleService({
    auth: [{ paths: ['/**'], auth: { kind: 'json-field', pointer: '/key', secret: 'value' } }],
    strip: { headers: [], query: [], jsonFields: ['/token'] },
  })
  const claimed = Buffer.from('{"key":"mine","token":"sk-old","n":1,"deep":{"x":"sk-placeholder-000000"}}')
  const headers = [['content-type', 'application/json']] as [string, string][]
  const request = {
    method: 'POST',
    url: PLACE,
    origin: 'https://api.example.com',
    path: '/v1/x',
    query: [],
    headers,
  }
  const body = canonicalBody(request, claimed, service)
  expect(describeAsk(request, body, service).body?.fields).toEqual([
    { path: '/n', value: '1' },
    { path: '/deep', value: '{}' },
  ])
})
