import { describe, expect, test } from 'vitest'
import { readExplainLine } from '../../native-host/cli/explain-line.ts'
import { parseBodyRule } from '../../native-host/cli/parse-body-rule.ts'
import {
  NONE,
  orNone,
  parseBytes,
  parseCount,
  parseDuration,
  parseRate,
  typed,
} from '../../native-host/cli/parse-figures.ts'
import { collectHeader } from '../../native-host/cli/parse-header.ts'
import { refuseSecretArguments } from '../../native-host/cli/refuse-secret-arguments.ts'
import { moment, table } from '../../native-host/cli/table.ts'
import { printable } from '../../native-host/cli/terminal.ts'
import { UsageError } from '../../native-host/cli/usage-error.ts'

describe('figures', () => {
  test.each([
    ['45s', 45],
    ['30m', 1800],
    ['8h', 28_800],
    ['7d', 604_800],
    ['90', 90],
  ])('the duration %s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test.each(['', '0', '0h', '-1h', '1.5h', '8 h', '8H', '400d', 'h', '1e3', '9999999999'])(
    'the duration `%s` is refused',
    (text) => {
      expect(() => parseDuration(text)).toThrow(UsageError)
    },
  )

  test.each([
    ['60/min', 60],
    ['60/m', 60],
    ['2/s', 120],
    ['600/h', 10],
  ])('the rate %s is %i calls a minute', (text, rate) => {
    expect(parseRate(text)).toBe(rate)
  })

  test.each(['60', '60/', '0/min', '1/h', '-1/min', '1.5/s'])('the rate `%s` is refused', (text) => {
    expect(() => parseRate(text)).toThrow(UsageError)
  })

  test.each([
    ['1000', 1000],
    ['10MB', 10_000_000],
    ['1GiB', 1_073_741_824],
  ])('the size %s is %i bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes)
  })

  test('a count is a whole number from 1', () => {
    expect(parseCount('12')).toBe(12)
    for (const text of ['0', '-1', '1.5', '', 'x', '0x10']) expect(() => parseCount(text)).toThrow(UsageError)
  })

  test('none is the explicit absence of a limit, and nothing else is', () => {
    // As commander hands it on: it would make an empty text of null.
    expect(orNone(parseCount)('none')).toBe(NONE)
    expect(typed(orNone(parseCount)('none'))).toBeNull()
    expect(typed(orNone(parseCount)('3'))).toBe(3)
    expect(() => orNone(parseCount)('None')).toThrow(UsageError)
  })
})

describe('conditions on bodies', () => {
  test.each([
    ['/model in a,b', { op: 'in', pointer: '/model', values: ['a', 'b'] }],
    ['/n in 1, 2', { op: 'in', pointer: '/n', values: [1, 2] }],
    ['/stream in true', { op: 'in', pointer: '/stream', values: [true] }],
    ['/size in "1024",1024x1024', { op: 'in', pointer: '/size', values: ['1024', '1024x1024'] }],
    ['/a in ["x,y",1]', { op: 'in', pointer: '/a', values: ['x,y', 1] }],
    ['/n <= 2', { op: '<=', pointer: '/n', limit: 2 }],
    ['/n <= 0.5', { op: '<=', pointer: '/n', limit: 0.5 }],
    ['/webhook absent', { op: 'absent', pointer: '/webhook' }],
    ['/a~1b/0 present', { op: 'present', pointer: '/a~1b/0' }],
    ['fields only model, file', { op: 'fields', only: ['model', 'file'] }],
    ['fields  only a b,c[]', { op: 'fields', only: ['a b', 'c[]'] }],
    ['graphql query viewer, x', { op: 'graphql', kind: 'query', fields: ['viewer', 'x'], names: null }],
    ['graphql mutation *', { op: 'graphql', kind: 'mutation', fields: null, names: null }],
    ['graphql query a named B,C', { op: 'graphql', kind: 'query', fields: ['a'], names: ['B', 'C'] }],
  ])('`%s` is read', (text, rule) => {
    expect(parseBodyRule(text)).toEqual(rule)
  })

  test.each([
    '',
    'model in a',
    '/model',
    '/model in',
    '/model in ,',
    '/model in []',
    '/model in [{}]',
    '/model in [1',
    '/n <= x',
    '/n < 2',
    '/n <=',
    '/x absent 1',
    '/~2 absent',
    '/x equals 1',
    'fields only',
    'fields only ,',
    'fields a',
    'graphql',
    'graphql query',
    'graphql a',
    'graphql query a-b',
    'graphql query a,*',
    'graphql query a named',
    'graphql query a named *',
    'graphql query a called b',
  ])('`%s` is refused', (text) => {
    expect(() => parseBodyRule(text)).toThrow(UsageError)
  })
})

describe('secrets in arguments', () => {
  const SECRET = 'sk-canary-0123456789'

  test.each([
    [['service', 'add', 'x', '--secret', SECRET]],
    [['service', 'add', 'x', `--secret=${SECRET}`]],
    [['init', '--passphrase', SECRET]],
    [['init', `--passphrase=${SECRET}`]],
    [['service', 'add', 'x', '--token', SECRET]],
    [['service', 'add', 'x', '--key', SECRET]],
    [['service', 'add', 'x', `--api-key=${SECRET}`]],
    [['unlock', '--recovery', SECRET]],
    [['service', 'add', 'x', '--set', `token=${SECRET}`]],
    [['service', 'add', 'x', `--set=value.2=${SECRET}`]],
    [['service', 'add', 'x', '--set', `password=${SECRET}`]],
    [['service', 'add', 'x', '--set', `secret-access-key=${SECRET}`]],
  ])('%j is refused and the secret is not repeated', (argv) => {
    const refused = (() => {
      try {
        refuseSecretArguments(argv)
      } catch (error) {
        return error
      }
    })()
    expect(refused).toBeInstanceOf(UsageError)
    expect(String(refused)).not.toContain(SECRET)
    expect(String(refused)).toMatch(/arguments are visible/)
  })

  test('the options that name where a secret is go through', () => {
    const argv = [
      'service',
      'add',
      'x',
      '--secret-stdin',
      '--secret-file',
      'token=/f',
      '--key-file',
      '/k',
      '--keychain',
    ]
    expect(() => refuseSecretArguments([...argv, '--passphrase-stdin', '--recovery-stdin'])).not.toThrow()
    expect(() => refuseSecretArguments(['x', '--set', 'key-id=1', '--set', 'access-token=2'])).not.toThrow()
  })

  test('what follows a double dash is not an option', () => {
    expect(() => refuseSecretArguments(['explain', '--', '--secret'])).not.toThrow()
  })
})

describe('text for terminals', () => {
  test('escape sequences, bidi overrides and other controls become visible', () => {
    expect(printable('a\u001b[2Jb\u0007\u009b\u202e\u2066\r')).toBe(
      'a\\u001b[2Jb\\u0007\\u009b\\u202e\\u2066\\u000d',
    )
  })

  test('lines, tabs and ordinary text stay', () => {
    expect(printable('ä\tb\nc → d')).toBe('ä\tb\nc → d')
  })

  test('columns line up and the last one is not padded', () => {
    expect(
      table([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'cc'],
      ]),
    ).toBe('a    bb  c\naaa  b   cc')
    expect(table([])).toBe('')
  })

  test('a moment has date and time', () => {
    expect(moment(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05')
  })
})

describe('headers on the command line', () => {
  test('a value may hold colons and the order stays', () => {
    expect(collectHeader('B: 2', collectHeader('A: x:y'))).toEqual([
      ['A', 'x:y'],
      ['B', '2'],
    ])
  })

  test.each(['', 'novalue', ': x'])('`%s` is refused', (text) => {
    expect(() => collectHeader(text)).toThrow(UsageError)
  })
})

describe('lines of explain --stdin', () => {
  test('headers may be an object or pairs, and the body text or base64', () => {
    const object = readExplainLine(
      '{"method":"GET","url":"https://a.example/","headers":{"x":"1"},"body":"ä"}',
    )
    expect(object?.claimed.headers).toEqual([['x', '1']])
    expect(object?.body).toEqual(new TextEncoder().encode('ä'))
    const pairs = readExplainLine(
      '{"method":"GET","url":"u","headers":[["x","1"],["x","2"]],"bodyBase64":"AAE="}',
    )
    expect(pairs?.claimed.headers).toEqual([
      ['x', '1'],
      ['x', '2'],
    ])
    expect(pairs?.body).toEqual(Uint8Array.of(0, 1))
  })

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"method":"GET"}',
    '{"method":1,"url":"u"}',
    '{"method":"GET","url":"u","headers":{"x":1}}',
    '{"method":"GET","url":"u","body":{}}',
    '{"method":"GET","url":"u","bodyBase64":"*"}',
    '{"method":"GET","url":"u","body":"a","bodyBase64":"AA=="}',
  ])('`%s` is no request', (line) => {
    expect(readExplainLine(line)).toBeNull()
  })

  test('a body of null is none', () => {
    expect(readExplainLine('{"method":"GET","url":"u","body":null}')?.body).toBeNull()
  })
})
