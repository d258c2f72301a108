import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { capabilityDifferences } from '../../native-host/policy/capability-differences.ts'
import { decide } from '../../native-host/policy/decide.ts'
import { matchesWidely } from '../../native-host/policy/matches-widely.ts'
import { parsePattern } from '../../native-host/policy/pattern.ts'
import { patternCovers } from '../../native-host/policy/pattern-covers.ts'
import { patternsMeet } from '../../native-host/policy/patterns-meet.ts'
import type { BodyRule, Capability, CapabilityLimits, Effect } from '../../shared/model/capability.ts'
import type { Failover } from '../../shared/model/failover.ts'
import type { DeniedFields } from '../../shared/model/service.ts'
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

describe('two patterns meet', () => {
  test.each([
    ['GET /v1/**', 'GET /v1/models'],
    ['GET /v1/models', 'HEAD /V1/Models/'],
    ['* /**', 'POST /'],
    ['GET /v1/*/parts', 'GET /v1/**'],
    ['GET /**/a', 'GET /b/**'],
    ['GET /v1/gpt-*', 'GET /v1/*-5'],
    ['GET /v1/x?a', 'GET /v1/x?b'],
    ['GET /v1/**', 'GET /v1'],
    ['GET /**/**', 'GET /**/a/**'],
  ])('%s and %s', (one, other) => {
    expect([patternsMeet(one, other), patternsMeet(other, one)]).toEqual([true, true])
  })

  test.each([
    ['GET /v1/models', 'POST /v1/models'],
    ['HEAD /v1/models', 'POST /v1/models'],
    ['GET /v1/files', 'GET /v1/models'],
    ['GET /v1/*', 'GET /v1/a/b'],
    ['GET /v1/*', 'GET /v1'],
    ['GET /v1/**/parts', 'GET /v1/files'],
    ['GET /v1/gpt-*', 'GET /v1/o-*'],
    ['GET /v1/*-mini', 'GET /v1/gpt-5'],
  ])('not %s and %s', (one, other) => {
    expect([patternsMeet(one, other), patternsMeet(other, one)]).toEqual([false, false])
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
    [
      'to take away what asked beside what is allowed',
      ['allow GET /v1/a', 'ask POST /v1/a'],
      ['allow GET /v1/a'],
      false,
    ],
    ['to deny elsewhere no longer', ['allow GET /v1/a', 'deny GET /v1/b'], ['allow GET /v1/a'], false],
    ['to deny no longer what asks', ['ask GET /v1/*', 'deny GET /v1/b'], ['ask GET /v1/*'], true],
    ['to ask no longer about a HEAD', ['allow HEAD /v1/a', 'ask GET /v1/a'], ['allow HEAD /v1/a'], true],
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

describe('conditions on bodies', () => {
  const of = (before: BodyRule[], after: BodyRule[]) =>
    capabilityDifferences(capability([], { body: before }), capability([], { body: after }), service)
  const atMost = (limit: number, orAbsent = false): BodyRule => {
    return { op: '<=', pointer: '/n', limit, ...(orAbsent ? { orAbsent: true as const } : {}) }
  }
  const within = (...values: (string | number)[]): BodyRule => ({ op: 'in', pointer: '/size', values })
  const query = (...fields: string[]): BodyRule => ({ op: 'graphql', kind: 'query', fields, names: null })
  const absent: BodyRule = { op: 'absent', pointer: '/webhook' }

  test.each<[string, BodyRule[], BodyRule[], boolean]>([
    ['a new one', [], [absent], false],
    ['one that is gone', [absent], [], true],
    ['a lower bound in place of a higher', [atMost(4)], [atMost(2)], false],
    ['a higher bound', [atMost(2)], [atMost(4)], true],
    ['that it may be missing', [atMost(4)], [atMost(2, true)], true],
    ['that it must be there', [atMost(4, true)], [atMost(4)], false],
    ['fewer values', [within('a', 'b')], [within('b')], false],
    ['more values', [within('a')], [within('a', 'b')], true],
    ['a value of another type', [within('1')], [within(1)], true],
    ['the same of another field', [atMost(4)], [{ ...atMost(2), pointer: '/m' } as BodyRule], true],
    ['fewer names', [{ op: 'fields', only: ['a', 'b'] }], [{ op: 'fields', only: ['a'] }], false],
    ['more names', [{ op: 'fields', only: ['a'] }], [{ op: 'fields', only: ['a', 'b'] }], true],
    ['a first one of GraphQL', [], [query('viewer')], false],
    ['a second one of GraphQL', [query('viewer')], [query('viewer'), query('node')], true],
    ['one of two of GraphQL', [query('viewer'), query('node')], [query('viewer')], false],
    ['the last one of GraphQL', [query('viewer')], [], true],
  ])('%s', (_, before, after, opens) => {
    expect(of(before, after).some((each) => each.opens)).toBe(opens)
    expect(of(before, after)).not.toEqual([])
    expect(of(before, before)).toEqual([])
  })

  describe('that name a field which the service denies', () => {
    const denying = exampleService({
      baseUrls: ['https://api.example.com'],
      denyFields: [{ paths: ['POST /v1/**'], names: ['webhook', 'track_id'] }],
    })
    const change = (before: BodyRule[], after: BodyRule[]) =>
      capabilityDifferences(capability([], { body: before }), capability([], { body: after }), denying)
    const present = (name: string): BodyRule => ({ op: 'present', pointer: `/${name}` })
    const one = (...values: string[]): BodyRule => ({ op: 'in', pointer: '/webhook', values })
    const only = (...names: string[]): BodyRule => ({ op: 'fields', only: names })

    test.each<[string, BodyRule[], BodyRule[], string[] | null]>([
      ['that it is there', [], [present('webhook')], ['webhook']],
      ['what it may be', [], [one('https://a.example')], ['webhook']],
      ['a list with it on', [], [only('prompt', 'webhook')], ['webhook']],
      ['another of them', [present('webhook')], [present('webhook'), present('track_id')], ['track_id']],
      ['another spelling of it', [], [present('Webhook')], ['Webhook']],
      [
        'another spelling beside it',
        [present('webhook')],
        [present('webhook'), only('webhook', 'webhook[]')],
        ['webhook[]'],
      ],
      ['what it may be, where it was open', [present('webhook')], [present('webhook'), one('a')], null],
      ['a list with it on, where it was open', [one('a')], [one('a'), only('webhook')], null],
      ['a field that is not denied', [], [present('prompt'), only('prompt')], null],
      ['that it is absent', [], [absent], null],
    ])('%s', (_, before, after, frees) => {
      const opened = change(before, after).filter(({ opens }) => opens)
      expect(opened).toMatchObject(frees === null ? [] : [{ now: true, frees }])
    })

    test('more values of one open', () => {
      expect(change([one('a')], [one('a', 'b')]).some(({ opens }) => opens)).toBe(true)
      expect(change([one('a', 'b')], [one('a')]).some(({ opens }) => opens)).toBe(false)
    })

    test('open nothing with a service that denies none', () => {
      expect(of([], [present('webhook')])).toMatchObject([{ opens: false }])
    })
  })

  const rule = fc.oneof(
    fc
      .record({ limit: fc.nat(3), orAbsent: fc.boolean() })
      .map(({ limit, orAbsent }) => atMost(limit, orAbsent)),
    fc.subarray(['a', 'b', 'c'], { minLength: 1 }).map((values) => within(...values)),
    fc.subarray(['n', 'size', 'webhook'], { minLength: 1 }).map((only): BodyRule => ({ op: 'fields', only })),
    fc.constantFrom<BodyRule>(
      absent,
      { op: 'present', pointer: '/n' },
      { op: 'present', pointer: '/webhook' },
      { op: 'in', pointer: '/webhook', values: ['x'] },
      { op: 'present', pointer: '/Webhook' },
    ),
  )
  const body = fc.record(
    {
      n: fc.nat(4),
      size: fc.constantFrom('a', 'b', 'd'),
      webhook: fc.constant('x'),
      Webhook: fc.constant('x'),
    },
    { requiredKeys: [] },
  )

  test.each<[string, DeniedFields[]]>([
    ['no field', []],
    ['a field', [{ paths: ['POST /v1/x'], names: ['webhook'] }]],
  ])(
    'of a service that denies %s: what body a change lets through that was not, it was said to open',
    (_, denyFields) => {
      const denying = { ...service, denyFields }
      const rules = fc.array(rule, { maxLength: 3 })
      const canonical = canonicalise(
        {
          method: 'POST',
          url: 'https://api.example.com/v1/x',
          headers: [['content-type', 'application/json']],
        },
        service,
      )
      if ('refused' in canonical) throw new Error(canonical.refused)
      let opened = 0
      fc.assert(
        fc.property(rules, rules, fc.array(body, { minLength: 1, maxLength: 8 }), (before, after, bodies) => {
          const [old, fresh] = [before, after].map((each) => capability(['allow POST /v1/x'], { body: each }))
          if (old === undefined || fresh === undefined) throw new Error('no capability')
          const opens = capabilityDifferences(old, fresh, denying).some((each) => each.opens)
          for (const each of bodies) {
            const bytes = new TextEncoder().encode(JSON.stringify(each))
            const effect = (of: Capability) => decide(canonical.request, bytes, of, denying).effect
            if (effect(old) !== 'deny' || effect(fresh) !== 'allow') continue
            opened += 1
            expect(opens, JSON.stringify(each)).toBe(true)
          }
        }),
        { numRuns: 2000 },
      )
      expect(opened, 'something was opened').toBeGreaterThan(100)
    },
  )
})

describe('the period of a budget', () => {
  const of = (was: CapabilityLimits['period'], now: CapabilityLimits['period'], part = {}) => {
    const limits = { ...capability([]).limits, maxTokens: 100, ...part }
    const [before, after] = [was, now].map((period) => capability([], { limits: { ...limits, period } }))
    if (before === undefined || after === undefined) throw new Error('no capability')
    return capabilityDifferences(before, after, service)
  }
  test('opens where it is shorter, since what was used counts no longer', () => {
    expect(of('week', 'day')).toEqual([{ kind: 'period', was: 'week', now: 'day', opens: true }])
    expect(of('total', 'month')[0]?.opens).toBe(true)
    expect(of('day', 'week')[0]?.opens).toBe(false)
    expect(of('month', 'total')[0]?.opens).toBe(false)
    expect(of('day', 'day')).toEqual([])
    expect(of('week', 'day', { maxTokens: null })[0]?.opens).toBe(false)
  })
})

describe('where calls go on', () => {
  const plain: Failover = { capability: 'local', on: ['unreachable'], models: [], wait: null }
  const map = (...pairs: [from: string | null, to: string][]): Partial<Failover> => {
    return { models: pairs.map(([from, to]) => ({ from, to })) }
  }
  test.each<[string, Partial<Failover> | null, Partial<Failover> | null, boolean]>([
    ['to begin with it', null, {}, true],
    ['to end it', {}, null, false],
    ['elsewhere', {}, { capability: 'other' }, true],
    ['for a further reason', {}, { on: ['unreachable', '5xx'] }, true],
    ['for a reason less', { on: ['unreachable', '5xx'] }, {}, false],
    ['sooner', { on: ['timeout'], wait: 20 }, { on: ['timeout'], wait: 5 }, true],
    ['later', { on: ['timeout'], wait: 5 }, { on: ['timeout'], wait: 20 }, false],
    ['at a time at all', { on: ['timeout'] }, { on: ['timeout'], wait: 20 }, true],
    ['with a further model', map(['a', 'x']), map(['a', 'x'], ['b', 'y']), true],
    ['with a model less', map(['a', 'x'], ['b', 'y']), map(['a', 'x']), false],
    [
      'with a model less, which any other then stands for',
      map(['a', 'x'], [null, 'y']),
      map([null, 'y']),
      true,
    ],
    ['with a model of another name', map(['a', 'x']), map(['a', 'y']), true],
    ['with no names any more', map(['a', 'x']), {}, true],
    ['with names for the first time', {}, map(['a', 'x']), true],
    ['with one model alone, under its own name', {}, map(['a', 'a']), false],
    ['with what any other stood for', map([null, 'x']), map(['a', 'x']), false],
  ])('%s', (_, was, now, opens) => {
    const of = (part: Partial<Failover> | null) =>
      capability([], part === null ? {} : { failover: { ...plain, ...part } })
    expect(capabilityDifferences(of(was), of(now), service)).toMatchObject([{ kind: 'failover', opens }])
    expect(capabilityDifferences(of(now), of(now), service)).toEqual([])
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

test('what is in the reach of two patterns is where they meet', () => {
  const near = fc
    .tuple(
      fc.constantFrom('GET', 'HEAD', '*'),
      fc.array(fc.constantFrom('a', 'B', '*', '**', 'a*', '*b'), { minLength: 1, maxLength: 4 }),
    )
    .map(([methods, path]) => `${methods} /${path.join('/')}`)
  const paths = fc.array(fc.constantFrom('a', 'b', 'ab', 'A'), { minLength: 1, maxLength: 4 })
  let both = 0
  fc.assert(
    fc.property(near, near, fc.array(paths, { minLength: 1, maxLength: 6 }), (one, other, calls) => {
      for (const path of calls.map((segments) => `/${segments.join('/')}`)) {
        const reaches = (text: string) => matchesWidely(parsePattern(text), 'HEAD', path, [])
        if (!reaches(one) || !reaches(other)) continue
        both += 1
        expect(patternsMeet(one, other), `${one} and ${other}: ${path}`).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
  expect(both, 'something was in the reach of both').toBeGreaterThan(100)
})

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
