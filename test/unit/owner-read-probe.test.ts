import { describe, expect, test } from 'vitest'
import { readProbe } from '../../native-host/owner/read-probe.ts'

const KEY = 'sk-canary-0123456789'

describe('what an answer says of the key', () => {
  test.each([
    [200, 'accepted'],
    [204, 'accepted'],
    [401, 'key-refused'],
    [403, 'lacks-scope'],
    [404, 'wrong-base-url'],
    [429, 'unclear'],
    [302, 'unclear'],
    [500, 'unclear'],
  ])('status %i is %s', (status, outcome) => {
    expect(readProbe({ status, body: '' }, 'status', true)).toMatchObject({ outcome, status })
  })

  test.each([
    [200, 'no-key-needed', /answers without a key/],
    [401, 'key-refused', /wants a key/],
    [403, 'lacks-scope', /without a key/],
    [404, 'wrong-base-url', /no such API/],
  ])('status %i is %s where no key went with the call, and no key is spoken of', (status, outcome, said) => {
    const result = readProbe({ status, body: '' }, 'status', false)
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
    ['<html>', 'unclear'],
    ['', 'unclear'],
  ])('200 with the body %s is %s where the body says the status', (body, outcome) => {
    expect(readProbe({ status: 200, body }, 'json-status', true).outcome).toBe(outcome)
  })

  test.each(['refused', 'dns', 'private-address', 'tls-expired', 'timeout'])(
    'the fault %s is unreachable',
    (problem) => {
      const result = readProbe({ problem }, 'status', true)
      expect(result).toMatchObject({ outcome: 'unreachable', status: null })
      expect(result.message).toMatch(/could not be reached/)
    },
  )

  test('the message never holds what the service answered', () => {
    for (const ok of ['status', 'json-status'] as const) {
      for (const status of [200, 401, 500]) {
        const body = JSON.stringify({ status: 'error', message: `your key ${KEY} is bad` })
        expect(JSON.stringify(readProbe({ status, body }, ok, true))).not.toContain(KEY)
      }
    }
  })
})
