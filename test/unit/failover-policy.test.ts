import { describe, expect, test } from 'vitest'
import { explain } from '../../native-host/policy/explain.ts'
import { failoverBody } from '../../native-host/policy/failover-body.ts'
import { failoverRequest } from '../../native-host/policy/failover-request.ts'
import { rebasePath } from '../../native-host/policy/rebase-path.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes } from './policy-fixture.ts'

const at = (baseUrl: string, preset: string | null = null) => exampleService({ baseUrls: [baseUrl], preset })

describe('the address at the other service', () => {
  test.each([
    // Base URLs as presets write them and as client libraries take them, in both directions.
    [
      'https://api.openai.com',
      '/v1/chat/completions',
      'http://127.0.0.1:1337',
      'http://127.0.0.1:1337/v1/chat/completions',
    ],
    ['https://api.openai.com', '/v1/models', 'https://host.example/v1', 'https://host.example/v1/models'],
    [
      'https://host.example/openai/v1',
      '/openai/v1/models/x',
      'https://api.openai.com',
      'https://api.openai.com/v1/models/x',
    ],
    ['https://a.example/v1', '/v1/models', 'https://b.example/api/v2', 'https://b.example/api/v2/models'],
    [
      'https://a.example',
      '/v1/messages',
      'https://b.example/anthropic',
      'https://b.example/anthropic/v1/messages',
    ],
    [
      'https://a.example/anthropic',
      '/anthropic/v1/messages',
      'https://b.example',
      'https://b.example/v1/messages',
    ],
    [
      'https://g.example/v1beta/openai',
      '/v1beta/openai/models',
      'https://b.example/v1',
      'https://b.example/v1/models',
    ],
    ['https://a.example', '/status', 'https://b.example/v1', 'https://b.example/v1/status'],
    ['https://a.example', '/v1', 'https://b.example/v1', 'https://b.example/v1'],
    ['https://a.example', '/v1x/y', 'https://b.example', 'https://b.example/v1x/y'],
  ])('%s %s at %s is %s', (from, path, to, wanted) => {
    expect(rebasePath({ origin: new URL(from).origin, path }, at(from), at(to))).toBe(wanted)
  })

  test('a preset for any server knows that its base URL is where calls begin', () => {
    const place = { origin: 'https://a.example', path: '/v1/models' }
    const open = at('https://b.example/api', 'openai-compatible')
    expect(rebasePath(place, at('https://a.example'), open)).toBe('https://b.example/api/models')
  })

  test('a place of nobody has none', () => {
    const place = { origin: 'https://c.example', path: '/v1' }
    expect(rebasePath(place, at('https://a.example'), at('https://b.example'))).toBeNull()
  })
})

describe('the model', () => {
  const map = [
    { from: 'gpt-5', to: 'qwen "3"' },
    { from: 'gpt-4', to: 'small' },
  ]
  const text = (body: string, models: Parameters<typeof failoverBody>[1] = map) => {
    const mapped = failoverBody(bytes(body), models)
    return typeof mapped === 'string' ? mapped : new TextDecoder().decode(mapped)
  }

  test('has its name there, and every other byte stays', () => {
    expect(text('{ "n":1e0, "model" : "gpt-5","x":["gpt-5"]}')).toBe(
      '{ "n":1e0, "model" : "qwen \\"3\\"","x":["gpt-5"]}',
    )
    expect(text('{"model_id":"gpt-4"}')).toBe('{"model_id":"small"}')
    expect(text('{"input":"gpt-5"}')).toBe('{"input":"gpt-5"}')
  })

  test('of that service already stays, and any other has one only where the owner said so', () => {
    expect(text('{"model":"small"}')).toBe('{"model":"small"}')
    expect(text('{"model":"gpt-3"}')).toBe('failover-model')
    expect(text('{"model":"gpt-3"}', [...map, { from: null, to: 'small' }])).toBe('{"model":"small"}')
    expect(text('{"model":"gpt-3"}', [])).toBe('{"model":"gpt-3"}')
  })

  test.each(['{"model":7}', '{"model":null}', '{"model":"gpt-5","models":["gpt-4"]}', '{"models":[]}'])(
    '%s names none alone',
    (body) => expect(text(body)).toBe('failover-model'),
  )

  test.each(['{"Model":"gpt-5"}', '{"model":"gpt-5","model":"gpt-4"}', '["gpt-5"]', '{"model":"gpt-5"', ''])(
    '%s cannot be read in one way',
    (body) => expect(text(body)).toBe('body-malformed'),
  )
})

describe('the request', () => {
  const request: CanonicalRequest = {
    method: 'POST',
    url: 'https://api.example.com/v1/chat?a=1&key=local-placeholder',
    origin: 'https://api.example.com',
    path: '/v1/chat',
    query: [['a', '1']],
    headers: [
      ['content-type', 'application/json'],
      ['x-special', '1'],
      ['accept', 'text/event-stream'],
    ],
  }
  const from = exampleService()
  const to = exampleService({
    id: 'there',
    baseUrls: ['http://127.0.0.1:1337'],
    placeholder: 'local-placeholder',
    strip: { headers: [], query: ['key'], jsonFields: [] },
    local: { address: null },
  })

  test('is canonical there: its own headers, without its own placeholder', () => {
    const made = failoverRequest(request, bytes('{}'), { from, to }, [])
    expect(made).toMatchObject({
      request: {
        url: 'http://127.0.0.1:1337/v1/chat?a=1',
        headers: [
          ['content-type', 'application/json'],
          ['accept', 'text/event-stream'],
          ['user-agent', 'valetkey'],
        ],
      },
    })
  })

  test('is none with a body that streams or is no JSON', async () => {
    async function* stream() {
      yield bytes('{}')
    }
    expect(failoverRequest(request, stream(), { from, to }, [])).toEqual({ refused: 'failover-body' })
    const form = { ...request, headers: [['content-type', 'text/plain']] as const }
    expect(failoverRequest(form, bytes('{}'), { from, to }, [])).toEqual({ refused: 'failover-body' })
    expect(failoverRequest(form, bytes(''), { from, to }, [])).toHaveProperty('request')
  })
})

test('explain says where a call would go, what it would be and what is decided there', () => {
  const failover = {
    capability: 'there',
    on: ['unreachable' as const],
    models: [{ from: 'a', to: 'b' }],
    wait: null,
  }
  const capability = exampleCapability(['allow POST /v1/chat'], { failover })
  const service = exampleService({ id: 'there', baseUrls: ['https://there.example'] })
  const rules = ['allow POST /v1/chat', 'deny POST /v1/x']
  const other = {
    capability: exampleCapability(rules, { id: 'there', service: 'there', models: ['b'] }),
    service,
  }
  const claimed = {
    method: 'POST',
    url: 'https://api.example.com/v1/chat',
    headers: [['content-type', 'application/json']] as [string, string][],
  }
  const ask = (body: string, target: typeof other | null = other) =>
    explain(claimed, bytes(body), capability, exampleService(), target).failover
  expect(ask('{"model":"a"}')).toMatchObject({
    capability: 'there',
    on: ['unreachable'],
    decision: 'allow',
    request: { url: 'https://there.example/v1/chat' },
  })
  expect(ask('{"model":"c"}')).toMatchObject({ decision: 'deny', reason: 'failover-model', request: null })
  expect(ask('{}')).toMatchObject({ decision: 'deny', reason: 'model-not-listed' })
  expect(ask('{"model":"a"}', null)).toMatchObject({ decision: 'deny', reason: 'failover-not-granted' })
  const denied = explain({ ...claimed, method: 'GET' }, null, capability, exampleService(), other)
  expect(denied.failover).toBeUndefined()
})
