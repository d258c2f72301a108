import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appendRecord } from '../../native-host/audit/chain.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { replay } from '../../native-host/owner/replay.ts'
import { proposeTighter, tighten } from '../../native-host/owner/tighten.ts'
import { isIdLike } from '../../native-host/policy/id-like.ts'
import { judgeRecorded, type RecordedCall } from '../../native-host/policy/judge-recorded.ts'
import { tightenRules } from '../../native-host/policy/tighten.ts'
import { findCapability, putCapability } from '../../native-host/store/capabilities.ts'
import { putService } from '../../native-host/store/services.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { done, times } from '../support/hard.ts'
import { callRecord, openVault, outcomeRecord, refusalOf, type VaultFixture } from './vault-fixture.ts'

const SERVICE = exampleService({ baseUrls: ['https://api.example.com'] })
const HOST = 'https://api.example.com'

function called(text: string, hasBody = false): RecordedCall {
  const [method = '', target = ''] = text.split(' ')
  const [path = '', search] = target.split('?')
  return { method, url: HOST + path, query: search === undefined ? [] : search.split('&'), hasBody }
}

/** Rules that tightening makes of rules and of what was used. */
function tightened(rules: string[], used: string[], service = SERVICE): string[] {
  const made = tightenRules(
    used.map((each) => called(each)),
    exampleCapability(rules),
    service,
  )
  return made.map(({ effect, pattern }) => `${effect} ${pattern}`)
}

describe('what looks like an id', () => {
  test.each([
    '7',
    '123456',
    '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'deadbeef1234',
    'msg_01XFDUDYJgAACzvnptvVoYEL',
    'chatcmpl-9aBcDeFgHiJk1',
    'AC0123456789abcdef0123456789abcdef',
  ])('%s does', (segment) => expect(isIdLike(segment)).toBe(true))

  test.each([
    'models',
    'v1',
    'v1beta',
    '2010-04-01',
    'gpt-4o-mini',
    'claude-sonnet-4-20250514',
    'text-embedding-3-large',
    'gemini-1.5-pro:generateContent',
    'deadbeef',
    'x',
    '',
  ])('%j does not', (segment) => expect(isIdLike(segment)).toBe(false))
})

describe('tighter rules', () => {
  test('name the addresses that were used, ids left open, with the query names that came', () => {
    expect(
      tightened(
        ['allow * /v1/**'],
        [
          'GET /v1/models',
          'POST /v1/files/17/parts',
          'POST /v1/files/18/parts?a',
          'POST /v1/files/19/parts?b&a',
          'GET /v1/users/alice',
        ],
      ),
    ).toEqual(['allow GET /v1/models?', 'allow POST /v1/files/*/parts?a&b', 'allow GET /v1/users/alice?'])
  })

  test('stay within the rule that let the call through', () => {
    expect(
      tightened(
        ['allow GET /v1/files/17', 'allow GET /v1/files/1*/parts?a&b'],
        ['GET /v1/files/17', 'GET /v1/files/18/parts?a'],
      ),
    ).toEqual(['allow GET /v1/files/17?', 'allow GET /v1/files/18/parts?a'])
  })

  test('keep denials, keep what asked, and deny what asks and was not used', () => {
    expect(
      tightened(
        ['deny DELETE /**', 'ask POST /v1/files/**', 'ask POST /v1/pay', 'allow * /v1/**'],
        ['POST /v1/files/7', 'GET /v1/x'],
      ),
    ).toEqual(['deny DELETE /**', 'ask POST /v1/files/**', 'deny POST /v1/pay', 'allow GET /v1/x?'])
  })

  test('what asked by a wide match keeps the rule that allows beside it', () => {
    expect(tightened(['ask GET /a?a', 'allow GET /a'], ['GET /a?a&a'])).toEqual([
      'ask GET /a?a',
      'allow GET /a',
    ])
    expect(tightened(['allow POST /**', 'ask * /b?a&b', 'allow GET /a'], ['POST /b?a&a', 'GET /a'])).toEqual([
      'ask * /b?a&b',
      'allow POST /b',
      'allow GET /a?',
    ])
  })

  test('a call whose query names are not all in the log keeps the freedom of its rule', () => {
    expect(tightened(['allow GET /v1/**'], ['GET /v1/x?a&(long)'])).toEqual(['allow GET /v1/x'])
    expect(tightened(['allow GET /v1/x?a&b'], ['GET /v1/x?a&(unnamed)'])).toEqual(['allow GET /v1/x?a&b'])
    expect(tightened(['allow GET /v1/**?a&b'], ['GET /v1/x?a&(unnamed)'])).toEqual(['allow GET /v1/x?a&b'])
    expect(tightened(['allow GET /v1/**'], ['GET /v1/x?a&a'])).toEqual(['allow GET /v1/x'])
    expect(tightened(['allow GET /v1/**'], ['GET /v1/x?filter[a]'])).toEqual([
      'allow GET /v1/x?filter%5Ba%5D',
    ])
  })

  test('a rule that names a credential’s address exactly stays as it is written', () => {
    const service = exampleService({ baseUrls: [HOST], credentialMinting: ['POST /v1/tokens'] })
    expect(
      tightened(['allow POST /v1/tokens', 'allow GET /v1/**'], ['POST /v1/tokens?a', 'GET /v1/x'], service),
    ).toEqual(['allow POST /v1/tokens', 'allow GET /v1/x?'])
  })

  test('never let through more than before, and always what was used', () => {
    const segment = fc.constantFrom('a', 'b', '7', '8', 'files', 'deadbeef12', '*', 'f*', '**')
    const pattern = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'GET,POST', '*'),
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '', '?', '?a', '?a&b'),
      )
      .map(([methods, segments, query]) => `${methods} /${segments.join('/')}${query}`)
    const rule = fc
      .tuple(fc.constantFrom('allow', 'allow', 'ask', 'deny'), pattern)
      .map(([effect, text]) => `${effect} ${text}`)
    const piece = fc.constantFrom('a', 'b', '7', '8', '9', 'files', 'foo', 'deadbeef12', 'deadbeef34', 'A')
    const call = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'DELETE', 'HEAD'),
        fc.array(piece, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '?a', '?b&a', '?c', '?a&a', '?a&(long)'),
      )
      .map(([method, pieces, query]) => called(`${method} /${pieces.join('/')}${query}`))
    const rank = { deny: 0, ask: 1, allow: 2 }
    let probed = 0
    let let_through = 0
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 5 }),
        fc.array(call, { minLength: 1, maxLength: 8 }),
        fc.array(call, { minLength: 5, maxLength: 20 }),
        (rules, calls, probes) => {
          const before = exampleCapability(rules)
          const effectOf = (each: RecordedCall, capability = before) =>
            judgeRecorded(each, capability, SERVICE).decision.effect
          const used = calls.filter((each) => effectOf(each) !== 'deny')
          const after = { ...before, rules: tightenRules(used, before, SERVICE) }
          for (const each of used) expect([each, effectOf(each, after)]).toEqual([each, effectOf(each)])
          for (const probe of [...probes, ...calls]) {
            expect([probe, rank[effectOf(probe, after)] <= rank[effectOf(probe)]]).toEqual([probe, true])
            probed += 1
            if (effectOf(probe, after) !== 'deny') let_through += 1
          }
        },
      ),
      { numRuns: times(400, 30_000) },
    )
    // Some two in a hundred: of none, nothing would have been shown.
    expect(let_through).toBeGreaterThan(probed / 400)
    done('calls decided before and after tightening', probed)
  })
})

describe('from the log', () => {
  let vault: VaultFixture
  const SESSION = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
  const OTHER = '7c9e6679-7425-40de-944b-e07fc1f90ae8'

  beforeEach(() => {
    vault = openVault()
    putService(vault.store, vault.keys, SERVICE)
    putCapability(
      vault.store,
      vault.keys,
      exampleCapability(['allow * /v1/**'], { id: 'wide', models: ['m'], limits: { maxRequests: 3 } }),
    )
    putCapability(vault.store, vault.keys, exampleCapability(['allow GET /v1/models'], { id: 'narrow' }))
    put('GET /v1/models', { at: 1000 })
    put('GET /v1/models', { at: 2000 })
    put('POST /v1/chat?beta', { at: 70_000, body: { bytes: 600, digest: null } }, 5100)
    put('GET /v1/late', { at: 9_000_000, session: OTHER })
    put('DELETE /v2/x', { kind: 'refusal', decision: 'deny', reason: 'no-rule', count: 4 })
    put('GET /v1/models', { kind: 'refusal', decision: 'deny', reason: 'rate-limited' })
    put('GET /elsewhere', { service: 'other-service', capability: 'other' })
  })
  afterEach(() => vault.remove())

  function put(text: string, changes: object, responseBytes = 10): void {
    const { method, url, query } = called(text)
    const call = callRecord({
      method,
      url,
      query: [...query],
      session: SESSION,
      capability: 'wide',
      service: 'example',
      reason: 'rule-allow',
      ...changes,
    })
    appendRecord(vault.store, vault.keys, call, call.at)
    if (call.kind === 'intent')
      appendRecord(
        vault.store,
        vault.keys,
        outcomeRecord({ intent: call.id, at: call.at, requestBytes: 0, responseBytes }),
        call.at,
      )
  }

  function owner(): OwnerContext {
    return { store: vault.store, keys: vault.keys, now: () => 10_000_000, by: 'cli' }
  }

  test('a proposal says what it is made of, what goes and comes, and what nobody can tell', () => {
    const found = proposeTighter(owner(), 'wide', {})
    expect(found).toMatchObject({
      calls: 4,
      sessions: 2,
      removed: ['allow * /v1/**'],
      added: ['allow GET /v1/models?', 'allow POST /v1/chat?beta', 'allow GET /v1/late?'],
      limits: [
        { name: 'maxBytesUp', before: null, after: 1200 },
        { name: 'maxBytes', before: null, after: 11_000 },
        { name: 'ratePerMinute', before: null, after: 4 },
      ],
    })
    expect(found.kept).toEqual([
      expect.stringMatching(/list of 1 models/),
      expect.stringMatching(/names only/),
    ])
    expect(findCapability(vault.store, vault.keys, 'wide')?.rules).toHaveLength(1)
  })

  test('one session, or since a moment', () => {
    expect(proposeTighter(owner(), 'wide', { session: OTHER }).added).toEqual(['allow GET /v1/late?'])
    expect(proposeTighter(owner(), 'wide', { since: 8_000_000 }).added).toEqual(['allow GET /v1/late?'])
    expect(refusalOf(() => proposeTighter(owner(), 'wide', { since: 9_500_000 }))).toBe('invalid')
    expect(refusalOf(() => proposeTighter(owner(), 'narrow', {}))).toBe('invalid')
    expect(refusalOf(() => proposeTighter(owner(), 'nobody', {}))).toBe('unknown')
  })

  test('where next to nothing was sent, a limit is as low as one means it to be', () => {
    const { limits } = proposeTighter(owner(), 'wide', { session: OTHER })
    expect(limits.find(({ name }) => name === 'maxBytesUp')?.after).toBe(1000)
  })

  test('saving writes the rules and the act, and to do it again changes no rule', () => {
    const saved = tighten(owner(), 'wide', {})
    expect(findCapability(vault.store, vault.keys, 'wide')).toEqual(saved.after)
    expect(listAudit(vault.store, vault.keys, { limit: 1 })).toMatchObject([
      { act: 'capability.tighten', subject: 'wide' },
    ])
    expect(proposeTighter(owner(), 'wide', {})).toMatchObject({ removed: [], added: [], limits: [] })
  })

  test('replay says what another capability would have done with the same calls', () => {
    const found = replay(owner(), 'narrow', {})
    expect(found).toMatchObject({ calls: 9, same: 6, otherwiseRefused: 1, uncertain: [] })
    expect(found.changed).toMatchObject([
      {
        method: 'POST',
        url: `${HOST}/v1/chat`,
        query: ['beta'],
        count: 1,
        was: 'allow',
        now: 'deny',
        nowReason: 'no-rule',
      },
      { method: 'GET', url: `${HOST}/v1/late`, was: 'allow', now: 'deny' },
    ])
    expect(replay(owner(), 'narrow', { since: 8_000_000 })).toMatchObject({ calls: 1, same: 0 })
    expect(replay(owner(), 'narrow', { capability: 'nobody' })).toMatchObject({ calls: 0, changed: [] })
  })

  test('what depends on a body is said to', () => {
    expect(replay(owner(), 'wide', {}).uncertain).toMatchObject([
      { method: 'POST', now: 'allow', unjudged: ['body'] },
    ])
  })
})
