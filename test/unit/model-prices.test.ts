import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askedOf } from '../../native-host/broker/asked.ts'
import { spentIn } from '../../native-host/budgets/ledger.ts'
import { askedModel } from '../../native-host/policy/asked-model.ts'
import { capabilityDifferences } from '../../native-host/policy/capability-differences.ts'
import { checkCapability } from '../../native-host/policy/validate.ts'
import type { CapabilityLimits, Prices } from '../../shared/model/capability.ts'
import { pricesFor } from '../../shared/model/prices-for.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { asks, begin, begun, end, used } from './budget-fixture.ts'
import { aCapability, openVault, type VaultFixture } from './vault-fixture.ts'

const PRICES: Prices = {
  currency: 'USD',
  input: 1_000_000,
  output: 2_000_000,
  request: 5,
  models: [
    { model: 'Large', input: 10_000_000, output: 20_000_000, request: 0 },
    { model: 'tiny', input: 0, output: 1, request: 9 },
  ],
}
const DEAREST2 = { input: 9_000_000, output: 9_000_000, request: 9 }
const OWN = { currency: 'USD', input: 10_000_000, output: 20_000_000, request: 0 }
const DEAREST = { currency: 'USD', input: 10_000_000, output: 20_000_000, request: 9 }

describe('the prices of a call', () => {
  test('are those of the model it names, else the common ones, and the dearest where nobody knows', () => {
    const { models: _, ...common } = PRICES
    expect(pricesFor(PRICES, 'large')).toEqual(OWN)
    expect(pricesFor(PRICES, 'LARGE')).toEqual(OWN)
    expect(pricesFor(PRICES, 'other')).toEqual(common)
    expect(pricesFor(PRICES, null)).toEqual(DEAREST)
    expect(pricesFor(common, null)).toEqual(common)
  })

  test.each([
    ['/v1/chat/completions', { model: 'large' }, 'large'],
    ['/api/v6/images/text2img', { model_id: 'flux' }, 'flux'],
    ['/v1/chat/completions', { model: 'tiny', model_id: 'large' }, null],
    ['/v1/chat/completions', { model: 'tiny', models: ['large'] }, null],
    ['/v1/chat/completions', { model: ['tiny'] }, null],
    ['/v1/chat/completions', {}, null],
    ['/v1beta/models/gemini-pro:generateContent', {}, 'gemini-pro'],
    ['/model/meta.llama%3A1/invoke', {}, 'meta.llama:1'],
    ['/openai/deployments/mine/chat/completions', {}, 'mine'],
  ])('%s with %j is for %s', (path, body, model) => {
    expect(askedModel({ path }, new TextEncoder().encode(JSON.stringify(body)))).toBe(model)
  })

  test('go by no body that is not read, and by nothing in one that is no JSON', () => {
    expect(askedModel({ path: '/v1/chat/completions' }, null)).toBeNull()
    expect(askedModel({ path: '/v1/x' }, new TextEncoder().encode('{"model":'))).toBeNull()
  })
})

describe('a budget in money', () => {
  let vault: VaultFixture
  beforeEach(() => {
    vault = openVault()
  })
  afterEach(() => vault.remove())

  const NOW = 1_800_000_000_000
  const caller = (limits: Partial<CapabilityLimits>) => {
    const { store, keys } = vault
    return { store, keys, session: null, capability: aCapability(limits) }
  }
  const spent = () => spentIn(vault.store, vault.keys, caller({}).capability.id, 'day', NOW).cost

  test('counts each call by its own model, and one that names none by the dearest', () => {
    const call = caller({ maxCost: 100_000, prices: PRICES })
    end(vault, begun(call, asks({ model: 'large' }), NOW), NOW, { use: used(10, 90) })
    expect(spent()).toBe(10 * 10 + 90 * 20)
    end(vault, begun(call, asks({ model: 'other' }), NOW), NOW, { use: used(10, 90) })
    expect(spent()).toBe(1900 + 10 + 180 + 5)
    end(vault, begun(call, asks(), NOW), NOW, { use: used(10, 90) })
    expect(spent()).toBe(2095 + 1909)
  })

  test('has no room for a dear model where it has for a cheap one', () => {
    const call = caller({ maxCost: 1000, prices: PRICES })
    expect(begin(call, asks({ model: 'large' }), NOW)).toBe('cost-spent')
    expect(begin(call, asks(), NOW)).toBe('cost-spent')
    expect(typeof begin(call, asks({ model: 'other' }), NOW)).toBe('object')
  })

  test('reads the model where it has prices for single ones', () => {
    const body = new TextEncoder().encode('{"model":"large","max_tokens":5}')
    const request = {
      method: 'POST',
      path: '/v1/chat/completions',
      headers: [['content-type', 'application/json']],
    } as unknown as Parameters<typeof askedOf>[0]
    const asked = (prices: Prices | null) =>
      askedOf(request, body, null, { capability: caller({ prices }).capability, service: exampleService() })
    expect(asked(PRICES).model).toBe('large')
    expect(asked({ ...PRICES, models: [] }).spends).toBe(true)
    expect(asked(null).model).toBeUndefined()
  })
})

describe('prices that are said otherwise', () => {
  const service = exampleService()
  const opens = (was: Prices | null, now: Prices | null, maxCost: number | null = 1000) => {
    const of = (prices: Prices | null) =>
      exampleCapability(['allow GET /v1/x'], { limits: { prices, maxCost } })
    return capabilityDifferences(of(was), of(now), service).map((each) => [each.kind, each.opens])
  }
  const { models: _, ...common } = PRICES

  test.each([
    ['the same', PRICES, PRICES, []],
    ['dearer', common, { ...common, input: 2_000_000 }, [['prices', false]]],
    ['cheaper', common, { ...common, output: 1_999_999 }, [['prices', true]]],
    ['of another currency', common, { ...common, currency: 'EUR' }, [['prices', true]]],
    ['without those of a dear model', PRICES, common, [['prices', true]]],
    [
      'with a dearer model',
      common,
      { ...common, models: [{ model: 'l', ...DEAREST2 }] },
      [['prices', false]],
    ],
    [
      'with a cheaper model',
      common,
      { ...common, models: PRICES.models?.slice(1) ?? [] },
      [['prices', true]],
    ],
    ['for the first time', null, common, [['prices', false]]],
    ['no more', common, null, [['prices', true]]],
  ] as const)('%s', (_name, was, now, expected) => {
    expect(opens(was as Prices | null, now as Prices | null)).toEqual(expected)
  })

  test('open nothing where money is not limited', () => {
    expect(opens(common, null, null)).toEqual([['prices', false]])
  })

  test('name each model once', () => {
    const twice = {
      ...common,
      models: [
        { model: 'a', ...DEAREST2 },
        { model: 'A', ...DEAREST2 },
      ],
    }
    const capability = exampleCapability(['allow GET /v1/x'], { limits: { prices: twice } })
    expect(() => checkCapability(capability, service)).toThrow('a model has two prices')
  })
})
