import { describe, expect, test, vi } from 'vitest'
import { calledAddress, callsToTry, grantOf } from '../../extension/control/capabilities/called-address.ts'
import {
  draftFaults,
  draftOf,
  editOf,
  isWhole,
} from '../../extension/control/capabilities/capability-draft.ts'
import { conditionDraft, readCondition } from '../../extension/control/capabilities/condition-draft.ts'
import { differenceText, replayTexts } from '../../extension/control/capabilities/difference-words.ts'
import {
  failoverFaults,
  NEW_FAILOVER,
  readFailover,
} from '../../extension/control/capabilities/failover-draft.ts'
import { failoverText } from '../../extension/control/capabilities/failover-words.ts'
import { limitField, limitText, readLimit } from '../../extension/control/capabilities/limit-words.ts'
import { pricesText } from '../../extension/control/capabilities/price-words.ts'
import { capabilityHash, roomOf, subjectOf } from '../../extension/control/room.ts'
import { allGrants } from '../../extension/ui/all-grants.ts'
import { textPieces } from '../../extension/ui/text-pieces.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { BodyRule } from '../../shared/model/capability.ts'
import { EDITABLE_LIMITS } from '../../shared/model/capability-bounds.ts'
import { CapabilityEditSchema, type ReplayedCall } from '../../shared/model/capability-edit.ts'
import type { Failover } from '../../shared/model/failover.ts'
import type { Grant } from '../../shared/model/grant.ts'
import { GRANTS_PER_PAGE } from '../../shared/protocol/limits.ts'
import { exampleCapability } from '../support/examples.ts'

const capability = exampleCapability(['allow GET /v1/models', 'deny DELETE /**'], {
  models: ['a', 'b'],
  limits: { maxRequests: 5, maxBytes: 1_500_000, idle: 90 },
})

const WEBHOOK_ABSENT = { op: 'absent', pointer: '/webhook' }

describe('a draft of a capability', () => {
  test('changes nothing as it is', () => {
    expect(editOf(draftOf(capability), capability)).toEqual({})
    expect(draftFaults(draftOf(capability))).toEqual([])
  })

  test('changes what its owner changed, in the units of the host, and nothing else', () => {
    const draft = draftOf(capability)
    const limits = { ...draft.limits, ttl: '1,5', maxBytes: '', maxTokens: '1000' }
    const edit = editOf({ ...draft, limits, models: 'a\nc' }, capability)
    expect(edit).toEqual({ models: ['a', 'c'], limits: { ttl: 90, maxBytes: null, maxTokens: 1000 } })
    expect(CapabilityEditSchema.safeParse(edit).success).toBe(true)
    expect(editOf({ ...draft, models: null }, capability)).toEqual({ models: null })
    const weekly = editOf({ ...draft, period: 'week' }, capability)
    expect(weekly).toEqual({ limits: { period: 'week' } })
    expect(CapabilityEditSchema.parse(weekly)).toEqual(weekly)
    const rules = [...draft.rules, { effect: 'ask' as const, pattern: ' POST /v1/x ' }]
    expect(editOf({ ...draft, rules }, capability).rules?.at(-1)).toEqual({
      effect: 'ask',
      pattern: 'POST /v1/x',
    })
  })

  test.each(['-1', '0', 'many', '1e9', '0x10', '1.2.3', '9'.repeat(16)])(
    'does not take %s for a limit',
    (text) => {
      const draft = draftOf(capability)
      const limits = { ...draft.limits, maxRequests: text }
      expect(draftFaults({ ...draft, limits })).toEqual(['maxRequests'])
      // What cannot be read must not become "no limit".
      expect(editOf({ ...draft, limits }, capability)).toEqual({})
    },
  )

  test('without an end of its sessions is a fault', () => {
    const draft = draftOf(capability)
    expect(draftFaults({ ...draft, limits: { ...draft.limits, ttl: '' } })).toEqual(['ttl'])
  })

  test('every limit comes back from its field as it went in', () => {
    for (const name of EDITABLE_LIMITS) {
      for (const value of [60, 90, 3_000_001]) expect(readLimit(name, limitField(name, value))).toBe(value)
    }
    expect(readLimit('idle', limitField('idle', null))).toBe(null)
    expect(limitText('maxCost', 1_230_000, 'USD')).toBe('$1.23')
  })
})

test.each<[string, object]>([
  ['no reason to go on', { failover: { on: [] } }],
  ['a reason there is not', { failover: { on: ['404'] } }],
  ['more reasons than there are', { failover: { on: Array.from({ length: 5 }, () => '429') } }],
  ['more of a failover than there is', { failover: { secret: 'x' } }],
  ['a model of no end', { failover: { models: [{ from: 'x'.repeat(201), to: 'y' }] } }],
  ['a model without a name', { failover: { models: [{ from: '', to: 'y' }] } }],
  ['a wait of no time', { failover: { wait: 0 } }],
  ['more conditions than anybody reads', { body: Array.from({ length: 51 }, () => WEBHOOK_ABSENT) }],
  ['conditions longer than anybody reads', { body: [{ op: 'fields', only: ['x'.repeat(60_000)] }] }],
  ['a period there is not', { limits: { period: 'year' } }],
])('an edit does not hold %s', (_, edit) => {
  const failover = { capability: 'local', on: ['429'], models: [], wait: null }
  expect(CapabilityEditSchema.safeParse({ failover, body: [WEBHOOK_ABSENT] }).success).toBe(true)
  const whole = 'failover' in edit ? { failover: { ...failover, ...(edit.failover as object) } } : edit
  expect(CapabilityEditSchema.safeParse(whole).success).toBe(false)
})

describe('conditions of a draft', () => {
  const bodies: BodyRule[] = [
    { op: 'in', pointer: '/size', values: ['a', '2', 2, true, 'true', ' b', '', 'two\nlines', '"x"'] },
    { op: '<=', pointer: '/n', limit: 2.5, orAbsent: true },
    { op: '<=', pointer: '/max/tokens', limit: 0 },
    { op: 'absent', pointer: '/webhook' },
    { op: 'present', pointer: '/a~1b' },
    { op: 'fields', only: ['model', ' messages'] },
    { op: 'graphql', kind: 'query', fields: null, names: ['viewer'] },
  ]
  const conditioned = { ...capability, body: bodies }

  test('come back from their fields as they went in, with the types of their values', () => {
    for (const rule of bodies) expect(readCondition(conditionDraft(rule))).toEqual(rule)
    expect(editOf(draftOf(conditioned), conditioned)).toEqual({})
  })

  test('are changed, added and taken away whole', () => {
    const draft = draftOf(conditioned)
    const bound = { kind: '<=', pointer: ' /n ', value: '1,5', orAbsent: false } as const
    const { body } = editOf({ ...draft, body: [bound, ...draft.body.slice(6)] }, conditioned)
    expect(body).toEqual([{ op: '<=', pointer: '/n', limit: 1.5 }, bodies[6]])
    expect(CapabilityEditSchema.safeParse({ body }).success).toBe(true)
    expect(editOf({ ...draft, body: [] }, conditioned)).toEqual({ body: [] })
  })

  test.each([
    ['no field', 'in', '', 'a'],
    ['no name of a field', 'in', '/', 'a'],
    ['a field that is no pointer', 'absent', 'webhook', ''],
    ['no value', 'in', '/size', ' \n'],
    ['no number', '<=', '/n', 'many'],
    ['a number below zero', '<=', '/n', '-1'],
    ['no names', 'fields', '', ''],
  ] as const)(
    'with %s say nothing, and nothing of the draft’s conditions is saved',
    (_, kind, pointer, value) => {
      const faulty = { kind, pointer, value, orAbsent: false }
      const draft = { ...draftOf(conditioned), body: [faulty] }
      expect(readCondition(faulty)).toBeNull()
      expect(isWhole(draft)).toBe(false)
      expect(editOf(draft, conditioned)).toEqual({})
    },
  )
})

describe('where calls of a draft go on to', () => {
  const failover: Failover = {
    capability: 'local',
    on: ['unreachable', 'timeout'],
    models: [
      { from: 'gpt-5', to: 'qwen' },
      { from: null, to: 'small' },
    ],
    wait: 20,
  }
  const going = { ...capability, failover }

  test('comes back from its fields as it went in, and is changed and taken away whole', () => {
    const draft = draftOf(going)
    expect(editOf(draft, going)).toEqual({})
    expect(editOf({ ...draft, failover: null }, going)).toEqual({ failover: null })
    const chosen = { ...NEW_FAILOVER, capability: 'local', wait: '5' }
    const edit = editOf({ ...draftOf(capability), failover: chosen }, capability)
    expect(edit).toEqual({ failover: { capability: 'local', on: failover.on, models: [], wait: 5 } })
    expect(CapabilityEditSchema.safeParse(edit).success).toBe(true)
    // How long to wait says nothing where no wait is among the reasons.
    const sure = { ...chosen, on: ['unreachable' as const] }
    expect(readFailover(sure)).toMatchObject({ on: ['unreachable'], wait: null })
  })

  test.each([
    ['capability', { capability: '' }],
    ['on', { on: [] }],
    ['wait', { wait: '0' }],
    ['wait', { wait: '1.5' }],
    ['wait', { wait: '3601' }],
    ['models', { models: [{ from: 'a', to: ' ' }] }],
    ['models', { models: ['x', 'y'].map((to) => ({ from: 'a', to })) }],
    ['models', { models: ['x', 'y'].map((to) => ({ from: '', to })) }],
  ] as const)('lacks its %s: %j', (fault, part) => {
    const draft = { ...NEW_FAILOVER, capability: 'local', ...part }
    expect(failoverFaults(draft)).toEqual([fault])
    expect(isWhole({ ...draftOf(capability), failover: draft })).toBe(false)
    expect(editOf({ ...draftOf(capability), failover: draft }, capability)).toEqual({})
  })

  test('is said in sentences', () => {
    expect(failoverText(failover, 'Jan: Chat')).toBe(
      'When its service cannot be reached or gives no answer within 20 seconds, a call goes on once to Jan: Chat. Models there: gpt-5 → qwen, any other → small.',
    )
    const { models, ...rest } = failover
    expect(failoverText({ ...rest, on: ['429'], models: [] }, 'Jan')).toBe(
      'When its service says it has too many calls (429), a call goes on once to Jan. Models keep their names there.',
    )
    expect(failoverText({ ...failover, models: models.slice(0, 1) }, 'Jan')).toContain(
      'Calls for another model go on nowhere.',
    )
  })
})

test('an amount of money has no space in it that would be written out as unseen, in any language', () => {
  vi.stubGlobal('chrome', { i18n: { getMessage: inGerman } })
  const prices = { currency: 'USD', input: 250_000, output: 2_000_000, request: 1_000_000 }
  const texts = [pricesText(prices), limitText('maxCost', 5_000_000, 'USD')]
  vi.unstubAllGlobals()
  expect(texts[1]).toBe('5,00 $')
  expect(texts.flatMap((text) => textPieces(text)).filter(({ escaped }) => escaped)).toEqual([])
})

test('prices are said as far as there are any', () => {
  const prices = { currency: 'USD', input: 250_000, output: 2_000_000, request: 0 }
  expect(pricesText(prices)).toBe('$0.25 a million tokens in · $2.00 a million tokens out')
  expect(pricesText({ ...prices, input: 0, output: 0 })).toBe('nothing costs anything')
})

describe('what a change comes to, in words', () => {
  test('says each difference', () => {
    const rule = (was: 'allow' | 'ask' | null, now: 'allow' | 'deny' | null) =>
      differenceText({ kind: 'rule', pattern: 'GET /x', was, now, opens: true }, '')
    expect(rule(null, 'allow')).toBe('New rule: GET /x is allowed')
    expect(rule('ask', 'allow')).toBe('GET /x was asked about and is now allowed')
    expect(rule('allow', null)).toBe('Rule taken away: GET /x was allowed')
    const period = { kind: 'period', was: 'week', now: 'day', opens: true } as const
    expect(differenceText(period, '')).toContain('in the last 7 days → in the last 24 hours')
    const gone = { op: 'absent', pointer: '/webhook' } as const
    expect(differenceText({ kind: 'condition', rule: gone, now: false, opens: true }, '')).toBe(
      'Condition taken away: The body must not have /webhook',
    )
    const going = { capability: 'local', on: ['unreachable' as const], models: [], wait: null }
    const present = { op: 'present', pointer: '/webhook' } as const
    const freeing = { kind: 'condition' as const, rule: present, now: true, opens: true, frees: ['webhook'] }
    expect(differenceText(freeing, '')).toBe(
      'New condition: The body must have /webhook. It opens what this service otherwise denies: webhook',
    )
    expect(differenceText({ kind: 'failover', was: null, now: going, opens: true }, '')).toMatch(
      /^When its service cannot be reached, a call goes on once to local\./,
    )
    expect(differenceText({ kind: 'failover', was: going, now: null, opens: false }, '')).toBe(
      'Calls go on to local no longer',
    )
    const limit = { kind: 'limit', name: 'ttl', was: 3600, now: 60, opens: false } as const
    expect(differenceText(limit, '')).toBe('Longest session: 1 hour → 1 minute')
  })

  test('counts what would have become of recorded calls', () => {
    const call = (was: 'allow' | 'deny', now: 'allow' | 'ask' | 'deny', count: number): ReplayedCall => {
      return { method: 'GET', url: 'https://a.example/', query: [], nowReason: 'no-rule', was, now, count }
    }
    const changed = [call('allow', 'deny', 3), call('allow', 'ask', 2), call('deny', 'allow', 1)]
    expect(replayTexts({ calls: 200, changed, uncertain: 0 })).toEqual([
      '3 of the last 200 calls would now be refused.',
      '2 of the last 200 calls would now wait for your answer.',
      '1 of the last 200 calls would now get further.',
    ])
    expect(replayTexts({ calls: 7, changed: [], uncertain: 2 })).toEqual([
      'The last 7 calls would be decided as they were.',
      'For 2 it depends on a body or a query that the log does not hold.',
    ])
    expect(replayTexts({ calls: 0, changed: [], uncertain: 0 })).toHaveLength(1)
  })
})

describe('a call to try', () => {
  test('is at the service where only its path is named', () => {
    expect(calledAddress(' /v1/x?a=1', 'https://api.example/base')).toBe('https://api.example/v1/x?a=1')
    expect(calledAddress('https://other.example/', 'https://api.example')).toBe('https://other.example/')
    expect(calledAddress('  ', 'https://api.example')).toBe(null)
    expect(calledAddress(`/${'x'.repeat(20_000)}`, 'https://api.example')).toBe(null)
  })

  test('can be any of the service in the log, each once, the latest first, without what the log does not hold', () => {
    const from = (path: string) => ({ origin: `https://site${path}`, topOrigin: 'https://top.example' })
    const record = (path: string, query: string[], service = 'api') =>
      ({
        ...{ kind: 'intent', method: 'GET', url: `https://api.example${path}`, query, service },
        ...from(path),
      }) as AuditRecord
    const records = [
      record('/b', ['q', 'a b']),
      record('/a', []),
      record('/b', ['q', 'a b']),
      record('/c', [], 'other'),
    ]
    expect(callsToTry(records, 'api', 10)).toEqual([
      { method: 'GET', url: 'https://api.example/b?q=&a%20b=', ...from('/b') },
      { method: 'GET', url: 'https://api.example/a', ...from('/a') },
    ])
    expect(callsToTry(records, 'api', 1)).toHaveLength(1)
  })

  test('is of the latest site that made it, by the grant that the site has today', () => {
    const [one, other] = ['https://one.example', 'https://other.example']
    const made = {
      kind: 'refusal',
      method: 'POST',
      url: 'https://api.example/a',
      query: [],
      service: 'api',
    } as const
    const records = [one, other].map(
      (origin) => ({ ...made, origin, topOrigin: origin }) as unknown as AuditRecord,
    )
    const [call] = callsToTry(records, 'api', 10)
    expect(call).toMatchObject({ origin: one, topOrigin: one })
    const grant = (id: string, origin: string, topOrigin: string) => ({ id, origin, topOrigin }) as Grant
    const framed = grant('framed', one, other)
    const grants = [framed, grant('other', other, other), grant('one', one, one)]
    expect(grantOf(grants, { origin: one, topOrigin: one })).toMatchObject({ id: 'one' })
    expect(grantOf(grants, { origin: one, topOrigin: other })).toBe(framed)
    // Of a session that is gone the log does not hold the tab: that is nobody's grant.
    expect(grantOf(grants, { origin: one, topOrigin: null })).toBeNull()
  })
})

test('an address names a capability inside its room', () => {
  expect(roomOf(capabilityHash('chat'))).toBe('capabilities')
  expect(subjectOf(capabilityHash('chat'))).toBe('chat')
  expect(subjectOf('#capabilities')).toBe(null)
  expect(roomOf('#nowhere/chat')).toBe('services')
})

describe('all grants', () => {
  type Order = { name: 'grant-list'; after?: string | undefined }
  const grant = (id: number) => ({ id: String(id).padStart(6, '0') }) as Grant
  const pages = (count: number) => {
    const all = Array.from({ length: count }, (_, id) => grant(id))
    const asked: (string | undefined)[] = []
    const send = async ({ after }: Order) => {
      asked.push(after)
      return all.filter(({ id }) => after === undefined || id > after).slice(0, GRANTS_PER_PAGE)
    }
    return { send, asked, all }
  }

  test.each([0, 1, GRANTS_PER_PAGE - 1, GRANTS_PER_PAGE, 10_000])(
    '%d come whole, each once',
    async (count) => {
      const { send, all, asked } = pages(count)
      expect(await allGrants(send)).toEqual(all)
      expect(asked).toHaveLength(Math.floor(count / GRANTS_PER_PAGE) + 1)
    },
  )

  test('are never a part: a page that does not come is the end of it', async () => {
    const { send } = pages(2 * GRANTS_PER_PAGE)
    const failing = (command: Order) =>
      command.after === undefined ? send(command) : Promise.reject(new Error('gone'))
    await expect(allGrants(failing)).rejects.toThrow('gone')
  })

  test('come to an end also where whoever answers repeats the same page', async () => {
    const page = Array.from({ length: GRANTS_PER_PAGE }, (_, id) => grant(id))
    expect(await allGrants(async () => page)).toHaveLength(GRANTS_PER_PAGE)
  })
})

/** The language of German texts, and of the rest what stands in them. */
function inGerman(name: string, values: readonly string[] = []): string {
  return name === 'languageTag' ? 'de' : values.join(' ')
}
