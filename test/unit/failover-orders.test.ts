import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { collectModelName, failoverOf, parseTriggers } from '../../native-host/cli/parse-failover.ts'
import { UsageError } from '../../native-host/cli/usage-error.ts'
import { add, remove } from '../../native-host/owner/capabilities.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { explainerFor } from '../../native-host/owner/explain.ts'
import * as grants from '../../native-host/owner/grants.ts'
import { addByHand } from '../../native-host/owner/services.ts'
import { summaries } from '../../native-host/owner/sessions.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Failover } from '../../shared/model/failover.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { callRecord, openVault, type VaultFixture } from './vault-fixture.ts'

const ORIGIN = 'https://site.example'
let vault: VaultFixture
let context: OwnerContext

beforeEach(() => {
  vault = openVault()
  context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' }
  for (const id of ['one', 'two', 'three']) {
    const place = { id, label: id.toUpperCase(), baseUrls: [`https://${id}.example`] }
    const secrets = new Map([['token', new TextEncoder().encode('sk-0123456789abcdef')]])
    addByHand(context, exampleService(place), secrets)
  }
})
afterEach(() => vault.remove())

const to = (capability: string, changes: Partial<Failover> = {}): Failover => {
  return { capability, on: ['unreachable'], models: [], wait: null, ...changes }
}
const save = (
  id: string,
  service: string,
  changes: Partial<Capability> = {},
  rules = ['allow POST /v1/chat'],
) => add(context, exampleCapability(rules, { id, service, ...changes }))

describe('a failover is saved', () => {
  test('where the other capability is for another service and lets a call through', () => {
    save('b', 'two')
    expect(save('a', 'one', { failover: to('b') }).failover).toEqual(to('b'))
    // Rules that name no call in full cannot be compared.
    save('wide', 'one', { failover: to('b') }, ['allow GET /v1/**'])
  })

  test.each<[string, Partial<Failover>, RegExp]>([
    ['to what there is not', { capability: 'nothing' }, /no capability `nothing`/],
    ['to itself', { capability: 'a' }, /its own/],
    ['to the same service', { capability: 'same' }, /same service/],
    ['to another API', { capability: 'other-api' }, /none of the calls/],
    [
      'to a model that is not allowed there',
      { capability: 'listed', models: [{ from: null, to: 'x' }] },
      /`x`/,
    ],
    ['for one reason twice', { on: ['429', '429'] }, /twice/],
    ['for no reason', { on: [] }, /./],
    [
      'with two names for a model',
      {
        models: [
          { from: 'm', to: 'x' },
          { from: 'm', to: 'y' },
        ],
      },
      /two names/,
    ],
    ['with a wait for what is not a reason', { wait: 5 }, /`timeout`/],
  ])('not %s', (_, changes, words) => {
    save('b', 'two')
    save('same', 'one')
    save('listed', 'two', { models: ['y'] })
    save('other-api', 'two', {}, ['allow POST /v2/things'])
    expect(() => save('a', 'one', { failover: to('b', changes) })).toThrow(words)
  })

  test('not in a circle, however long', () => {
    save('a', 'one')
    save('b', 'two', { failover: to('a') })
    save('c', 'three', { failover: to('b') })
    remove(context, 'a')
    expect(() => save('a', 'one', { failover: to('b') })).toThrow(/circle/)
    expect(() => save('a', 'one', { failover: to('c') })).toThrow(/circle/)
    save('a', 'one')
  })
})

test('explain finds the other capability, and says where there is none any more', () => {
  save('b', 'two')
  save('a', 'one', { failover: to('b') })
  const claimed = { method: 'POST', url: 'https://one.example/v1/chat', headers: [] }
  const request = { url: 'https://two.example/v1/chat' }
  expect(explainerFor(context, 'a')(claimed, null).failover).toMatchObject({ decision: 'allow', request })
  remove(context, 'b')
  expect(explainerFor(context, 'a')(claimed, null).failover).toMatchObject({
    decision: 'deny',
    reason: 'failover-not-granted',
  })
})

test('both sessions show that their last call went elsewhere, or came from there', () => {
  const b = save('b', 'two')
  const a = save('a', 'one', { failover: to('b') })
  const sessions = [a, b].map(({ id }) => {
    const wish = { origin: ORIGIN, topOrigin: ORIGIN, capability: id }
    return grants.add(context, wish).session
  })
  const sent = (nth: number, capability: Capability, more: object = {}) => {
    const session = sessions[nth]?.id ?? ''
    const about = { capability: capability.id, service: capability.service, session, at: Date.now() }
    const record = { ...callRecord(about), kind: 'intent' as const, ...more }
    const permit = recordIntent(vault.store, vault.keys, { session, capability, now: Date.now(), record })
    if ('refused' in permit) throw new Error(permit.refused)
    return permit.auditId
  }
  const first = sent(0, a)
  sent(1, b, { insteadOf: { intent: first, on: '429' } })
  const shown = () => new Map(summaries(context).map((each) => [each.capability, each.lastCall?.failover]))
  expect(shown().get('a')).toEqual({ way: 'to', serviceLabel: 'TWO', on: '429' })
  expect(shown().get('b')).toEqual({ way: 'from', serviceLabel: 'ONE', on: '429' })
  sent(0, a)
  expect(shown().get('a')).toBeUndefined()
})

describe('what the owner types', () => {
  test('is a failover with its reasons, its models and how long to wait', () => {
    expect(failoverOf({})).toBeNull()
    expect(failoverOf({ failover: 'b' })).toEqual(to('b', { on: ['unreachable', 'timeout'] }))
    const models = ['gpt-5=qwen=3', '*=small'].reduce<Failover['models']>(
      (before, text) => collectModelName(text, before),
      [],
    )
    expect(models).toEqual([
      { from: 'gpt-5', to: 'qwen=3' },
      { from: null, to: 'small' },
    ])
    const typed = { failover: 'b', failoverOn: parseTriggers('429,5xx,timeout'), failoverModel: models }
    expect(failoverOf({ ...typed, failoverTimeout: 20 })).toEqual(
      to('b', { on: ['429', '5xx', 'timeout'], models, wait: 20 }),
    )
  })

  test.each(['', 'never', '429 5xx', '500', 'unreachable,'])('not the reasons `%s`', (text) => {
    expect(() => parseTriggers(text)).toThrow(UsageError)
  })

  test.each(['', 'x', '=x', 'x='])('not the model `%s`', (text) => {
    expect(() => collectModelName(text)).toThrow(UsageError)
  })

  test('and no settings of a failover that is not named', () => {
    expect(() => failoverOf({ failoverOn: ['429'] })).toThrow(UsageError)
    expect(() => failoverOf({ failoverTimeout: 5 })).toThrow(UsageError)
    expect(() => failoverOf({ failoverModel: [] })).toThrow(UsageError)
  })
})
