import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type Choice,
  capabilityOf,
  mintingRules,
  remarksOn,
  tickList,
} from '../../native-host/import/import-openapi.ts'
import { type ApiDescription, readOpenApi } from '../../native-host/import/openapi-document.ts'
import { suggestReading } from '../../native-host/import/openapi-reading.ts'
import { authOf, baseUrlOf } from '../../native-host/import/openapi-service.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { exampleService } from '../support/examples.ts'
import { refusalOf } from './vault-fixture.ts'

const TEXT = readFileSync(new URL('../vectors/import/petting-zoo.yaml', import.meta.url), 'utf8')
const ZOO = readOpenApi(TEXT)
const NOTHING: Choice = { tags: [], operations: [], readOnly: false }
const NAMES = { id: 'zoo-read', service: 'example', label: 'Zoo' }

function document(members: Record<string, unknown>): ApiDescription {
  const paths = { '/a': { get: {} } }
  return readOpenApi(
    JSON.stringify({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, ...members }),
  )
}

describe('the document', () => {
  test('says where the API lives and how it takes its key', () => {
    expect(baseUrlOf(ZOO)).toBe('https://eu.zoo.example/api')
    expect(authOf(ZOO)).toEqual({
      kind: 'header',
      headers: [{ name: 'x-zoo-key', format: '{}', secret: 'value' }],
    })
    expect(ZOO.elsewhere).toEqual(['/elsewhere'])
  })

  test.each([
    [
      { type: 'http', scheme: 'bearer' },
      { kind: 'bearer', secret: 'token' },
    ],
    [
      { type: 'apiKey', in: 'query', name: 'api_key' },
      { kind: 'query', param: 'api_key', secret: 'value' },
    ],
    [
      { type: 'apiKey', in: 'cookie', name: 'sid' },
      { kind: 'cookie', cookie: 'sid', secret: 'value' },
    ],
    [{ type: 'http', scheme: 'basic' }, null],
    [{ type: 'mutualTLS' }, null],
  ])('%j', (scheme, auth) => {
    expect(authOf(document({ components: { securitySchemes: { own: scheme } } }))).toEqual(auth)
  })

  test('a key that is a member of most bodies is found where nothing else is described', () => {
    const body = (names: string[]) => ({
      requestBody: {
        content: {
          'application/json': { schema: { properties: Object.fromEntries(names.map((name) => [name, {}])) } },
        },
      },
    })
    const paths = {
      '/a': { post: body(['key', 'prompt']) },
      '/b': { post: body(['key']) },
      '/c': { post: body(['prompt']) },
    }
    expect(authOf(document({ paths }))).toEqual({ kind: 'json-field', pointer: '/key', secret: 'value' })
  })

  test('an old document is lifted', () => {
    const swagger = {
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      host: 'old.example',
      basePath: '/v1',
      schemes: ['https'],
      paths: {
        '/x': { get: { operationId: 'getX', parameters: [{ name: 'q', in: 'query', type: 'string' }] } },
      },
    }
    const api = readOpenApi(JSON.stringify(swagger))
    expect(baseUrlOf(api)).toBe('https://old.example/v1')
    expect(tickList(api, '/v1', { ...NOTHING, readOnly: true }).map(({ rule }) => rule)).toEqual([
      'GET /v1/x?q',
    ])
  })

  test('only what can be reached is named as address', () => {
    expect(
      baseUrlOf(
        document({ servers: [{ url: '/v1' }, { url: 'https://{host}/v1' }, { url: 'ftp://x.example' }] }),
      ),
    ).toBeNull()
  })

  test.each([
    ['a list', '[]'],
    ['no paths', '{"openapi":"3.1.0"}'],
    ['paths of another kind', '{"openapi":"3.1.0","paths":[]}'],
    ['cut', '{"openapi":"3.1.0","paths":{'],
  ])('%s is refused', (_, text) => {
    expect(refusalOf(() => readOpenApi(text))).toBe('invalid')
  })

  test('parts that contain themselves end', () => {
    const components = { schemas: { Tree: { properties: { child: { $ref: '#/components/schemas/Tree' } } } } }
    const paths = {
      '/t': {
        post: {
          operationId: 'listTrees',
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Tree' } } } },
        },
      },
    }
    expect(document({ components, paths }).operations[0]?.bodyMembers).toEqual(['child'])
  })
})

describe('what only reads', () => {
  const reading = Object.fromEntries(
    ZOO.operations.map((each) => [`${each.method} ${each.path}`, suggestReading(each).reads]),
  )

  test.each([
    ['GET /animals', true],
    ['POST /animals', false],
    ['GET /animals/{id}', true],
    ['PUT /animals/{id}', false],
    ['DELETE /animals/{id}', false],
    ['GET /animals/{id}/photo.{ext}', true],
    ['GET /animals/{id}/feed', false],
    ['GET /animals/{id}/delete', false],
    ['POST /animals/search', true],
    ['POST /animals/count', true],
    ['POST /animals/query', false],
    ['POST /reports/list', false],
    ['GET /logout', false],
    ['GET /session/token', false],
    ['GET /tags', true],
    ['GET /keepers', true],
  ])('%s: %s', (operation, reads) => {
    expect(reading[operation]).toBe(reads)
  })
})

describe('the tick list', () => {
  const ruleOf = (choice: Partial<Choice>) =>
    tickList(ZOO, '/api', { ...NOTHING, ...choice })
      .filter(({ ticked }) => ticked)
      .map(({ rule }) => rule)

  test('by tag, by operation, by what reads, and together', () => {
    expect(ruleOf({})).toEqual([])
    expect(ruleOf({ tags: ['keepers'] })).toEqual(['GET /api/keepers?'])
    expect(ruleOf({ operations: ['createAnimal', 'GET /animals/{id}/delete'] })).toEqual([
      'POST /api/animals?page',
      'GET /api/animals/*/delete?',
    ])
    expect(ruleOf({ tags: ['animals'], readOnly: true })).toEqual([
      'GET /api/animals?page&limit',
      'GET /api/animals/*?',
      'GET /api/animals/*/photo.*?',
      'POST /api/animals/search?',
      'POST /api/animals/count?',
    ])
    expect(ruleOf({ operations: ['createAnimal'], readOnly: true })).toEqual(['POST /api/animals?page'])
    expect(ruleOf({ readOnly: true })).toHaveLength(8)
  })

  test('a tag or an operation that there is not is refused; nothing chosen makes nothing', () => {
    expect(refusalOf(() => tickList(ZOO, '', { ...NOTHING, tags: ['nobody'] }))).toBe('unknown')
    expect(refusalOf(() => tickList(ZOO, '', { ...NOTHING, operations: ['nothing'] }))).toBe('unknown')
    expect(refusalOf(() => capabilityOf(tickList(ZOO, '', NOTHING), NAMES))).toBe('invalid')
  })

  test('a name chooses one operation or none: not whatever else a document calls so', () => {
    const paths = {
      '/users': {
        get: { operationId: 'listUsers' },
        delete: { operationId: 'GET /users' },
        post: { operationId: 'listUsers' },
      },
      '/all': { delete: { operationId: 'GET /nothing' } },
    }
    const api = document({ paths })
    const chosen = (wanted: string) =>
      tickList(api, '', { ...NOTHING, operations: [wanted] })
        .filter(({ ticked }) => ticked)
        .map(({ method, path }) => `${method} ${path}`)
    expect(chosen('GET /users')).toEqual(['GET /users'])
    expect(chosen('DELETE /users')).toEqual(['DELETE /users'])
    expect(refusalOf(() => chosen('listUsers'))).toBe('invalid')
    expect(refusalOf(() => chosen('GET /nothing'))).toBe('unknown')
  })

  test('what cannot be listed, is elsewhere or may be a credential is said', () => {
    const said = (choice: Choice) =>
      remarksOn(ZOO, tickList(ZOO, '/api', choice)).map(({ about, text }) => `${about}: ${text}`)
    expect(said(NOTHING)).toEqual([
      '/elsewhere: it stands in another file: nothing is fetched',
      'odd: no safe path can match it',
    ])
    const all = said({ ...NOTHING, tags: ['tags', 'session'] })
    expect(all).toContainEqual(expect.stringMatching(/^listTags: its query cannot be listed/))
    expect(all).toContainEqual(expect.stringMatching(/^far: its query cannot be listed/))
    expect(all).toContainEqual(expect.stringMatching(/^getToken: its answer may itself be a credential/))
  })

  test('the capability lets through what was ticked and nothing else', () => {
    const service = exampleService({
      baseUrls: ['https://eu.zoo.example/api'],
      credentialMinting: mintingRules(ZOO, '/api'),
    })
    const of = (choice: Partial<Choice>) =>
      capabilityOf(tickList(ZOO, '/api', { ...NOTHING, ...choice }), NAMES)
    const ask = (call: string, capability = of({ readOnly: true })) => {
      const [method = '', path = ''] = call.split(' ')
      return explain(
        { method, url: `https://eu.zoo.example/api${path}`, headers: [] },
        null,
        capability,
        service,
      ).decision
    }
    for (const call of [
      'GET /animals',
      'GET /animals?page=2&limit=5',
      'GET /animals/7',
      'GET /animals/7/photo.png',
      'POST /animals/search',
      'GET /tags?name=a&name=b',
    ])
      expect([call, ask(call)]).toEqual([call, 'allow'])
    for (const call of [
      'GET /animals?page=2&all=1',
      'POST /animals',
      'DELETE /animals/7',
      'GET /animals/7/delete',
      'GET /logout',
      'GET /session/token',
      'GET /animals/7/8',
      'GET /',
      'GET /animals/../logout',
      'PATCH /animals/7',
    ])
      expect([call, ask(call)]).toEqual([call, 'deny'])
    const named = of({ operations: ['getToken'] })
    expect(ask('GET /session/token?scope=x', named)).toBe('allow')
    const wide = { ...named, rules: [{ effect: 'allow' as const, pattern: 'GET /api/**' }] }
    expect(ask('GET /session/token', wide)).toBe('deny')
  })
})
