import { describe, expect, test } from 'vitest'
import { matchesWidely } from '../../native-host/policy/matches-widely.ts'
import { InvalidPattern, matches, parsePathPattern, parsePattern } from '../../native-host/policy/pattern.ts'

function isMatch(pattern: string, method: string, target: string): boolean {
  const [path = '', search = ''] = target.split('?')
  return matches(parsePattern(pattern), method, path, [...new URLSearchParams(search)])
}

function isWideMatch(pattern: string, method: string, target: string): boolean {
  const [path = '', search = ''] = target.split('?')
  return matchesWidely(parsePattern(pattern), method, path, [...new URLSearchParams(search)])
}

describe('a pattern allows exactly', () => {
  test.each([
    ['GET /v1/models', 'GET /v1/models', true],
    ['GET /v1/models', 'GET /v1/models/', false],
    ['GET /v1/models/', 'GET /v1/models/', true],
    ['GET /v1/models', 'GET /V1/models', false],
    ['GET /v1/models', 'GET /v1/modelsx', false],
    ['GET /v1/models', 'HEAD /v1/models', false],
    ['GET,HEAD /v1/models', 'HEAD /v1/models', true],
    ['* /v1/models', 'DELETE /v1/models', true],
    ['GET /', 'GET /', true],
    ['GET /', 'GET /a', false],
    ['GET /**', 'GET /', true],
    ['GET /**', 'GET /a/b/c', true],
    ['GET /v1/**', 'GET /v1', true],
    ['GET /v1/**', 'GET /v1/', true],
    ['GET /v1/**', 'GET /v10/x', false],
    ['GET /v1/*', 'GET /v1/', false],
    ['GET /v1/*', 'GET /v1', false],
    ['GET /v1/*', 'GET /v1/a', true],
    ['GET /v1/*', 'GET /v1/a/b', false],
    ['GET /v1/*/x', 'GET /v1/a/x', true],
    ['GET /a/**/z', 'GET /a/z', true],
    ['GET /a/**/z', 'GET /a/b/c/z', true],
    ['GET /a/**/z', 'GET /a/b/c/z/d', false],
    ['GET /a/**/m/**/z', 'GET /a/m/z', true],
    ['GET /a/**/m/**/z', 'GET /a/z', false],
    ['GET /a/**/m/n/**/z', 'GET /a/m/m/n/z', true],
    ['GET /a/**/b/**/b/**/z', 'GET /a/b/z', false],
    ['GET /a/**/b/**/b/**/z', 'GET /a/b/b/z', true],
    ['GET /a/**/z', 'GET /a', false],
    ['GET /a/**/a', 'GET /a', false],
    ['POST /v1/models/*:generateContent', 'POST /v1/models/gemini-2:generateContent', true],
    ['POST /v1/models/*:generateContent', 'POST /v1/models/a/b:generateContent', false],
    ['POST /v1/models/*:generateContent', 'POST /v1/models/x:generateContentx', false],
    ['GET /a*b*c', 'GET /abc', true],
    ['GET /a*b*c', 'GET /axxbyyc', true],
    ['GET /a*b*c', 'GET /acb', false],
    ['GET /a*a', 'GET /a', false],
    ['GET /a*bb*b', 'GET /abb', false],
    ['GET /*ab*ba*', 'GET /aba', false],
    ['GET /*ab*ba*', 'GET /abba', true],
    ['GET /caf%c3%a9', 'GET /caf%C3%A9', true],
    ['GET /caf%C3%A9', 'GET /caf%c3%a9', true],
    ['GET /a%3Ab', 'GET /a:b', false],
  ])('%s on %s: %s', (pattern, call, expected) => {
    const [method = '', target = ''] = call.split(' ')
    expect(isMatch(pattern, method, target)).toBe(expected)
  })
})

describe('a query part lists names, each at most once, and no others', () => {
  test.each([
    ['GET /s?q&limit', '/s', true],
    ['GET /s?q&limit', '/s?limit=1&q=x', true],
    ['GET /s?q&limit', '/s?q=1&q=2', false],
    ['GET /s?q&limit', '/s?q=1&force=1', false],
    ['GET /s?q&limit', '/s?Q=1', false],
    ['GET /s?expand%5B%5D', '/s?expand[]=1', true],
    ['GET /s?', '/s', true],
    ['GET /s?', '/s?q', false],
    ['GET /s', '/s?anything=1&anything=2', true],
  ])('%s on %s: %s', (pattern, target, expected) => {
    expect(isMatch(pattern, 'GET', target)).toBe(expected)
  })
})

describe('what denies matches widely', () => {
  test.each([
    ['GET /v1/secret', 'GET', '/v1/secret/', true],
    ['GET /v1/secret/', 'GET', '/v1/secret', true],
    ['GET /v1/secret', 'GET', '/V1/SECRET', true],
    ['GET /v1/secret', 'HEAD', '/v1/secret', true],
    ['HEAD /v1/secret', 'GET', '/v1/secret', false],
    ['GET /v1/a:b', 'GET', '/v1/a%3ab', true],
    ['GET /v1/a%3Ab', 'GET', '/v1/a:b', true],
    ['GET /v1/secret', 'GET', '/v1/secrets', false],
    ['GET /v1/x?debug', 'GET', '/v1/x', true],
    ['GET /v1/x?debug', 'GET', '/v1/x?DEBUG&y', true],
    ['GET /v1/x?debug', 'GET', '/v1/x?y', false],
    ['* /', 'GET', '/', true],
    ['* /', 'GET', '/a', false],
  ])('%s on %s %s: %s', (pattern, method, target, expected) => {
    expect(isWideMatch(pattern, method, target)).toBe(expected)
  })
})

describe('what is no pattern is refused with what is wrong', () => {
  test.each([
    ['', 'methods, one space'],
    ['/v1/models', 'methods, one space'],
    [' /v1', 'methods, one space'],
    ['GET', 'methods, one space'],
    ['get /v1', '`get` is not a method'],
    ['GET, HEAD /v1', '`` is not a method'],
    ['TRACE /v1', '`TRACE` is not a method'],
    ['*,GET /v1', '`*` is not a method'],
    ['GET  /v1', 'start with `/`'],
    ['GET v1', 'start with `/`'],
    ['GET api.example.com/v1/**', 'start with `/`'],
    ['GET https://api.example.com/v1', 'start with `/`'],
    ['GET /v1/{name}', '`{` cannot stand'],
    ['GET /v1/a b', '` ` cannot stand'],
    ['GET /v1/caf\u00e9', 'cannot stand'],
    ['GET /v1\\x', 'cannot stand'],
    ['GET /v1#x', 'cannot stand'],
    ['GET /v1/a**', 'whole segment'],
    ['GET /v1/***', 'whole segment'],
    ['GET /v1/../x', 'no safe path'],
    ['GET /v1/./x', 'no safe path'],
    ['GET /v1//x', 'no safe path'],
    ['GET /v1/%2e%2e/x', 'no safe path'],
    ['GET /v1/%6dodels', 'no safe path'],
    ['GET /v1/%zz', 'no safe path'],
    ['GET /v1;x', 'no safe path'],
    ['GET /v1?a=1', 'names joined'],
    ['GET /v1?a&&b', 'names joined'],
    ['GET /v1?a?b', 'names joined'],
    ['GET /v1?*', 'names joined'],
    ['GET /v1?a&a', 'twice'],
    ['GET /v1?%zz', 'not well encoded'],
  ])('%j: %s', (text, wrong) => {
    const attempt = () => parsePattern(text)
    expect(attempt).toThrow(InvalidPattern)
    expect(attempt).toThrow(wrong)
  })
  test('a path alone is for any method where a service names it', () => {
    const pattern = parsePathPattern('/api/v6/**')
    expect([matches(pattern, 'DELETE', '/api/v6/x', []), pattern.text]).toEqual([true, '/api/v6/**'])
    expect(matches(parsePathPattern('GET /x'), 'POST', '/x', [])).toBe(false)
  })
})

test('a pattern made to make matchers backtrack is answered by a bounded number of steps', () => {
  // A backtracking matcher needs more than 10^20 steps here; this one at most pattern times path.
  const stars = parsePattern(`GET /${'*a'.repeat(500)}*b`)
  expect(matches(stars, 'GET', `/${'a'.repeat(16_000)}`, [])).toBe(false)
  const doubles = parsePattern(`GET ${'/**/a'.repeat(300)}/b`)
  expect(matches(doubles, 'GET', '/a'.repeat(8000), [])).toBe(false)
  expect(matches(doubles, 'GET', `${'/a'.repeat(7999)}/b`, [])).toBe(true)
})
