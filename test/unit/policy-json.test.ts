import { describe, expect, test } from 'vitest'
import { pointerGet, pointerTokens, readJson, spliceMember } from '../../native-host/policy/json.ts'
import type { JsonNode } from '../../native-host/policy/json-node.ts'
import { MalformedJson } from '../../native-host/policy/malformed-json.ts'
import { stripBody } from '../../native-host/policy/strip-body.ts'
import { exampleService } from '../support/examples.ts'
import { bytes } from './policy-fixture.ts'

describe('the strict reader refuses', () => {
  test.each([
    ['{"a":1,"a":2}', 'twice'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['{"a":{"b":1,"b":2}}', 'twice'],
    ['{}x', 'after'],
    ['{} {}', 'after'],
    ['{}\u0000', 'after'],
    ['\ufeff{}', 'missing'],
    ['', 'missing'],
    ['  ', 'missing'],
    ['nul', 'missing'],
    ['True', 'missing'],
    ['NaN', 'missing'],
    ["'a'", 'missing'],
    ['[1,]', 'missing'],
    ['[1', 'comma or a bracket'],
    ['[1}', 'comma or a bracket'],
    ['{"a":1,}', 'key'],
    ['{a:1}', 'key'],
    ['{"a" 1}', 'colon'],
    ['{"a":', 'missing'],
    ['{"a', 'does not end'],
    ['"a\\"', 'does not end'],
    ['"a\\', 'does not end'],
    ['"a\nb"', 'control'],
    ['"\\x"', 'escape'],
    ['"\\u12g4"', 'escape'],
    ['"\\\n"', 'escape'],
    ['"\\ud800"', 'surrogate'],
    ['"\\udc00\\ud800"', 'surrogate'],
    ['{"\\ud800":1}', 'surrogate'],
    ['01', 'number'],
    ['-', 'number'],
    ['1.', 'number'],
    ['1e', 'number'],
    ['1e+', 'number'],
    ['--1', 'number'],
    ['1.2.3', 'number'],
    [`1${'0'.repeat(2000)}`, 'number'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'deep'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'deep'],
  ])('%j', (text, reason) => {
    const attempt = () => readJson(bytes(text))
    expect(attempt).toThrow(MalformedJson)
    expect(attempt).toThrow(reason)
  })
  test.each(['fffe7b00', '7b226d6f64656c223a22eda080227d', '22c0af22', '22f490808022', '22ff22', '22e282'])(
    'bytes %s that are not UTF-8',
    (hex) => {
      expect(() => readJson(Buffer.from(hex, 'hex'))).toThrow('not UTF-8')
    },
  )
  test('more than a million values', () => {
    const text = `[${'0,'.repeat(999_998)}0]`
    expect(readJson(bytes(text)).kind).toBe('array')
    expect(() => readJson(bytes(`[${text},0]`))).toThrow('too many')
  })
  test('nothing of what it read appears in a message', () => {
    expect(() => readJson(bytes('{"k":"sk-live-canary","k":1}'))).toThrow(
      /^a key stands twice in one object$/,
    )
  })
})

test('depth 64 is still read', () => {
  expect(readJson(bytes(`${'['.repeat(64)}${']'.repeat(64)}`)).kind).toBe('array')
})

describe('numbers that another reader could read otherwise are marked', () => {
  test.each([
    ['0', true],
    ['-0', true],
    ['0e5', true],
    ['100', true],
    ['1e2', true],
    ['0.1', true],
    ['9007199254740991', true],
    ['9007199254740993', false],
    ['12345678901234567890', false],
    ['100.00000000000000001', false],
    ['1e400', false],
    ['-1e400', false],
    ['1e-400', false],
  ])('%s: exact %s', (text, exact) => {
    expect(readJson(bytes(text))).toMatchObject({ kind: 'number', text, exact })
  })
})

describe('pointers (RFC 6901)', () => {
  const node = readJson(bytes('{"a":{"b":[10,{"c":1}]},"":0,"x/y":1,"m~n":2,"~1":3,"__proto__":4}'))
  test.each([
    ['', 'object'],
    ['/a/b/0', 10],
    ['/a/b/1/c', 1],
    ['/', 0],
    ['/x~1y', 1],
    ['/m~0n', 2],
    ['/~01', 3],
    ['/__proto__', 4],
    ['/a/b/00', null],
    ['/a/b/-', null],
    ['/a/b/2', null],
    ['/a/b/0/c', null],
    ['/a/b/length', null],
    ['/constructor', null],
    ['/toString', null],
    ['/none/deeper', null],
    ['a', null],
    ['/m~n', null],
  ])('%j', (pointer, expected) => {
    const found: JsonNode | null = pointerGet(node, pointer)
    expect(found?.kind === 'number' ? found.value : (found?.kind ?? null)).toBe(expected)
  })
  test('a text that is none has no tokens', () => {
    expect([pointerTokens('a'), pointerTokens('/~2'), pointerTokens('/~'), pointerTokens('')]).toEqual([
      null,
      null,
      null,
      [],
    ])
  })
})

describe('a member is spliced and every other byte stays', () => {
  const splice = (text: string, pointer: string, value: string | null) => {
    const read = bytes(text)
    const out = spliceMember(read, readJson(read), pointer, value === null ? null : bytes(value))
    return new TextDecoder().decode(out)
  }
  test.each([
    ['{}', '/key', '"K"', '{"key":"K"}'],
    ['{ }', '/key', '"K"', '{"key":"K" }'],
    [' {"a" : 1.0 , "b":2 } ', '/key', '"K"', ' {"a" : 1.0 , "b":2,"key":"K" } '],
    ['{"key" :  "old","b":"\\u00e9"}', '/key', '"K"', '{"key" :  "K","b":"\\u00e9"}'],
    ['{"\\u006bey":1}', '/key', '2', '{"\\u006bey":2}'],
    ['{"a":{"b":1}}', '/a/c', 'null', '{"a":{"b":1,"c":null}}'],
    ['{"a":[{"b":1}]}', '/a/0/b', '2', '{"a":[{"b":2}]}'],
    ['{}', '/q~1"', '1', '{"q/\\"":1}'],
    ['{"key":1}', '/key', null, '{}'],
    ['{"key":1 , "b":2}', '/key', null, '{"b":2}'],
    ['{"a":1 , "key":{"x":[1]} , "b":2}', '/key', null, '{"a":1 , "b":2}'],
    ['{"a":1 , "key":2 }', '/key', null, '{"a":1 }'],
    ['{"a":1}', '/key', null, '{"a":1}'],
    ['{"a":1}', '/a/b/c', null, '{"a":1}'],
    ['[1]', '/0', null, '[1]'],
  ])('%s at %s set to %s', (text, pointer, value, expected) => {
    expect(splice(text, pointer, value)).toBe(expected)
  })
  test.each([
    ['[1]', '/0'],
    ['{"a":1}', '/a/b'],
    ['{"a":1}', '/x/y'],
    ['{}', ''],
    ['{}', 'key'],
  ])('%s has no object for %j', (text, pointer) => {
    expect(() => splice(text, pointer, '1')).toThrow(MalformedJson)
  })
  test('what a service says may hold a placeholder goes, and with nothing to strip the bytes are the same', () => {
    const service = exampleService({ strip: { headers: [], query: [], jsonFields: ['/key', '/auth/token'] } })
    const body = bytes('{"key":"p","auth":{"token":"p","x":1},"a":1}')
    expect(new TextDecoder().decode(stripBody(body, service))).toBe('{"auth":{"x":1},"a":1}')
    const clean = bytes('{"a":1}')
    expect(stripBody(clean, service)).toBe(clean)
    expect(() => stripBody(bytes('{'), service)).toThrow(MalformedJson)
  })
})
