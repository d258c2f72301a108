import { describe, expect, test } from 'vitest'
import { describedOperation } from '../../native-host/import/import-openapi.ts'
import { inTime } from '../../native-host/import/in-time.ts'
import { type Operation, readOpenApi } from '../../native-host/import/openapi-document.ts'
import { marksOf } from '../../native-host/import/openapi-marks.ts'
import { suggestReading } from '../../native-host/import/openapi-reading.ts'
import { readingText } from '../../native-host/import/reading-text.ts'
import { refusalOf } from './vault-fixture.ts'

function operation(call: string, members: Partial<Operation> = {}): Operation {
  const [method = '', path = ''] = call.split(' ')
  return {
    name: call,
    method,
    path,
    tags: [],
    summary: '',
    deprecated: false,
    query: [],
    answers: ['200'],
    bodyMembers: [],
    ...members,
  }
}

describe('what an operation does that its owner should see', () => {
  test.each([
    ['GET /pets', {}, 'method-reads', []],
    ['GET /orders', {}, 'method-reads', []],
    ['POST /pets/search', {}, 'address-reads', []],
    ['POST /pets', { name: 'searchPets' }, 'name-reads', []],
    ['GET /pets/7/delete', {}, 'address-acts', ['deletes']],
    ['GET /pets/7', { name: 'removePet' }, 'name-acts', ['deletes']],
    ['GET /logout', {}, 'address-acts', ['writes']],
    ['DELETE /pets/{id}', {}, 'method-changes', ['deletes']],
    ['PUT /pets/{id}', {}, 'method-changes', ['writes']],
    ['POST /pets', {}, 'nothing-reads', ['writes']],
    ['POST /pets', { answers: ['201'] }, 'answers-made', ['writes']],
    ['POST /pets/purge', {}, 'address-acts', ['deletes']],
    ['POST /checkout', {}, 'nothing-reads', ['spends', 'writes']],
    ['POST /v1/images/generations', {}, 'nothing-reads', ['spends', 'writes']],
    ['POST /users/{id}/refund', { name: 'payBack' }, 'address-acts', ['spends', 'writes']],
    ['GET /session/token', {}, 'mints', ['mints']],
    ['POST /apiKeys', {}, 'mints', ['mints', 'writes']],
    ['DELETE /apiKeys/{id}', {}, 'method-changes', ['deletes']],
  ] as const)('%s %j: %s, %j', (call, members, code, marks) => {
    const each = operation(call, members)
    expect([suggestReading(each).reason.code, marksOf(each)]).toEqual([code, marks])
  })

  test('what is suggested as reading has no mark, and what has none is suggested', () => {
    for (const call of ['GET /a', 'HEAD /a', 'POST /a/list', 'POST /a', 'PATCH /a', 'GET /a/token']) {
      const { reads, marks, reason } = describedOperation(operation(call), '')
      expect([call, reads]).toEqual([call, marks.length === 0])
      expect(readingText(reason).length).toBeGreaterThan(10)
    }
  })
})

/** A document of these paths. */
function written(paths: string, rest = ''): string {
  return `{"openapi":"3.1.0","info":{"title":"T","version":"1"}${rest},"paths":${paths}}`
}

describe('a document that means harm', () => {
  test('reaches nothing of ours by the names in it', () => {
    const get = '{"get":{"operationId":"__proto__","tags":["__proto__","constructor"]}}'
    const text = written(
      `{"/__proto__":${get},"__proto__":{"get":{"operationId":"polluted"}},"/constructor":${get}}`,
      ',"components":{"securitySchemes":{"__proto__":{"type":"http","scheme":"bearer","polluted":1}}},"__proto__":{"polluted":1}',
    )
    const api = readOpenApi(text)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(api.operations.map(({ path }) => path)).toContain('/constructor')
    for (const each of api.operations) expect(describedOperation(each, '').rule).not.toContain('**')
  })

  test('that never ends, or grows as it is read, ends soon', () => {
    const deep = 60
    const schemas = Array.from({ length: deep }, (_, at) => {
      const next = { $ref: `#/components/schemas/S${(at + 1) % deep}` }
      return [`S${at}`, { properties: { a: next, b: next, c: next }, allOf: [next, next] }]
    })
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } }
    const text = written(
      JSON.stringify({
        '/a': { post: { requestBody: { content } } },
        '/loop': { $ref: '#/paths/~1loop' },
        '/there': { $ref: '#/paths/~1back' },
        '/back': { $ref: '#/paths/~1there' },
      }),
      `,"components":${JSON.stringify({ schemas: Object.fromEntries(schemas) })}`,
    )
    // A tripling at each step would take longer than the universe has.
    const api = inTime(60_000, () => readOpenApi(text))
    expect(api.operations[0]?.bodyMembers).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['nested too deeply', written(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)],
    ['nested too deeply as a list', `[${'['.repeat(20_000)}`],
    [
      'pointing back over and over',
      `a: &a [x,x,x]\nb: &b [${'*a,'.repeat(90)}*a]\nc: [${'*b,'.repeat(90)}*b]\npaths: {}`,
    ],
    ['a member twice', written('{"/a":{"get":{}},"/a":{"delete":{}}}')],
    ['markup', '<html><body>openapi: 3.0.0</body></html>'],
  ])('%s is refused', (_, text) => {
    expect(refusalOf(() => readOpenApi(text))).toBe('invalid')
  })

  test('that is read without end is given up', () => {
    const endless = () => {
      for (;;) Math.random()
    }
    expect(refusalOf(() => inTime(50, endless))).toBe('too-large')
    // A reader with a `catch` of its own does not go on either.
    const stubborn = () => {
      for (;;) {
        try {
          endless()
        } catch {}
      }
    }
    expect(refusalOf(() => inTime(50, stubborn))).toBe('too-large')
    const endlessYaml = '- '.repeat(500_000)
    expect(refusalOf(() => inTime(50, () => readOpenApi(endlessYaml)))).toBe('too-large')
    expect(inTime(60_000, () => 'whole')).toBe('whole')
    expect(refusalOf(() => inTime(60_000, () => readOpenApi('[]')))).toBe('invalid')
  })

  test('that chooses paths to be taken for patterns gets no wider rule than one operation', () => {
    const paths = [
      '/**',
      '/*',
      '/a/**/b',
      '/{a}{b}',
      '/a?b',
      '/a b',
      '/../a',
      '/a//b',
      '/%2e%2e/a',
      '/a#b',
      '* /x',
      'a',
    ]
    const rules = paths.map((path) => describedOperation(operation(`GET x`, { path }), '/v1').rule)
    for (const rule of rules.filter((each) => each !== null)) {
      expect(rule).toMatch(/^GET \/v1\//)
      expect(rule).not.toContain('**')
    }
    expect(describedOperation(operation('GET x', { path: '/a b' }), '').rule).toBeNull()
  })
})
