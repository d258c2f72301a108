import { describe, expect, test } from 'vitest'
import { bodyDenial } from '../../native-host/policy/body.ts'
import { bodyRuleText } from '../../native-host/policy/body-rule-text.ts'
import { isJsonContent } from '../../native-host/policy/json-content.ts'
import { needsBody } from '../../native-host/policy/needs-body.ts'
import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes } from './policy-fixture.ts'

const JSON_HEADERS = [['content-type', 'application/json']] as const

function denial(
  text: string | null,
  members: Partial<Capability>,
  method = 'POST',
  headers: readonly (readonly [string, string])[] = JSON_HEADERS,
) {
  const body = text === null ? null : bytes(text)
  return bodyDenial({ method, headers, query: [] }, body, exampleCapability([], members))?.reason ?? null
}

function ruled(text: string | null, rule: BodyRule) {
  return denial(text, { body: [rule] })
}

describe('`in` compares type and value', () => {
  const rule: BodyRule = { op: 'in', pointer: '/a', values: ['1', 2, true] }
  test.each([
    ['{"a":"1"}', null],
    ['{"a":2}', null],
    ['{"a":2.0}', null],
    ['{"a":true}', null],
    ['{"a":1}', 'body-rule'],
    ['{"a":"2"}', 'body-rule'],
    ['{"a":"true"}', 'body-rule'],
    ['{"a":null}', 'body-rule'],
    ['{"a":["1"]}', 'body-rule'],
    ['{"a":{}}', 'body-rule'],
    ['{}', 'body-rule'],
    ['{"a":2.00000000000000001}', 'body-rule'],
  ])('%s: %s', (text, reason) => {
    expect(ruled(text, rule)).toBe(reason)
  })
  test('and an empty list lets nothing through', () => {
    expect(ruled('{"a":"1"}', { ...rule, values: [] })).toBe('body-rule')
  })
})

describe('`<=` needs a number from zero up that all readers read alike', () => {
  test.each([
    ['100', null],
    ['0', null],
    ['99.5', null],
    ['1e2', null],
    ['101', 'body-rule'],
    ['-1', 'body-rule'],
    ['-0', 'body-rule'],
    ['"5"', 'body-rule'],
    ['null', 'body-rule'],
    ['[5]', 'body-rule'],
    ['1e400', 'body-rule'],
    ['1e-400', 'body-rule'],
    ['100.00000000000000001', 'body-rule'],
    ['true', 'body-rule'],
  ])('%s: %s', (value, reason) => {
    expect(ruled(`{"n":${value}}`, { op: '<=', pointer: '/n', limit: 100 })).toBe(reason)
  })
  test('and is not met by a body without the member, whose default may be anything', () => {
    expect(ruled('{}', { op: '<=', pointer: '/n', limit: 100 })).toBe('body-rule')
  })
  test('unless the owner says that it may be absent', () => {
    const rule: BodyRule = { op: '<=', pointer: '/n', limit: 100, orAbsent: true }
    expect([ruled('{}', rule), ruled(null, rule), ruled('{"n":100}', rule)]).toEqual([null, null, null])
    for (const text of ['{"n":101}', '{"n":null}', '{"n":"1"}', '{"n":-1}'])
      expect(ruled(text, rule)).toBe('body-rule')
    expect(ruled('{"N":101}', rule)).toBe('body-malformed')
    expect(bodyRuleText(rule)).toBe('/n <= 100 or absent')
  })
})

describe('`absent` and `present` look at own members', () => {
  test.each([
    ['{"w":null}', 'absent', 'body-rule'],
    ['{"w":1}', 'absent', 'body-rule'],
    ['{"x":1}', 'absent', null],
    ['{"w":null}', 'present', null],
    ['{"x":1}', 'present', 'body-rule'],
  ] as const)('%s %s: %s', (text, op, reason) => {
    expect(ruled(text, { op, pointer: '/w' })).toBe(reason)
  })
  test('nested, and not through arrays by name', () => {
    expect(ruled('{"a":{"b":1}}', { op: 'present', pointer: '/a/b' })).toBeNull()
    expect(ruled('{"a":[1]}', { op: 'present', pointer: '/a/length' })).toBe('body-rule')
    expect(ruled('{}', { op: 'present', pointer: '/toString' })).toBe('body-rule')
  })
})

describe('a key that some decoder takes for the ruled one is refused', () => {
  test.each([
    '{"max_tokens":1,"Max_Tokens":9}',
    '{"max_tokens":1,"MAX_TOKENS":9}',
    '{"max_tokens":1,"max_to\u212aens":9}',
    '{"max_tokens":1,"max_token\u017f":9}',
    '{"max_tokens":1,"\uff4dax_tokens":9}',
    '{"max_tokens":1,"maxTokens":9}',
    '{"max_tokens":1,"max-tokens":9}',
    '{"max_tokens":1,"max_tokens ":9}',
    '{"max_tokens":1,"max_tokens\\u0000x":9}',
    '{"max_tokens":1,"\\u200bmax_tokens":9}',
    '{"max_tokens":1,"__proto__":{"max_tokens":9}}',
  ])('%s', (text) => {
    expect(ruled(text, { op: '<=', pointer: '/max_tokens', limit: 100 })).toBe('body-malformed')
  })
  test('also by a letter that only upper case folds', () => {
    expect(ruled('{"limit":1,"l\u0131mit":9}', { op: '<=', pointer: '/limit', limit: 5 })).toBe(
      'body-malformed',
    )
  })
  test('at every step of the pointer', () => {
    const rule: BodyRule = { op: 'absent', pointer: '/a/b' }
    expect(ruled('{"A":{"b":1}}', rule)).toBe('body-malformed')
    expect(ruled('{"a":{"B":1}}', rule)).toBe('body-malformed')
    expect(ruled('{"a":{"c":{"B":1}}}', rule)).toBeNull()
    expect(ruled('{"a":1}', rule)).toBeNull()
  })
  test('and unrelated keys are not', () => {
    expect(
      ruled('{"max_tokens":1,"max_completion_tokens":9}', { op: '<=', pointer: '/max_tokens', limit: 100 }),
    ).toBeNull()
  })
})

describe('a list of models', () => {
  test.each([
    ['{"model":"a"}', ['a', 'b'], null],
    ['{"model_id":"b"}', ['a', 'b'], null],
    ['{"model":"a","model_id":"b"}', ['a', 'b'], null],
    ['{"model":"a","model_id":"c"}', ['a', 'b'], 'model-not-listed'],
    ['{"model":"c"}', ['a', 'b'], 'model-not-listed'],
    ['{"model":"A"}', ['a', 'b'], 'model-not-listed'],
    ['{"model":["a"]}', ['a', 'b'], 'model-not-listed'],
    ['{"model":null}', ['a', 'b'], 'model-not-listed'],
    ['{}', ['a', 'b'], 'model-not-listed'],
    ['{"model":"a"}', [], 'model-not-listed'],
    ['{"model":"a","models":["a","b"]}', ['a', 'b'], null],
    ['{"model":"a","models":["a","c"]}', ['a', 'b'], 'model-not-listed'],
    ['{"model":"a","models":"c"}', ['a', 'b'], 'model-not-listed'],
    ['{"models":["a"]}', ['a', 'b'], 'model-not-listed'],
    ['{"model":"a","Model":"c"}', ['a', 'b'], 'body-malformed'],
    ['{"model":"a","modelId":"c"}', ['a', 'b'], 'body-malformed'],
    ['{"model":"a","MODELS":["c"]}', ['a', 'b'], 'body-malformed'],
  ])('%s of %j: %s', (text, models, reason) => {
    expect(denial(text, { models })).toBe(reason)
  })
})

describe('which bodies are looked at', () => {
  const body: BodyRule[] = [{ op: 'present', pointer: '/a' }]
  test('none where the capability says nothing about bodies', () => {
    expect(denial('not json', {})).toBeNull()
    expect(denial(null, {})).toBeNull()
  })
  test.each(['POST', 'PUT', 'PATCH'])('%s needs one', (method) => {
    expect(denial(null, { body }, method)).toBe('body-required')
    expect(denial('', { body }, method)).toBe('body-required')
    expect(denial(null, { models: ['a'] }, method)).toBe('body-required')
    expect(denial('{"b":1}', { body }, method)).toBe('body-rule')
  })
  test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('%s needs none, but what comes is checked', (method) => {
    expect(denial(null, { body, models: ['a'] }, method)).toBeNull()
    expect(denial('', { body }, method)).toBeNull()
    expect(denial('{"b":1}', { body }, method)).toBe('body-rule')
    expect(denial('{"a":1}', { body }, method)).toBeNull()
  })
  test('without a body only `absent` holds', () => {
    expect(denial(null, { body: [{ op: 'absent', pointer: '/a' }] })).toBeNull()
    expect(denial(null, { body: [{ op: 'absent', pointer: '/a' }, ...body] })).toBe('body-required')
  })
  test.each([
    [[]],
    [[['content-type', 'text/plain']]],
    [[['content-type', 'multipart/form-data; boundary=x']]],
  ])('a body with headers %j is denied', (headers) => {
    expect(denial('{"a":1}', { body }, 'POST', headers as [string, string][])).toBe('body-malformed')
  })
  test.each(['[{"a":1}]', '"a"', '1', '{"a":1}x', '{"a":1,"a":2}'])('%s is denied', (text) => {
    expect(denial(text, { body })).toBe('body-malformed')
  })
  test('UTF-16 and UTF-32, with a mark or without, are no JSON', () => {
    const text = '{"a":1}'
    const wide = (unit: 2 | 4, little: boolean, mark: string) => {
      const out = Buffer.alloc((mark + text).length * unit)
      for (const [at, letter] of [...(mark + text)].entries())
        out.writeUIntLE(letter.charCodeAt(0), at * unit, unit)
      return little ? out : unit === 2 ? out.swap16() : out.swap32()
    }
    const request = { method: 'POST', headers: JSON_HEADERS, query: [] }
    for (const unit of [2, 4] as const)
      for (const little of [true, false])
        for (const mark of ['', '\ufeff'])
          expect(bodyDenial(request, wide(unit, little, mark), exampleCapability([], { body }))?.reason).toBe(
            'body-malformed',
          )
  })
  test('a condition whose pointer cannot be read denies', () => {
    expect(denial('{"a":1}', { body: [{ op: 'absent', pointer: 'a' }] })).toBe('rule-malformed')
    expect(denial('{"a":1}', { body: [{ op: 'absent', pointer: '' }] })).toBe('rule-malformed')
  })
  test('a condition of a kind that is not known denies', () => {
    const strange = { op: '>=', pointer: '/a' } as unknown as BodyRule
    expect(denial('{"a":1}', { body: [strange] })).toBe('body-rule')
  })
})

test('the condition that denied is named as the owner writes it', () => {
  const rules: BodyRule[] = [
    { op: 'in', pointer: '/a', values: ['x', 1, true] },
    { op: '<=', pointer: '/n', limit: 1.5 },
    { op: 'absent', pointer: '/w' },
    { op: 'present', pointer: '/p' },
  ]
  expect(rules.map(bodyRuleText)).toEqual(['/a in x,1,true', '/n <= 1.5', '/w absent', '/p present'])
  const out = bodyDenial(
    { method: 'POST', headers: JSON_HEADERS, query: [] },
    bytes('{}'),
    exampleCapability([], { models: ['m', 'n'] }),
  )
  expect(out?.rule).toBe('model in m,n')
})

describe('JSON by content type', () => {
  test.each([
    ['application/json', true],
    ['Application/JSON ; Charset=UTF-8', true],
    ['application/json;charset="utf-8"', true],
    ['application/vnd.api+json', true],
    ['application/json; profile=x', true],
    ['application/json; charset=utf-16', false],
    ['application/json; charset=utf-7', false],
    ['application/json; charset', false],
    ['application/json;', false],
    ['application/json, text/plain', false],
    ['application/jsonx', false],
    ['application/x-ndjson', false],
    ['text/json', false],
    ['', false],
    [null, false],
  ])('%s: %s', (type, expected) => {
    expect(isJsonContent(type)).toBe(expected)
  })
})

describe('a body must be held whole', () => {
  const base = { url: '', origin: '', path: '/v1/x', query: [] }
  const post = { ...base, method: 'POST', headers: JSON_HEADERS }
  const plain = exampleCapability([])
  const inBody = exampleService({
    auth: [{ paths: ['/v1/**'], auth: { kind: 'json-field', pointer: '/key', secret: 'value' } }],
  })
  const stripped = exampleService({ strip: { headers: [], query: [], jsonFields: ['/key'] } })
  test('for conditions on it, whatever the method', () => {
    const capability = exampleCapability([], { models: [] })
    expect(needsBody(post, capability, exampleService())).toBe(true)
    expect(needsBody({ ...post, method: 'DELETE' }, capability, exampleService())).toBe(true)
    expect(needsBody(post, plain, exampleService())).toBe(false)
  })
  test('for a credential that goes into it', () => {
    expect(needsBody(post, plain, inBody)).toBe(true)
    expect(needsBody({ ...post, path: '/v2/x' }, plain, inBody)).toBe(false)
    expect(needsBody({ ...post, method: 'GET' }, plain, inBody)).toBe(false)
  })
  test('for the owner, who is asked about it', () => {
    const asking = exampleCapability(['allow * /v1/**', 'ask POST /v1/x', 'ask DELETE /v1/**'])
    const binary = { ...post, headers: [] }
    expect(needsBody(binary, asking, exampleService())).toBe(true)
    expect(needsBody({ ...binary, path: '/v1/X/' }, asking, exampleService())).toBe(true)
    expect(needsBody({ ...binary, method: 'DELETE', path: '/v1/y' }, asking, exampleService())).toBe(true)
    expect(needsBody({ ...binary, path: '/v1/y' }, asking, exampleService())).toBe(false)
    expect(needsBody({ ...binary, method: 'GET' }, asking, exampleService())).toBe(false)
  })
  test('for a placeholder in JSON', () => {
    expect(needsBody(post, plain, stripped)).toBe(true)
    expect(needsBody({ ...post, headers: [] }, plain, stripped)).toBe(false)
    expect(needsBody({ ...post, method: 'HEAD' }, plain, stripped)).toBe(false)
  })
})
