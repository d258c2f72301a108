import { describe, expect, test } from 'vitest'
import { watchMultipart } from '../../native-host/broker/watch-multipart.ts'
import { bodyDenial } from '../../native-host/policy/body.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { needsBody } from '../../native-host/policy/needs-body.ts'
import type { Problem } from '../../native-host/problem.ts'
import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes } from './policy-fixture.ts'

const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data; boundary=XX'

function denial(body: string | Uint8Array, members: Partial<Capability>, type = FORM) {
  const request = { method: 'POST', headers: [['content-type', type]] as const, query: [] }
  const raw = typeof body === 'string' ? bytes(body) : body
  return bodyDenial(request, raw, exampleCapability([], members))?.reason ?? null
}

const ruled = (body: string, rule: BodyRule, type = FORM) => denial(body, { body: [rule] }, type)

/** Parts as browsers write them. */
function parts(...written: readonly (readonly [head: string, value: string])[]): string {
  const each = written.map(([head, value]) => `--XX\r\n${head}\r\n\r\n${value}\r\n`)
  return `${each.join('')}--XX--\r\n`
}

const part = (name: string, value: string) =>
  [`Content-Disposition: form-data; name="${name}"`, value] as const
const file = (name: string, value: string) =>
  [
    `Content-Disposition: form-data; name="${name}"; filename="a.txt"\r\nContent-Type: text/plain`,
    value,
  ] as const
const multipart = (body: string, rule: BodyRule, type = MULTIPART) => ruled(body, rule, type)

/** One rule of each kind, and what fields of a form they say yes and no to: the same for both kinds of form. */
const SAME: [BodyRule, [name: string, value: string][], string | null][] = [
  [{ op: 'in', pointer: '/a', values: ['x', 2, true] }, [['a', 'x']], null],
  [{ op: 'in', pointer: '/a', values: ['x', 2, true] }, [['a', '2']], null],
  [{ op: 'in', pointer: '/a', values: ['x', 2, true] }, [['a', 'true']], null],
  [{ op: 'in', pointer: '/a', values: ['x', 2, true] }, [['a', '2.0']], 'body-rule'],
  [{ op: 'in', pointer: '/a', values: ['x', 2, true] }, [['a', 'X']], 'body-rule'],
  [{ op: 'in', pointer: '/a', values: ['x', 2, true] }, [['b', 'x']], 'body-rule'],
  [{ op: 'in', pointer: '/a', values: [] }, [['a', 'x']], 'body-rule'],
  [{ op: '<=', pointer: '/n', limit: 10 }, [['n', '10']], null],
  [{ op: '<=', pointer: '/n', limit: 10 }, [['n', '9.5']], null],
  ...[
    '11',
    '-1',
    '+1',
    '1e0',
    '0x1',
    '01',
    ' 1',
    '1 ',
    '',
    '.5',
    '1.',
    '1,0',
    '10.00000000000000001',
    'NaN',
  ].map((text): (typeof SAME)[number] => [
    { op: '<=', pointer: '/n', limit: 10 },
    [['n', text]],
    'body-rule',
  ]),
  [{ op: '<=', pointer: '/n', limit: 10 }, [['m', '1']], 'body-rule'],
  [{ op: '<=', pointer: '/n', limit: 10, orAbsent: true }, [['m', '1']], null],
  [{ op: 'absent', pointer: '/w' }, [['a', '1']], null],
  [{ op: 'absent', pointer: '/w' }, [['w', '']], 'body-rule'],
  [{ op: 'present', pointer: '/w' }, [['w', '']], null],
  [{ op: 'present', pointer: '/w' }, [['a', '1']], 'body-rule'],
  [{ op: 'absent', pointer: '/w/x' }, [['a', '1']], 'body-malformed'],
  [{ op: 'absent', pointer: 'w' }, [['a', '1']], 'rule-malformed'],
  [
    { op: 'fields', only: ['a', 'b[]'] },
    [
      ['a', '1'],
      ['b[]', '2'],
    ],
    null,
  ],
  [
    { op: 'fields', only: ['a', 'b[]'] },
    [
      ['a', '1'],
      ['b', '2'],
    ],
    'body-rule',
  ],
  [{ op: 'fields', only: ['a', 'b[]'] }, [['A', '1']], 'body-rule'],
  [{ op: 'graphql', kind: 'query', fields: null, names: null }, [['query', '{a}']], 'body-malformed'],
  ...['w[]', 'w[x]', '[w]', 'w.x', 'W', '_w', '!w', 'w ', ' w', '__proto__[w]', '\uff57', 'w+'].map(
    (name): (typeof SAME)[number] => [{ op: 'absent', pointer: '/w' }, [[name, '1']], 'body-malformed'],
  ),
  ...['a.b', 'a[b', 'a b', 'A_B', 'aB'].map((name): (typeof SAME)[number] => [
    { op: 'absent', pointer: '/a_b' },
    [[name, '1']],
    'body-malformed',
  ]),
  [{ op: 'absent', pointer: '/w' }, [['_method', 'DELETE']], 'body-relabels'],
]

describe('a form meets the same conditions as JSON, its values as text', () => {
  test.each(SAME)('%j with %j: %s', (rule, fields, reason) => {
    expect(ruled(new URLSearchParams(fields).toString(), rule), 'urlencoded').toBe(reason)
    expect(multipart(parts(...fields.map(([name, value]) => part(name, value))), rule), 'multipart').toBe(
      reason,
    )
  })
  test('a list of models too', () => {
    const models = ['m', 'n']
    const both = (...fields: [string, string][]) => {
      const form = denial(new URLSearchParams(fields).toString(), { models })
      const many = denial(parts(...fields.map(([name, value]) => part(name, value))), { models }, MULTIPART)
      expect(many).toBe(form)
      return form
    }
    expect(both(['model', 'm'], ['a', 'x'])).toBeNull()
    expect(both(['model', 'm'], ['model_id', 'n'], ['models', 'n'])).toBeNull()
    expect(both(['model', 'o'])).toBe('model-not-listed')
    expect(both(['model', 'm'], ['model_id', 'o'])).toBe('model-not-listed')
    expect(both(['model', 'm'], ['models', 'o'])).toBe('model-not-listed')
    expect(both(['models', 'm'])).toBe('model-not-listed')
    expect(both(['a', 'm'])).toBe('model-not-listed')
    expect(both(['model', 'm'], ['model[]', 'o'])).toBe('body-malformed')
    expect(both(['model', 'm'], ['modelId', 'o'])).toBe('body-malformed')
  })
})

describe('a field that a condition names must not be in the address, where some servers look first', () => {
  const capability = exampleCapability(['allow * /v1/**'], {
    body: [{ op: 'absent', pointer: '/web_hook/url' }],
    models: ['m'],
  })
  const ask = (query: string, body: string | null, type = FORM, method = 'POST') => {
    const url = `https://api.example.com/v1/x${query}`
    const claimed = { method, url, headers: [['content-type', type]] as const }
    return explain(claimed, body === null ? null : bytes(body), capability, exampleService())
  }
  test.each([
    '?model=x',
    '?a=1&MODEL=x',
    '?model%5B%5D=x',
    '?models=x',
    '?webHook=x',
    '?web_hook[url]=x',
    '?%6dodel',
  ])('%s', (query) => {
    expect(ask(query, '{"model":"m"}', 'application/json')).toMatchObject({ reason: 'field-in-address' })
    expect(ask(query, 'model=m').reason).toBe('field-in-address')
    expect(ask(query, null).reason).toBe('field-in-address')
    expect(ask(query, null, FORM, 'GET').decision).toBe('allow')
  })
  test('and others may', () => {
    expect(ask('?mode=x&url=y', '{"model":"m"}', 'application/json').decision).toBe('allow')
    expect(ask('?model=x', '{"model":"m"}', 'application/json').rule).toBe('model in m')
  })
})

describe('an urlencoded form that two parsers could read differently is denied', () => {
  const rule: BodyRule = { op: 'fields', only: ['a', 'b', 'a b', 'é', 'a;b', ''] }
  test.each(['a=1', 'a=1&b=2', 'a+b=1', 'a%20b=%26%3B', '%C3%A9=%c3%a9', 'a%3Bb=1', 'a==', 'a=1%0A2', 'a='])(
    '%j is read',
    (body) => expect(ruled(body, rule)).toBeNull(),
  )
  test.each([
    'a=1&a=2',
    'a=1&%61=2',
    'a=1;b=2',
    'a=1&;b=2',
    'a=1&&b=2',
    '&a=1',
    'a=1&',
    'a',
    'a&b=1',
    '=1',
    'a=%',
    'a=%2',
    'a=%zz',
    'a=%ff',
    'a=%c3',
    'a=%ed%a0%80',
    '%ff=1',
    'a=\u00e9',
    '\ufeffa=1',
    'a=1\n',
    'a=1\r\n&b=2',
    'a= 1',
    'a%00=1',
    'a%0d%0a=1',
    '_charset_=utf-7',
    '%5Fcharset_=utf-7',
  ])('%j', (body) => expect(ruled(body, rule)).toBe('body-malformed'))
  test('above a thousand fields', () => {
    const many = Array.from({ length: 1001 }, (_, at) => `f${at}=1`)
    const free: BodyRule = { op: 'absent', pointer: '/w' }
    expect(ruled(many.slice(1).join('&'), free)).toBeNull()
    expect(ruled(many.join('&'), free)).toBe('body-malformed')
  })
  test.each([
    [`${FORM}`, null],
    [`${FORM};charset=UTF-8`, null],
    [`${FORM.toUpperCase()} ; charset="utf-8"`, null],
    [`${FORM}; charset=utf-16`, 'body-malformed'],
    [`${FORM}; charset=utf-8; charset=utf-7`, 'body-malformed'],
    [`${FORM}; x=1`, 'body-malformed'],
    [`${FORM};`, 'body-malformed'],
    [`${FORM}, application/json`, 'body-malformed'],
    [`${FORM}-x`, 'body-malformed'],
    ['text/plain', 'body-malformed'],
    ['application/json', 'body-malformed'],
  ])('with the content type %j: %s', (type, reason) => {
    expect(ruled('a=1', rule, type)).toBe(reason)
  })
})

describe('multipart form data that two parsers could read differently is denied', () => {
  const rule: BodyRule = { op: 'fields', only: ['a', 'b'] }
  const A = 'Content-Disposition: form-data; name="a"'
  test.each([
    ['as browsers write it', parts(part('a', '1'), file('b', '2'))],
    ['with any bytes in a value', parts(part('a', '\r\n--X\r\nname="w"\u0000-XX'))],
    ['with a type after the name', parts([`${A}\r\nContent-Type: text/plain; charset=utf-8`, '1'])],
    ['with a type before the name', parts([`content-type: application/json\r\n${A}`, '{}'])],
    ['without parts', '--XX--\r\n'],
    ['without a last line end', parts(part('a', '1')).trimEnd()],
  ])('but not %s', (_, body) => expect(multipart(body, rule)).toBeNull())
  const good = parts(part('a', '1'))
  test.each([
    ['a name twice', parts(part('a', '1'), part('a', '2'))],
    ['something before', `x\r\n${good}`],
    ['a line end before', `\r\n${good}`],
    ['something after', `${good}x`],
    ['a second end', `${good}--XX--\r\n`],
    ['no end', good.replace('--XX--\r\n', '')],
    ['an end that goes on', good.replace('--XX--\r\n', '--XX-')],
    ['an end with one hyphen', good.replace('--XX--\r\n', '--XX-\r\n')],
    ['only a boundary', '--XX\r\n'],
    ['nothing of the kind', 'a=1'],
    ['a boundary that goes on', good.replace('--XX\r\n', '--XXY\r\n')],
    ['blanks after a boundary', good.replace('--XX\r\n', '--XX \r\n')],
    [
      'a boundary after a bare LF',
      parts(part('a', '1\n--XX\r\nContent-Disposition: form-data; name="w"\r\n\r\n2')),
    ],
    ['a boundary within a line', parts(part('a', '1--XX'))],
    ['a bare LF after a boundary', good.replace('--XX\r\n', '--XX\n')],
    ['a bare LF in a head', parts([`${A}\nContent-Type: text/plain`, '1'])],
    ['a bare CR in a head', parts([`${A}\rX`, '1'])],
    ['a head that ends with LF LF', good.replace('\r\n\r\n', '\n\n')],
    ['a folded line', parts(['Content-Disposition: form-data;\r\n name="a"', '1'])],
    ['a folded second name', parts([`${A};\r\n name="w"`, '1'])],
    ['filename*', parts([`${A}; filename*=utf-8''x`, '1'])],
    ['name*', parts(["Content-Disposition: form-data; name*=utf-8''a", '1'])],
    ['two names', parts([`${A}; name="w"`, '1'])],
    ['a file name before the name', parts(['Content-Disposition: form-data; filename="w"; name="a"', '1'])],
    ['a name without quotes', parts(['Content-Disposition: form-data; name=a', '1'])],
    ['single quotes', parts(["Content-Disposition: form-data; name='a'", '1'])],
    ['a backslash', parts(part('a\\', '1'))],
    ['an escaped quote', parts(part('a\\"; x=\\"', '1'))],
    ['a percent sign', parts(part('%61', '1'))],
    ['a semicolon in a name', parts(part('a;b', '1'))],
    ['a semicolon in a file name', parts([`${A}; filename="x;name=w"`, '1'])],
    ['an empty name', parts(part('', '1'))],
    ['a NUL in a name', parts(part('a\0', '1'))],
    ['no disposition', parts(['Content-Type: text/plain', '1'])],
    ['two dispositions', parts([`${A}\r\nContent-Disposition: form-data; name="w"`, '1'])],
    ['another disposition', parts(['Content-Disposition: attachment; name="a"', '1'])],
    ['a blank before the colon', parts(['Content-Disposition : form-data; name="a"', '1'])],
    ['a transfer encoding', parts([`${A}\r\nContent-Transfer-Encoding: base64`, 'MQ=='])],
    ['a length', parts([`${A}\r\nContent-Length: 1`, '1'])],
    ['parts within', parts([`${A}\r\nContent-Type: multipart/mixed; boundary=YY`, '1'])],
    ['a message within', parts([`${A}\r\nContent-Type: message/rfc822`, '1'])],
    ['_charset_', parts(part('_charset_', 'utf-7'))],
    ['a head of 5000 bytes', parts([`${A}; filename="${'x'.repeat(5000)}"`, '1'])],
  ])('for %s', (_, body) => expect(multipart(body, rule)).toBe('body-malformed'))
  test('and bytes in a value that are no UTF-8 are no text', () => {
    const listed: BodyRule = { op: 'in', pointer: '/a', values: ['\ufffd'] }
    expect(denial(Buffer.from(parts(part('a', '\xff')), 'latin1'), { body: [listed] }, MULTIPART)).toBe(
      'body-rule',
    )
    expect(multipart(parts(part('a', '\ufffd')), listed)).toBeNull()
  })
  test('for bytes in a head that are no UTF-8', () => {
    expect(denial(Buffer.from(parts(part('\xe9', '1')), 'latin1'), { body: [rule] }, MULTIPART)).toBe(
      'body-malformed',
    )
  })
  test.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary="XX"',
    'multipart/form-data; boundary=YY',
    'multipart/form-data; boundary=XX; boundary=YY',
    'multipart/form-data; boundary=YY; boundary=XX',
    'multipart/form-data; boundary=XX; charset=utf-7',
    'multipart/form-data; charset=utf-8; boundary=XX',
    'multipart/form-data;  boundary=XX',
    'multipart/form-data; boundary*=XX',
    `multipart/form-data; boundary=${'X'.repeat(71)}`,
    'multipart/mixed; boundary=XX',
    'multipart/form-data, multipart/form-data; boundary=XX',
  ])('for the content type %j', (type) => {
    expect(multipart(good, rule, type)).toBe('body-malformed')
    expect(multipart(good, rule)).toBeNull()
  })
  test('a file and a long text are there, but have no value a rule could look into', () => {
    const listed: BodyRule = { op: 'in', pointer: '/a', values: ['1'] }
    expect(multipart(parts(file('a', '1')), listed)).toBe('body-rule')
    expect(multipart(parts(file('a', '1')), { op: 'present', pointer: '/a' })).toBeNull()
    expect(multipart(parts(file('a', '1')), { op: 'absent', pointer: '/a' })).toBe('body-rule')
    const long = 'x'.repeat(64 * 1024 + 1)
    expect(multipart(parts(part('a', long)), { ...listed, values: [long] })).toBe('body-rule')
    expect(multipart(parts(part('a', long.slice(1))), { ...listed, values: [long.slice(1)] })).toBeNull()
    const typed = parts([
      'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-7',
      '1',
    ])
    expect(multipart(typed, listed)).toBe('body-rule')
  })
})

test('what FormData and URLSearchParams of the platform write is read', async () => {
  const data = new FormData()
  data.set('model', 'm')
  data.set('file', new File(['\r\n--x'], 'é "q".bin', { type: 'application/octet-stream' }))
  for (const body of [data, new URLSearchParams({ model: 'm', file: 'a b&c=é' })]) {
    const sent = new Request('https://example.com', { method: 'POST', body })
    const raw = new Uint8Array(await sent.arrayBuffer())
    const members = { models: ['m'], body: [{ op: 'fields' as const, only: ['model', 'file'] }] }
    expect(denial(raw, members, sent.headers.get('content-type') ?? '')).toBeNull()
  }
})

describe('a form whose fields replace the method', () => {
  const claimed = (type: string) => ({
    method: 'POST',
    url: 'https://api.example.com/v1/x',
    headers: [['content-type', type]] as const,
  })
  const capability = exampleCapability(['allow POST /v1/**'])
  const asked = (body: string, type = FORM) =>
    explain(claimed(type), bytes(body), capability, exampleService())
  test.each([
    '_method=DELETE',
    'a=1&_method=DELETE',
    'a=1;_METHOD=PUT',
    '%5fmethod=DELETE',
    '+_method=x',
    '_method',
  ])('%j is denied also where no condition speaks of the body', (body) => {
    expect(asked(body)).toMatchObject({ decision: 'deny', reason: 'body-relabels' })
    expect(asked(body, `${FORM}; charset=latin1`).reason).toBe('body-relabels')
  })
  test.each([
    parts(part('a', '1'), part('_method', 'DELETE')),
    parts(['Content-Disposition: form-data; name=_method', 'DELETE']),
    parts(['content-disposition: form-data;\r\n NAME = "_METHOD"', 'DELETE']),
    parts(["Content-Disposition: form-data; name*=utf-8''_method", 'DELETE']),
    parts([`Content-Disposition: form-data; filename="x"; name='x-http-method-override'`, 'DELETE']),
  ])('multipart too: %j', (body) => {
    for (const type of [MULTIPART, 'multipart/mixed; boundary=YY'])
      expect(asked(body, type)).toMatchObject({ decision: 'deny', reason: 'body-relabels' })
  })
  test.each([
    parts(part('payment_method', '_method')),
    parts(part('_methods', '1')),
    parts(part('a', '_method')),
  ])('but not by a likeness: %j', (body) => expect(asked(body, MULTIPART).decision).toBe('allow'))
  test('and any other form is not looked into', () => {
    expect(asked('a=_method;%').decision).toBe('allow')
    expect(asked('_method=DELETE', 'text/plain').decision).toBe('allow')
  })
  test.each([1, 7, 100, 385, 5000])('as it streams past in pieces of %i bytes', async (size) => {
    const bad = bytes(
      parts(part('a', 'x'.repeat(3000)), part('_method', 'DELETE'), part('b', 'y'.repeat(3000))),
    )
    const good = bytes(parts(part('a', 'x'.repeat(3000)), part('payment_method', 'a\r\n_method')))
    async function* pieces(body: Uint8Array) {
      for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
    }
    const passed = async (body: Uint8Array) => {
      const out: Uint8Array[] = []
      const read = async () => {
        for await (const piece of watchMultipart(pieces(body))) out.push(piece)
      }
      const problem = await read().then(
        () => null,
        (error: Problem) => error.reason,
      )
      return { problem, passed: Buffer.concat(out) }
    }
    expect(await passed(good)).toEqual({ problem: null, passed: Buffer.from(good) })
    const cut = await passed(bad)
    expect(cut.problem).toBe('body-relabels')
    expect(cut.passed.includes('_method')).toBe(false)
  })
  test('so a form is held whole', () => {
    const request = { ...claimed(FORM), origin: '', path: '/v1/x', query: [] }
    expect(needsBody(request, capability, exampleService())).toBe(true)
    expect(needsBody({ ...request, headers: [] }, capability, exampleService())).toBe(false)
  })
})
