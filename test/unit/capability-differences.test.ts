import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { capabilityDifferences } from '../../native-host/policy/capability-differences.ts'
import { decide } from '../../native-host/policy/decide.ts'
import { patternCovers } from '../../native-host/policy/pattern-covers.ts'
import type { Capability, Effect } from '../../shared/model/capability.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'

const service = exampleService({
  baseUrls: ['https://api.example.com'],
  denyAlways: ['DELETE /v1/all'],
  credentialMinting: ['POST /v1/keys'],
})
const capability = (rules: string[], part: Partial<Capability> = {}) =>
  exampleCapability(rules, { service: 'example', ...part })
const differences = (before: string[], after: string[]) =>
  capabilityDifferences(capability(before), capability(after), service)

describe('one pattern covers another', () => {
  test.each([
    ['GET /v1/**', 'GET /v1/models'],
    ['* /**', 'POST /v1/chat/completions?stream'],
    ['GET,HEAD /v1/*', 'HEAD /v1/models'],
    ['GET /v1/**', 'GET /v1/**/parts'],
    ['GET /v1/**/parts', 'GET /v1/a/**/parts'],
    ['GET /v1/*', 'GET /v1/gpt-*'],
    ['GET /v1/gpt-*', 'GET /v1/gpt-5'],
    ['GET /v1/x?a&b', 'GET /v1/x?b'],
    ['GET /**', 'GET /**'],
  ])('%s covers %s', (wide, narrow) => {
    expect(patternCovers(wide, narrow)).toBe(true)
  })

  test.each([
    ['GET /v1/models', 'GET /v1/**'],
    ['GET /v1/*', 'GET /v1/a/b'],
    ['GET /v1/*', 'GET /v1/**'],
    ['GET /v1/*', 'GET /v1/'],
    ['GET /v1/**', 'POST /v1/models'],
    ['GET /v1/**', '* /v1/models'],
    ['GET /v1/x?a', 'GET /v1/x'],
    ['GET /v1/x?a', 'GET /v1/x?b'],
    ['GET /v1/gpt-*', 'GET /v1/*'],
    ['GET /v1/gpt-*', 'GET /v1/g*'],
    ['GET /v1/**/parts', 'GET /v1/**'],
  ])('%s does not cover %s', (wide, narrow) => {
    expect(patternCovers(wide, narrow)).toBe(false)
  })
})

describe('what opens', () => {
  test.each<[string, string[], string[], boolean]>([
    ['a rule for something new', ['allow GET /v1/a'], ['allow GET /v1/a', 'allow GET /v1/b'], true],
    ['a rule within another', ['allow GET /v1/**'], ['allow GET /v1/**', 'allow GET /v1/b'], false],
    ['a rule in place of a wider one', ['allow * /v1/**'], ['allow GET /v1/models'], false],
    ['a wider rule', ['allow GET /v1/models'], ['allow GET /v1/**'], true],
    ['to ask where it was allowed', ['allow GET /v1/a'], ['ask GET /v1/a'], false],
    ['to ask within what was allowed', ['allow GET /v1/**'], ['allow GET /v1/**', 'ask GET /v1/b'], false],
    ['not to ask any more', ['ask GET /v1/a'], ['allow GET /v1/a'], true],
    ['to take an ask off an allow', ['allow GET /**', 'ask GET /v1/a'], ['allow GET /**'], true],
    ['to take the only rule away', ['ask GET /v1/a'], [], false],
    ['to deny', ['allow GET /**'], ['allow GET /**', 'deny GET /v1/a'], false],
    ['to deny no longer', ['allow GET /**', 'deny GET /v1/a'], ['allow GET /**'], true],
    ['to deny nothing where nothing is allowed', ['deny GET /v1/a'], [], false],
    ['the name of what mints', ['allow * /**'], ['allow * /**', 'allow POST /v1/keys'], true],
  ])('%s', (_, before, after, opens) => {
    expect(differences(before, after).some((each) => each.opens)).toBe(opens)
    expect(differences(before, after)).not.toEqual([])
  })

  test('models and limits, each by itself', () => {
    const of = (before: Partial<Capability>, after: Partial<Capability>) =>
      capabilityDifferences(capability([], before), capability([], after), service)
    expect(of({ models: ['a'] }, { models: ['a', 'b'] })).toEqual([
      { kind: 'model', name: 'b', now: true, opens: true },
    ])
    expect(of({ models: ['a', 'b'] }, { models: ['a'] })).toEqual([
      { kind: 'model', name: 'b', now: false, opens: false },
    ])
    expect(of({ models: null }, { models: ['a'] }).map(({ opens }) => opens)).toEqual([false, false])
    expect(of({ models: ['a'] }, { models: null })).toEqual([{ kind: 'model-list', now: false, opens: true }])
    const { limits } = capability([])
    const limit = (was: number | null, now: number | null) =>
      of({ limits: { ...limits, maxRequests: was } }, { limits: { ...limits, maxRequests: now } })
    expect(limit(5, 4)).toEqual([{ kind: 'limit', name: 'maxRequests', was: 5, now: 4, opens: false }])
    expect(limit(4, 5)[0]?.opens).toBe(true)
    expect(limit(4, null)[0]?.opens).toBe(true)
    expect(limit(null, 4)[0]?.opens).toBe(false)
    expect(limit(4, 4)).toEqual([])
  })
})

const segment = fc.constantFrom('v1', 'a', 'b', 'ab', 'keys', 'all', '*', '**', 'a*', '*b')
const pattern = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'GET,HEAD', '*', 'HEAD'),
    fc.array(segment, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '?', '?q', '?q&r'),
  )
  .map(([methods, path, query]) => `${methods} /${path.join('/')}${query}`)
const rules = fc.array(
  fc.tuple(fc.constantFrom<Effect>('allow', 'ask', 'deny'), pattern).map((pair) => pair.join(' ')),
  { maxLength: 4 },
)
const call = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'HEAD'),
    fc.array(fc.constantFrom('v1', 'a', 'b', 'ab', 'aab', 'keys', 'all', 'c'), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.constantFrom('', '?q=1', '?r=1&q=2', '?q=1&q=2', '?z=1'),
  )
  .map(([method, path, query]) => ({ method, url: `https://api.example.com/${path.join('/')}${query}` }))

test('whatever a change lets through that was not let through, it was said to open', () => {
  const openness = { deny: 0, ask: 1, allow: 2 }
  let opened = 0
  fc.assert(
    fc.property(rules, rules, fc.array(call, { minLength: 1, maxLength: 12 }), (before, after, calls) => {
      const [old, fresh] = [capability(before), capability(after)]
      const opens = capabilityDifferences(old, fresh, service).some((each) => each.opens)
      for (const { method, url } of calls) {
        const canonical = canonicalise({ method, url, headers: [] }, service)
        if ('refused' in canonical) continue
        const was = decide(canonical.request, null, old, service).effect
        const now = decide(canonical.request, null, fresh, service).effect
        if (openness[now] <= openness[was]) continue
        opened += 1
        expect(opens, `${method} ${url}: ${was} → ${now}`).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
  expect(opened, 'something was opened').toBeGreaterThan(100)
})
