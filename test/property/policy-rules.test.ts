import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../native-host/policy/decide.ts'
import { matchesWidely } from '../../native-host/policy/matches-widely.ts'
import { matches, parsePattern } from '../../native-host/policy/pattern.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes } from '../unit/policy-fixture.ts'
import { oraclePath } from './policy-oracle.ts'

const segment = fc.stringMatching(/^[abA]{1,2}$/)
const path = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
  .map(([segments, slash]) => `/${segments.join('/')}${slash && segments.length > 0 ? '/' : ''}`)
const patternSegment = fc.oneof(segment, fc.constantFrom('*', '**', 'a*', '*a', 'a*a', '*b*', 'a*b*a'))
const patternPath = fc
  .tuple(fc.array(patternSegment, { maxLength: 4 }), fc.boolean())
  .map(([segments, slash]) => `/${segments.join('/')}${slash && segments.length > 0 ? '/' : ''}`)
const query = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'A'), fc.constant('')), { maxLength: 2 })
const methods = fc.constantFrom('GET', 'POST', '*', 'GET,HEAD')
const names = fc.constantFrom('', '?', '?a', '?a&b')
const pattern = fc
  .tuple(methods, patternPath, names)
  .map(([method, text, part]) => `${method} ${text}${part}`)
const rule = fc.tuple(fc.constantFrom('allow', 'ask', 'deny'), pattern).map((parts) => parts.join(' '))
const service = exampleService({ baseUrls: ['https://api.example.com'] })

const request = fc
  .tuple(fc.constantFrom('GET', 'HEAD', 'POST'), path, query)
  .map(([method, where, pairs]): CanonicalRequest => {
    const url = `https://api.example.com${where}`
    return {
      method,
      url,
      origin: 'https://api.example.com',
      path: where,
      query: pairs,
      headers: [['content-type', 'application/json']],
    }
  })

test('the matcher agrees with one that tries every way', () => {
  let matched = 0
  fc.assert(
    fc.property(patternPath, path, (text, where) => {
      const expected = oraclePath(text, where)
      if (expected) matched++
      expect(matches(parsePattern(`* ${text}`), 'GET', where, [])).toBe(expected)
    }),
    { numRuns: 20_000 },
  )
  expect(matched).toBeGreaterThan(1000)
})

test('whatever matches exactly matches widely too', () => {
  fc.assert(
    fc.property(pattern, request, (text, each) => {
      const parsed = parsePattern(text)
      if (!matches(parsed, each.method, each.path, each.query)) return
      expect(matchesWidely(parsed, each.method, each.path, each.query)).toBe(true)
    }),
    { numRuns: 10_000 },
  )
})

const RANK = { deny: 0, ask: 1, allow: 2 }

test('adding a deny rule, or a condition on the body, never widens what is decided', () => {
  const rules = fc.array(fc.oneof(rule, fc.constant('allow * /**')), { maxLength: 4 })
  const body = fc.constantFrom(null, bytes('{"n":1}'), bytes('{"n":9}'), bytes('[]'))
  let narrowed = 0
  fc.assert(
    fc.property(rules, pattern, fc.nat(4), request, body, (before, added, place, each, sent) => {
      const rank = (texts: readonly string[], members = {}) =>
        RANK[decide(each, sent, exampleCapability(texts, members), service).effect]
      const denied = rank(before.toSpliced(place, 0, `deny ${added}`))
      expect(denied).toBeLessThanOrEqual(rank(before))
      if (denied < rank(before)) narrowed++
      const conditions = { body: [{ op: '<=', pointer: '/n', limit: 5 }] }
      expect(rank(before, conditions)).toBeLessThanOrEqual(rank(before))
    }),
    { numRuns: 10_000 },
  )
  expect(narrowed).toBeGreaterThan(100)
})

test('an ask rule asks about or leaves as it was what is allowed, and never lets a denied call through but by itself', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), pattern, request, (before, added, each) => {
      const was = decide(each, null, exampleCapability(before), service)
      const is = decide(each, null, exampleCapability([...before, `ask ${added}`]), service)
      if (was.effect === 'allow') expect(['allow', 'ask']).toContain(is.effect)
      else if (is.effect !== was.effect) {
        expect(was.reason).toMatch(/^(no-rule|query-not-listed)$/)
        expect(matches(parsePattern(added), each.method, each.path, each.query)).toBe(true)
      }
    }),
    { numRuns: 10_000 },
  )
})

test('decide answers every text for a rule and never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 }), { maxLength: 3 }), request, (texts, each) => {
      const capability = exampleCapability(['allow * /**'])
      const rules = [
        ...capability.rules,
        ...texts.map((text) => ({ effect: 'allow' as const, pattern: text })),
      ]
      const { effect } = decide(each, null, { ...capability, rules }, service)
      const readable = texts.every((text) => isReadable(text))
      expect(effect).toBe(readable ? 'allow' : 'deny')
    }),
    { numRuns: 3000 },
  )
})

function isReadable(text: string): boolean {
  try {
    parsePattern(text)
    return true
  } catch {
    return false
  }
}
