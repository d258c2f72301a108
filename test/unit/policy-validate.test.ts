import { describe, expect, test } from 'vitest'
import { checkCapability, checkService } from '../../native-host/policy/validate.ts'
import { Refusal } from '../../native-host/refusal.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'

function serviceFault(members: Partial<Service>): string | null {
  return faultOf(() => checkService(exampleService(members)))
}

function capabilityFault(rules: string[], members: Partial<Capability> = {}): string | null {
  return faultOf(() => checkCapability(exampleCapability(rules, members), exampleService()))
}

function faultOf(check: () => void): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.code).toBe('invalid')
    expect(error.message).not.toMatch(/\.$/)
    return error.message
  }
}

const graphql = (fields: string[] | null, names: string[] | null = null) => {
  return { op: 'graphql', kind: 'query', fields, names } as const
}
const present = (pointer: string) => ({ op: 'present', pointer }) as const

describe('base URLs on the internet', () => {
  test.each([
    ['https://api.example.com', null],
    ['https://api.example.com/v1', null],
    ['https://api.example.com:8443/a/b', null],
    ['https://8.8.8.8', null],
    ['https://[2606:4700::1111]', null],
    ['https://api.example.com/', 'write'],
    ['https://api.example.com/v1/', 'slash'],
    ['ftp://user:hunter2@api.example.com', 'user name'],
    ['https://API.example.com', 'write'],
    ['https://api.example.com:443', 'write'],
    ['https://api.example.com/a/../b', 'write'],
    ['https://api.example.com/a b', 'write'],
    ['https:api.example.com', 'write'],
    [' https://api.example.com', 'write'],
    ['https://b\u00fccher.example', 'write'],
    ['https://api.example.com/a//b', 'two ways'],
    ['https://api.example.com/a;b', 'two ways'],
    ['https://api.example.com/%2e%2f', 'two ways'],
    ['https://api.example.com?x', 'no query'],
    ['https://api.example.com#x', 'no query'],
    ['https://user:hunter2@api.example.com', 'user name'],
    ['https://api.example.com.', 'dot'],
    ['http://api.example.com', 'unencrypted'],
    ['ftp://api.example.com', 'https'],
    ['javascript:1', 'https'],
    ['nonsense', 'not a URL'],
    ['https://', 'not a URL'],
    ['https://127.0.0.1', 'not on the internet'],
    ['https://10.1.2.3', 'not on the internet'],
    ['https://169.254.169.254', 'not on the internet'],
    ['https://[::1]', 'not on the internet'],
    ['https://[::ffff:7f00:1]', 'not on the internet'],
    ['https://localhost', 'not on the internet'],
    ['https://api.localhost', 'not on the internet'],
    ['https://0.0.0.0', 'not on the internet'],
  ])('%j: %s', (baseUrl, wrong) => {
    const fault = serviceFault({ baseUrls: [baseUrl] })
    if (wrong === null) expect(fault).toBeNull()
    else expect(fault).toContain(wrong)
    expect(fault ?? '').not.toContain('hunter2')
  })
  test('there is one at least, and none twice', () => {
    expect(serviceFault({ baseUrls: [] })).toContain('needs a base URL')
    expect(serviceFault({ baseUrls: ['https://a.example', 'https://a.example'] })).toContain('twice')
  })
})

describe('base URLs of local services', () => {
  test.each([
    ['http://127.0.0.1:1337', null, null],
    ['http://[::1]:1337', null, null],
    ['http://192.168.1.4/v1', null, null],
    ['https://127.0.0.1', null, null],
    ['http://nas.lan:1234', '192.168.1.4', null],
    ['http://localhost:1337', '127.0.0.1', null],
    ['http://127.0.0.1:1337', '127.0.0.1', null],
    ['http://[fd00::1]', 'fd00::1', null],
    ['http://localhost:1337', null, 'give the one address'],
    ['http://127.0.0.1', '127.0.0.2', 'another address'],
    ['http://8.8.8.8', null, 'loopback or private'],
    ['http://169.254.169.254', null, 'loopback or private'],
    ['http://[fe80::1]', null, 'loopback or private'],
    ['http://nas.lan', '8.8.8.8', 'loopback or private'],
    ['http://nas.lan', '169.254.169.254', 'loopback or private'],
    ['http://nas.lan', 'nas.lan', 'not an IP address'],
    ['http://nas.lan', '127.1', 'not an IP address'],
    ['http://nas.lan', '010.0.0.1', 'not an IP address'],
    ['http://nas.lan', '[::1]', 'not an IP address'],
    ['http://nas.lan', '::0001', 'not an IP address'],
    ['http://nas.lan', 'fd00::1%eth0', 'not an IP address'],
    ['http://nas.lan', '', 'not an IP address'],
  ])('%s at %s: %s', (baseUrl, address, wrong) => {
    const fault = serviceFault({ baseUrls: [baseUrl], local: { address } })
    if (wrong === null) expect(fault).toBeNull()
    else expect(fault).toContain(wrong)
  })
})

describe('schemes', () => {
  const faultOfAuth = (auth: Auth) => serviceFault({ auth: [{ paths: ['/**'], auth }] })
  const header = (name: string, format = '{}'): Auth => ({
    kind: 'header',
    headers: [{ name, format, secret: 'value' }],
  })
  test.each([
    [{ kind: 'none' }, null],
    [{ kind: 'bearer', secret: 'token' }, null],
    [header('x-api-key'), null],
    [header('authorization', 'Token {}'), null],
    [{ kind: 'basic', username: 'me', secret: 'password' }, null],
    [{ kind: 'query', param: 'key', secret: 'value' }, null],
    [{ kind: 'json-field', pointer: '/a/key', secret: 'value' }, null],
    [header('content-length'), 'frames or routes'],
    [header('host'), 'frames or routes'],
    [header('x-forwarded-for'), 'frames or routes'],
    [header('X-Key'), 'lower-case'],
    [header('x key'), 'lower-case'],
    [header('x-key', 'a\r\nb: {}'), 'cannot be sent'],
    [{ kind: 'basic', username: 'a:b', secret: 'password' }, 'colon'],
    [{ kind: 'query', param: 'a\nb', secret: 'value' }, 'control'],
    [{ kind: 'json-field', pointer: 'key', secret: 'value' }, 'JSON pointer'],
    [{ kind: 'json-field', pointer: '', secret: 'value' }, 'JSON pointer'],
    [{ kind: 'json-field', pointer: '/~2', secret: 'value' }, 'JSON pointer'],
  ] as [Auth, string | null][])('%j: %s', (auth, wrong) => {
    const fault = faultOfAuth(auth)
    if (wrong === null) expect(fault).toBeNull()
    else expect(fault).toContain(wrong)
  })
  test('there is one at least, with paths that can be read', () => {
    expect(serviceFault({ auth: [] })).toContain('kind of auth')
    expect(serviceFault({ auth: [{ paths: ['v1'], auth: { kind: 'none' } }] })).toContain(
      '`v1` is not a rule',
    )
  })
})

describe('the rest of a service', () => {
  test.each([
    [{ denyAlways: ['GET v1'] }, 'not a rule'],
    [{ credentialMinting: ['POST /{x}'] }, 'not a rule'],
    [{ strip: { headers: [], query: [], jsonFields: ['key'] } }, 'JSON pointer'],
    [{ requiredHeaders: { 'x-version': '1' } }, null],
    [{ requiredHeaders: { host: 'a' } }, 'frames or routes'],
    [{ requiredHeaders: { authorization: 'a' } }, 'credential'],
    [{ requiredHeaders: { 'x-a': 'b\n' } }, 'cannot be sent'],
    [{ allowHeaders: ['x-title', 'x-openrouter-*'] }, null],
    [{ allowHeaders: ['*'] }, 'too much'],
    [{ allowHeaders: ['x-*'] }, 'too much'],
    [{ allowHeaders: ['cookie'] }, 'credential'],
    [{ allowHeaders: ['transfer-encoding'] }, 'frames or routes'],
    [{ allowHeaders: ['sec-fetch-*'] }, 'frames or routes'],
    [{ allowHeaders: ['a*b'] }, 'lower-case'],
    [{ exposeHeaders: ['x-cursor', 'x-next-*', 'date', 'etag'] }, null],
    [{ exposeHeaders: ['*'] }, 'too much'],
    [{ exposeHeaders: ['x-*'] }, 'too much'],
    [{ exposeHeaders: ['Set-Cookie'] }, 'lower-case'],
    [{ exposeHeaders: ['set-cookie'] }, 'never shown'],
    [{ exposeHeaders: ['location'] }, 'never shown'],
    [{ exposeHeaders: ['valet-key-problem'] }, 'never shown'],
    [{ exposeHeaders: ['a*b'] }, 'lower-case'],
    [{ placeholder: 'caf\u00e9' }, 'ASCII'],
  ] as [Partial<Service>, string | null][])('%j: %s', (members, wrong) => {
    const fault = serviceFault(members)
    if (wrong === null) expect(fault).toBeNull()
    else expect(fault).toContain(wrong)
  })
})

describe('capabilities', () => {
  test.each([
    [['allow GET /v1/**', 'ask POST /v1/x', 'deny * /v1/y'], {}, null],
    [[], {}, null],
    [[], { service: 'other' }, 'not for `example`'],
    [['allow /v1'], {}, 'not a rule'],
    [['deny GET v1'], {}, 'not a rule'],
    [[], { models: [] }, null],
    [[], { models: [''] }, 'must not be empty'],
    [[], { body: [{ op: 'absent', pointer: 'webhook' }] }, 'JSON pointer'],
    [[], { body: [{ op: 'in', pointer: '/a', values: [] }] }, 'no value'],
    [[], { body: [{ op: '<=', pointer: '/a', limit: -1 }] }, 'from zero up'],
    [[], { body: [{ op: '<=', pointer: '/a', limit: Number.POSITIVE_INFINITY }] }, 'from zero up'],
    [[], { body: [{ op: '<=', pointer: '/a', limit: 0 }] }, null],
    [[], { body: [{ op: 'fields', only: ['a', 'b[]'] }] }, null],
    [[], { body: [{ op: 'fields', only: [] }] }, 'has no name'],
    [[], { body: [{ op: 'fields', only: ['a', 'a'] }] }, 'stands there twice'],
    [[], { body: [{ op: 'fields', only: [''] }] }, 'is not a name'],
    [[], { body: [graphql(['viewer'])] }, null],
    [[], { body: [graphql(null), graphql(['__schema'], ['A'])] }, null],
    [[], { body: [graphql([])] }, 'has no name'],
    [[], { body: [graphql(['a', 'a'])] }, 'stands there twice'],
    [[], { body: [graphql(['a-b'])] }, 'is not a name'],
    [[], { body: [graphql(null, [])] }, 'has no name'],
    [[], { body: [graphql(null, ['1'])] }, 'is not a name'],
    [[], { body: [graphql(null)], models: ['m'] }, 'names no model'],
    [[], { body: [graphql(null), { op: 'fields', only: ['a'] }] }, 'nothing could meet both'],
    [[], { body: [graphql(null), { op: 'fields', only: ['query'] }] }, null],
    [[], { body: [graphql(null), { op: 'absent', pointer: '/query' }] }, 'nothing could meet both'],
    [[], { body: [present('/a'), { op: 'absent', pointer: '/a' }] }, 'nothing could meet both'],
    [[], { body: [{ op: 'absent', pointer: '/a' }, present('/a/b')] }, 'nothing could meet both'],
    [[], { body: [{ op: 'absent', pointer: '/a/b' }, present('/a')] }, null],
    [[], { body: [{ op: 'fields', only: ['a'] }, present('/b')] }, 'nothing could meet both'],
    [[], { body: [{ op: 'fields', only: ['a'] }, present('/a/b')] }, null],
    [
      [],
      {
        body: [
          { op: 'fields', only: ['a'] },
          { op: '<=', pointer: '/b', limit: 1, orAbsent: true },
        ],
      },
      null,
    ],
  ] as [string[], Partial<Capability>, string | null][])('%j %j: %s', (rules, members, wrong) => {
    const fault = capabilityFault(rules, members)
    if (wrong === null) expect(fault).toBeNull()
    else expect(fault).toContain(wrong)
  })
})
