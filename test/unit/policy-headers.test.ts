import { describe, expect, test } from 'vitest'
import { outgoingHeaders } from '../../native-host/policy/headers.ts'
import { exampleService } from '../support/examples.ts'

type Pairs = readonly (readonly [string, string])[]

function sent(headers: Pairs, members = {}) {
  const out = outgoingHeaders(headers, exampleService(members))
  return 'refused' in out ? out.refused : out.headers
}

describe('headers leave in lower case, in order and trimmed', () => {
  test('listed ones pass, others do not', () => {
    const claimed: Pairs = [
      ['X-Stainless-Retry-Count', '0'],
      ['Accept', ' application/json\t'],
      ['X-Unknown', '1'],
      ['Anthropic-Version', '2023-06-01'],
      ['User-Agent', 'octokit'],
      ['x-stainless', 'no prefix of it'],
    ]
    expect(sent(claimed)).toEqual([
      ['x-stainless-retry-count', '0'],
      ['accept', 'application/json'],
      ['anthropic-version', '2023-06-01'],
      ['user-agent', 'octokit'],
    ])
  })
  test('those of resumable uploads and of versions pass everywhere', () => {
    const claimed: Pairs = [
      ['tus-resumable', '1.0.0'],
      ['upload-length', '9'],
      ['upload-metadata', 'filename YS5iaW4='],
      ['upload-offset', '0'],
      ['upload-name', 'a.bin'],
      ['content-range', 'bytes 0-8/9'],
      ['x-pinecone-api-version', '2025-10'],
    ]
    expect(sent(claimed)).toEqual(claimed)
  })
  test('those by which tools, procedures, git and databases are spoken to pass everywhere', () => {
    const claimed: Pairs = [
      ['mcp-session-id', 'one'],
      ['mcp-protocol-version', '2025-11-25'],
      ['connect-protocol-version', '1'],
      ['x-grpc-web', '1'],
      ['grpc-timeout', '1S'],
      ['trpc-accept', 'application/jsonl'],
      ['git-protocol', 'version=2'],
      ['neon-raw-text-output', 'true'],
      ['neon-array-mode', 'true'],
      ['neon-batch-read-only', 'true'],
      ['upstash-encoding', 'base64'],
      ['upstash-sync-token', 'after-one'],
    ]
    expect(sent(claimed)).toEqual(claimed)
  })
  test('an address of a database with its password never comes from a page', () => {
    const claimed: Pairs = [['Neon-Connection-String', 'postgresql://page:hers@db.example.test/notes']]
    expect(sent(claimed)).toEqual([])
    expect(sent(claimed, { allowHeaders: ['neon-connection-string', 'neon-*'] })).toEqual([])
  })
  test('a service opens further names and prefixes', () => {
    const claimed: Pairs = [
      ['x-title', 'a'],
      ['x-openrouter-a', 'b'],
      ['x-other', 'c'],
    ]
    expect(sent(claimed, { allowHeaders: ['x-title', 'x-openrouter-*'] })).toEqual(claimed.slice(0, 2))
  })
  test('a repeated list field is joined, a repeated single field refused', () => {
    expect(
      sent([
        ['Accept', 'a'],
        ['anthropic-beta', 'x'],
        ['accept', 'b'],
      ]),
    ).toEqual([
      ['accept', 'a, b'],
      ['anthropic-beta', 'x'],
    ])
    expect(
      sent([
        ['content-type', 'application/json'],
        ['Content-Type', 'application/json'],
      ]),
    ).toBe('header-malformed')
  })
  test('required headers are added where the page sent none, and pass where it did', () => {
    const members = { requiredHeaders: { 'x-version': '1', accept: 'a/b' } }
    expect(sent([], members)).toEqual([
      ['x-version', '1'],
      ['accept', 'a/b'],
    ])
    expect(sent([['X-Version', '2']], members)).toEqual([
      ['x-version', '2'],
      ['accept', 'a/b'],
    ])
  })
  test('names of Object.prototype are no required headers', () => {
    expect(
      sent([
        ['constructor', 'x'],
        ['toString', 'y'],
        ['__proto__', 'z'],
      ]),
    ).toEqual([])
  })
})

describe('headers never leave', () => {
  test.each([
    'authorization',
    'proxy-authorization',
    'cookie',
    'x-api-key',
    'api-key',
    'x-goog-api-key',
    'xi-api-key',
    'x-auth-token',
    'private-token',
    'host',
    'content-length',
    'transfer-encoding',
    'x-forwarded-proto',
    'sec-fetch-site',
    'proxy-connection',
    'valet-key-problem',
    'origin',
    'x_under_score',
  ])('%s, also where the service opens it', (name) => {
    expect(sent([[name, 'page']], { allowHeaders: [name], requiredHeaders: {} })).toEqual([])
  })
  test('with the placeholder in their value', () => {
    const claimed: Pairs = [
      ['x-request-id', 'a sk-placeholder-000000 b'],
      ['prefer', 'sk%2Dplaceholder-000000'],
    ]
    expect(sent(claimed)).toEqual([])
  })
  test('that the service strips or the scheme injects', () => {
    expect(sent([['prefer', 'x']], { strip: { headers: ['prefer'], query: [], jsonFields: [] } })).toEqual([])
    expect(outgoingHeaders([['prefer', 'x']], exampleService(), new Set(['prefer']))).toEqual({ headers: [] })
  })
})

describe('a call for another schema is refused, not sent for the usual one', () => {
  test.each([
    ['Accept-Profile', 'audit'],
    ['content-profile', 'audit'],
    ['content-profile', 'Public'],
    ['content-profile', ''],
  ])('%s: %s', (name, value) => {
    expect(sent([[name, value]])).toBe('header-not-listed')
  })
  test('it passes where the service lists it', () => {
    const members = { allowHeaders: ['accept-profile'] }
    expect(sent([['accept-profile', 'audit']], members)).toEqual([['accept-profile', 'audit']])
    expect(sent([['content-profile', 'audit']], members)).toBe('header-not-listed')
  })
  test('the usual schema is left out: every call of its packages names it', () => {
    expect(sent([['accept-profile', 'public']])).toEqual([])
    expect(sent([['content-profile', 'public']])).toEqual([])
    expect(sent([['accept-profile', '<https://profiles.example/a>']])).toEqual([])
  })
})

describe('a body that a page has packed is refused, not sent as if it were not', () => {
  test.each(['gzip', 'x-gzip', 'GZIP', 'deflate', 'br', 'zstd', 'compress', 'aws-chunked, gzip'])(
    'content-encoding: %s, also where the service opens it',
    (value) => {
      expect(sent([['Content-Encoding', value]])).toBe('header-not-listed')
      expect(sent([['content-encoding', value]], { allowHeaders: ['content-*'] })).toBe('header-not-listed')
    },
  )
  test.each(['', 'aws-chunked', 'utf-8', 'identity, x'])('content-encoding: %s is left out', (value) => {
    expect(sent([['content-encoding', value]])).toEqual([])
  })
  test.each(['identity', 'Identity'])(
    'content-encoding: %s says that it is not packed, and goes out',
    (value) => {
      expect(sent([['Content-Encoding', value]])).toEqual([['content-encoding', value]])
    },
  )
  test('one that is said twice is refused, as every header that is no list', () => {
    const twice: Pairs = [
      ['content-encoding', 'identity'],
      ['Content-Encoding', 'identity'],
    ]
    expect(sent(twice)).toBe('header-malformed')
  })
})

describe('malformed headers refuse the request, also ones that would be dropped', () => {
  test.each([
    ['', 'x'],
    [':path', '/admin'],
    ['x-a\u00e9', 'x'],
    ['x-a\n', 'x'],
    ['x(a)', 'x'],
    ['x-a', 'a\u007f'],
    ['x-a', 'a\r\n b'],
    ['x-a', '\u0100'],
    ['x-a', 'x'.repeat(16_385)],
    ['authorization', 'a\nb'],
  ])('%j: %j', (name, value) => {
    expect(sent([[name, value]])).toBe('header-malformed')
  })
  test('but Latin-1 and a tab inside are well formed', () => {
    expect(sent([['prefer', 'caf\u00e9\tb']])).toEqual([['prefer', 'caf\u00e9\tb']])
  })
  test('and too many are refused before any is looked at', () => {
    const many = Array.from({ length: 101 }, (): [string, string] => ['bad name', 'x'])
    expect(sent(many)).toBe('too-many-headers')
    expect(sent(many.slice(1).map((): [string, string] => ['x-a', 'x']))).toEqual([])
  })
})
