import { describe, expect, test } from 'vitest'
import { bodyDenial } from '../../native-host/policy/body.ts'
import { explain } from '../../native-host/policy/explain.ts'
import type { BodyRule } from '../../shared/model/capability.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes } from './policy-fixture.ts'

type GraphqlRule = Extract<BodyRule, { op: 'graphql' }>

const rule = (
  kind: GraphqlRule['kind'],
  fields: string[] | null,
  names: string[] | null = null,
): GraphqlRule => {
  return { op: 'graphql', kind, fields, names }
}
const QUERY = rule('query', ['viewer', 'repository'])
const BOTH = [QUERY, rule('mutation', ['createIssue'])]

function reasonFor(body: string, rules: BodyRule[] = [QUERY], type = 'application/json') {
  const request = { method: 'POST', headers: [['content-type', type]] as const, query: [] }
  return bodyDenial(request, bytes(body), exampleCapability([], { body: rules }))?.reason ?? null
}

const asked = (query: string, rules: BodyRule[] = [QUERY], more: object = {}) =>
  reasonFor(JSON.stringify({ query, ...more }), rules)

describe('kind and root fields, by their real names', () => {
  test.each([
    ['{viewer{login}}', null],
    ['query{viewer{login}}', null],
    ['query Q($a:Int){viewer{login} repository(id:$a){name}}', null],
    ['{a:viewer{login}}', null],
    ['{__typename viewer{login}}', null],
    ['{viewer:secrets{login}}', 'body-rule'],
    ['{viewer{login} secrets}', 'body-rule'],
    ['{Viewer{login}}', 'body-rule'],
    ['{viewer{login} ...F} fragment F on Query{secrets}', 'body-rule'],
    ['{...F} fragment F on Query{...G} fragment G on Query{viewer{x}}', null],
    ['{...F} fragment F on Query{...G} fragment G on Query{... on Query{secrets}}', 'body-rule'],
    ['{...F} fragment F on Query{viewer{x} ...F}', null],
    ['{...on Query{... {secrets}}}', 'body-rule'],
    ['{viewer{x} secrets @skip(if:true)}', 'body-rule'],
    ['query($a:Boolean!){viewer{x} ... @include(if:$a){secrets}}', 'body-rule'],
    ['mutation{createIssue{id}}', 'body-rule'],
    ['mutation{viewer{id}}', 'body-rule'],
    ['subscription{viewer{id}}', 'body-rule'],
    ['{__schema{types{name}}}', 'body-rule'],
    ['{__type(name:"X"){name}}', 'body-rule'],
    ['{viewer{...F}} fragment F on X{a{__schema{x}}}', 'body-rule'],
    ['{viewer{query{__type(name:"X"){name}}}}', 'body-rule'],
    ['{viewer(a:"secrets { } # \\"") # secrets\n{login}}', null],
    ['{viewer(a:"""secrets { \\""" """){login}}', null],
  ])('%s: %s', (query, reason) => expect(asked(query)).toBe(reason))

  test('rules are alternatives to each other, field by field', () => {
    expect(asked('mutation{createIssue{id}}', BOTH)).toBeNull()
    expect(asked('mutation{viewer{id}}', BOTH)).toBe('body-rule')
    expect(asked('{createIssue{id}}', BOTH)).toBe('body-rule')
    expect(asked('{a b}', [rule('query', ['a']), rule('query', ['b'])])).toBeNull()
    expect(asked('{viewer{x}}', [...BOTH, { op: 'absent', pointer: '/variables' }])).toBeNull()
    expect(asked('{viewer{x}}', [...BOTH, { op: 'absent', pointer: '/variables' }], { variables: {} })).toBe(
      'body-rule',
    )
    expect(asked('{viewer{x}}', [{ op: 'fields', only: ['query'] }, ...BOTH], { variables: {} })).toBe(
      'body-rule',
    )
  })
  test('any field is not introspection, which is always named', () => {
    expect(asked('{anything}', [rule('query', null)])).toBeNull()
    expect(asked('{a __schema{x}}', [rule('query', null)])).toBe('body-rule')
    expect(asked('{a{b{__type(name:"x"){y}}}}', [rule('query', null)])).toBe('body-rule')
    expect(asked('{a __schema{x}}', [rule('query', null), rule('query', ['__schema'])])).toBeNull()
  })
  test('an empty list lets nothing through', () => {
    expect(asked('{viewer}', [rule('query', [])])).toBe('body-rule')
    expect(asked('query A{viewer}', [rule('query', null, [])])).toBe('body-rule')
  })
})

describe('names of operations', () => {
  const named = [rule('query', ['viewer'], ['A', 'B'])]
  test('are those listed, and none is none of them', () => {
    expect(asked('query A{viewer}', named)).toBeNull()
    expect(asked('query C{viewer}', named)).toBe('body-rule')
    expect(asked('{viewer}', named)).toBe('body-rule')
    expect(asked('query A{viewer} query C{viewer}', named, { operationName: 'A' })).toBe('body-rule')
  })
  test('every operation of a document is looked at, whichever is named to run', () => {
    const two = 'query A{viewer{x}} query B{secrets}'
    expect(asked(two, [QUERY], { operationName: 'A' })).toBe('body-rule')
    expect(asked('query A{viewer{x}} mutation B{drop}', [QUERY], { operationName: 'A' })).toBe('body-rule')
    expect(asked('query A{viewer} query B{viewer}', [QUERY], { operationName: 'B' })).toBeNull()
  })
  test.each([
    ['query A{viewer} query B{viewer}', {}],
    ['query A{viewer} query B{viewer}', { operationName: null }],
    ['query A{viewer} query B{viewer}', { operationName: 'C' }],
    ['query A{viewer} query B{viewer}', { operationName: '' }],
    ['query A{viewer}', { operationName: 'B' }],
    ['{viewer}', { operationName: 'A' }],
    ['{viewer}', { operationName: '' }],
    ['{viewer}', { operationName: 1 }],
    ['query A{viewer} query A{viewer}', { operationName: 'A' }],
    ['{viewer} {viewer}', {}],
    ['{viewer} query A{viewer}', { operationName: 'A' }],
    ['"said of it" query A{viewer}', { operationName: 'A' }],
    ['fragment F on Query{viewer} "{secrets}" query A{...F}', { operationName: 'A' }],
    ['"""said of it""" fragment F on Query{viewer} query A{...F}', { operationName: 'A' }],
  ])('%s with %j could run something else', (query, more) => {
    expect(asked(query, [QUERY], more)).toBe('body-malformed')
  })
})

describe('a request that is not one document with its text is denied', () => {
  const good = { query: '{viewer}' }
  test.each([
    [good, null],
    [{ ...good, variables: null, operationName: null, extensions: null }, null],
    [{ ...good, variables: { a: [1] }, extensions: {} }, null],
    [{ ...good, extensions: { clientLibrary: { name: '@apollo/client', version: '4.0.0' } } }, null],
    [[good], 'body-malformed'],
    [{}, 'body-malformed'],
    [{ query: null }, 'body-malformed'],
    [{ query: ['{viewer}'] }, 'body-malformed'],
    [{ query: '' }, 'body-malformed'],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 'body-malformed'],
    [{ ...good, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 'body-malformed'],
    [{ ...good, extensions: [] }, 'body-malformed'],
    [{ ...good, variables: '{}' }, 'body-malformed'],
    ...['id', 'doc_id', 'documentId', 'queryId', 'hash', 'Query', 'operationname', 'map', '__proto__x'].map(
      (name) => [{ ...good, [name]: 'x' }, 'body-malformed'] as const,
    ),
  ] as [unknown, string | null][])('%j: %s', (body, reason) =>
    expect(reasonFor(JSON.stringify(body))).toBe(reason),
  )
  test.each([
    '{"query":"{viewer}","query":"{secrets}"}',
    '{"query":"{viewer}","\\u0071uery":"{secrets}"}',
    '{"query":"{viewer}"}{"query":"{secrets}"}',
    '{viewer}',
  ])('%s', (body) => expect(reasonFor(body)).toBe('body-malformed'))
  test.each([
    ['application/graphql', '{viewer}'],
    ['text/plain', JSON.stringify(good)],
    ['application/x-www-form-urlencoded', 'query={viewer}'],
    [
      'multipart/form-data; boundary=X',
      `--X\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify(good)}\r\n--X--\r\n`,
    ],
  ])('as %s', (type, body) => expect(reasonFor(body, [QUERY], type)).toBe('body-malformed'))
  test.each([
    '',
    ' ',
    '{',
    '{viewer',
    '{}',
    'viewer',
    '{viewer}}',
    'type Query{viewer:Int}',
    '{viewer} type X{a:Int}',
    'extend type Query{a:Int}',
    'fragment F on Query{viewer}',
    '{...F}',
    '{viewer ...F} fragment F on Query{viewer} fragment F on Query{secrets}',
    '{viewer # \u2028 secrets\n}',
    '{viewer # \u0085 secrets\n}',
    '{viewer # \r secrets\n}',
    '{viewer \u0000 secrets}',
    '\ufeff{viewer}',
    '{viewer \u00a0}',
    `${'{viewer'.repeat(3000)}${'}'.repeat(3000)}`,
    `{${'viewer '.repeat(10_000)}}`,
    `{viewer}#${'x'.repeat(256 * 1024)}`,
  ])('the document %j', (query) => expect(asked(query)).toBe('body-malformed'))
})

describe('through `explain`, which decides like the broker', () => {
  const capability = exampleCapability(['allow * /v1/graphql', 'allow GET /v1/x'], { body: BOTH })
  const json = [['content-type', 'application/json']] as const
  const ask = (
    method: string,
    path: string,
    body: string | null,
    headers: readonly (readonly [string, string])[] = json,
  ) => {
    const claimed = { method, url: `https://api.example.com${path}`, headers }
    return explain(claimed, body === null ? null : bytes(body), capability, exampleService())
  }
  test('the rules that denied are named as the owner writes them', () => {
    expect(ask('POST', '/v1/graphql', '{"query":"{secrets}"}')).toMatchObject({
      reason: 'body-rule',
      rule: 'graphql query viewer,repository or graphql mutation createIssue',
    })
    expect(ask('POST', '/v1/graphql', '{"query":"mutation{createIssue{id}}"}').decision).toBe('allow')
    expect(ask('POST', '/v1/graphql', null).reason).toBe('body-required')
  })
  test.each([
    ['GET', '/v1/graphql?query={secrets}'.replaceAll(/[{}]/g, (c) => `%${c === '{' ? '7b' : '7d'}`), null],
    ['GET', '/v1/graphql?query=mutation', null],
    ['GET', '/v1/graphql?extensions=x', null],
    ['POST', '/v1/graphql?query=x', '{"query":"{viewer}"}'],
    ['POST', '/v1/graphql?Query', '{"query":"{viewer}"}'],
    ['POST', '/v1/graphql?id=5', '{"query":"{viewer}"}'],
    ['DELETE', '/v1/graphql?a', null],
  ])('%s %s could carry an operation in its address', (method, path, body) => {
    expect(ask(method, path, body)).toMatchObject({ decision: 'deny', reason: 'graphql-address' })
  })
  test('a GET that carries nothing is a GET', () => {
    expect(ask('GET', '/v1/x', null).decision).toBe('allow')
  })
})
