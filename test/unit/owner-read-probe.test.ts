import { describe, expect, test } from 'vitest'
import { type ProbeWords, readProbe } from '../../native-host/owner/read-probe.ts'

const KEY = 'sk-canary-0123456789'
const PLAIN: ProbeWords = { path: '/v1/models', ok: 'status' }
const words = (ok: ProbeWords['ok']): ProbeWords => ({ path: '/v1/models', ok })

describe('what an answer says of the key', () => {
  test.each([
    [200, 'accepted'],
    [204, 'accepted'],
    [401, 'key-refused'],
    [403, 'lacks-scope'],
    [404, 'wrong-base-url'],
    [429, 'unclear'],
    [302, 'wrong-base-url'],
    [308, 'wrong-base-url'],
    [405, 'wrong-base-url'],
    [402, 'lacks-scope'],
    [400, 'unclear'],
    [500, 'unclear'],
  ])('status %i is %s', (status, outcome) => {
    expect(readProbe({ status, body: '' }, PLAIN, true)).toMatchObject({ outcome, status })
  })

  test.each([
    [200, 'no-key-needed', /answers without a key/],
    [401, 'key-refused', /wants a key/],
    [403, 'lacks-scope', /without a key/],
    [404, 'wrong-base-url', /no such API/],
  ])('status %i is %s where no key went with the call, and no key is spoken of', (status, outcome, said) => {
    const result = readProbe({ status, body: '' }, PLAIN, false)
    expect(result).toMatchObject({ outcome, status })
    expect(result.message).toMatch(said)
    expect(result.message).not.toMatch(/accepted the key|refused the key|knows the key/)
  })

  test.each([
    ['{"status":"error","message":"Invalid API key"}', 'key-refused'],
    ['{"status":"failed","message":{"auth":["bad"]}}', 'key-refused'],
    ['{"status":"error","message":"server busy"}', 'unclear'],
    ['{"status":"success","balance":1}', 'accepted'],
    ['[]', 'accepted'],
    ['{"balance":1}', 'unclear'],
    ['<html>', 'wrong-base-url'],
    ['plain words', 'unclear'],
    ['', 'unclear'],
  ])('200 with the body %s is %s where the body says the status', (body, outcome) => {
    expect(readProbe({ status: 200, body }, words('json-status'), true).outcome).toBe(outcome)
  })

  test.each([
    ['{"status":"error","messege":"Invalid API key"}', 'json-status', 'key-refused'],
    ['{"ok":true,"team":"T"}', 'json-ok', 'accepted'],
    ['{"ok":false,"error":"invalid_auth"}', 'json-ok', 'key-refused'],
    ['{"ok":false,"error":"account_inactive"}', 'json-ok', 'key-refused'],
    ['{"ok":false,"error":"missing_scope","needed":"users:read"}', 'json-ok', 'lacks-scope'],
    ['{"ok":false,"error":"ratelimited"}', 'json-ok', 'unclear'],
    ['{"okay":true}', 'json-ok', 'unclear'],
    ['[]', 'json-ok', 'unclear'],
    ['{"success":true,"result":{"id":"i","status":"active"}}', 'json-success', 'accepted'],
    ['{"success":true,"result":{"id":"i","status":"disabled"}}', 'json-success', 'key-refused'],
    [
      '{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}]}',
      'json-success',
      'key-refused',
    ],
    ['{"data":{"viewer":{"id":"u"}}}', 'graphql', 'accepted'],
    ['{"errors":[{"message":"Authentication required, not authenticated"}]}', 'graphql', 'key-refused'],
    ['{"data":null,"errors":[{"message":"Forbidden"}]}', 'graphql', 'lacks-scope'],
    ['{"errors":[{"message":"Cannot query field"}]}', 'graphql', 'unclear'],
    ['{}', 'graphql', 'unclear'],
  ] as const)('200 with the body %s, read as %s, is %s', (body, ok, outcome) => {
    expect(readProbe({ status: 200, body }, words(ok), true).outcome).toBe(outcome)
  })

  test('a web page is no API; where nobody said what to ask for, it says nothing', () => {
    const page = { status: 200, body: '\n<!DOCTYPE html><title>Welcome</title>' }
    expect(readProbe(page, PLAIN, true).outcome).toBe('wrong-base-url')
    expect(readProbe(page, words('graphql'), true).outcome).toBe('wrong-base-url')
    expect(readProbe(page, { path: '', ok: 'status' }, true).outcome).toBe('unclear')
  })

  test('what the preset says of an answer comes before what most services mean by it', () => {
    const answers: ProbeWords['answers'] = [
      { status: 401, holds: 'missing_permissions', means: 'lacks-scope' },
      { status: 400, holds: '"code": 7', means: 'key-refused' },
      { status: 422, means: 'key-refused' },
    ]
    const read = (status: number, body: string) =>
      readProbe({ status, body }, { ...PLAIN, answers }, true).outcome
    expect(read(401, '{"detail":{"status":"MISSING_permissions"}}')).toBe('lacks-scope')
    expect(read(401, '{"detail":{"status":"invalid_api_key"}}')).toBe('key-refused')
    expect(read(400, '{"code":7}')).toBe('key-refused')
    expect(read(400, '{"code":8}')).toBe('unclear')
    expect(read(422, '')).toBe('key-refused')
  })

  test.each(['refused', 'dns', 'private-address', 'tls-expired', 'timeout'])(
    'the fault %s is unreachable',
    (problem) => {
      const result = readProbe({ problem }, PLAIN, true)
      expect(result).toMatchObject({ outcome: 'unreachable', status: null })
      expect(result.message).toMatch(/could not be reached/)
    },
  )

  test('the message never holds what the service answered', () => {
    for (const ok of ['status', 'json-status', 'json-ok', 'json-success', 'graphql'] as const) {
      for (const status of [200, 401, 500]) {
        const body = JSON.stringify({ status: 'error', message: `your key ${KEY} is bad` })
        expect(JSON.stringify(readProbe({ status, body }, words(ok), true))).not.toContain(KEY)
      }
    }
  })
})
