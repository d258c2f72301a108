import { describe, expect, test } from 'vitest'
import { calledAddress, callsToTry } from '../../extension/control/capabilities/called-address.ts'
import { draftFaults, draftOf, editOf } from '../../extension/control/capabilities/capability-draft.ts'
import { differenceText, replayTexts } from '../../extension/control/capabilities/difference-words.ts'
import { limitField, limitText, readLimit } from '../../extension/control/capabilities/limit-words.ts'
import { capabilityHash, roomOf, subjectOf } from '../../extension/control/room.ts'
import { allGrants } from '../../extension/ui/all-grants.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import {
  CapabilityEditSchema,
  EDITABLE_LIMITS,
  type ReplayedCall,
} from '../../shared/model/capability-edit.ts'
import type { Grant } from '../../shared/model/grant.ts'
import { GRANTS_PER_PAGE } from '../../shared/protocol/commands.ts'
import { exampleCapability } from '../support/examples.ts'

const capability = exampleCapability(['allow GET /v1/models', 'deny DELETE /**'], {
  models: ['a', 'b'],
  limits: { maxRequests: 5, maxBytes: 1_500_000, idle: 90 },
})

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
    expect(limitText('maxCost', 1_230_000, 'USD')).toBe('1.23 USD')
  })
})

describe('what a change comes to, in words', () => {
  test('says each difference', () => {
    const rule = (was: 'allow' | 'ask' | null, now: 'allow' | 'deny' | null) =>
      differenceText({ kind: 'rule', pattern: 'GET /x', was, now, opens: true }, '')
    expect(rule(null, 'allow')).toBe('New rule: GET /x is allowed')
    expect(rule('ask', 'allow')).toBe('GET /x was asked about and is now allowed')
    expect(rule('allow', null)).toBe('Rule taken away: GET /x was allowed')
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
    const record = (path: string, query: string[], service = 'api') =>
      ({ kind: 'intent', method: 'GET', url: `https://api.example${path}`, query, service }) as AuditRecord
    const records = [
      record('/b', ['q', 'a b']),
      record('/a', []),
      record('/b', ['q', 'a b']),
      record('/c', [], 'other'),
    ]
    expect(callsToTry(records, 'api', 10)).toEqual([
      { method: 'GET', url: 'https://api.example/b?q=&a%20b=' },
      { method: 'GET', url: 'https://api.example/a' },
    ])
    expect(callsToTry(records, 'api', 1)).toHaveLength(1)
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
