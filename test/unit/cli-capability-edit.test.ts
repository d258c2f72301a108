import { expect, test } from 'vitest'
import { type EditOptions, editOf } from '../../native-host/cli/capability-edit-of.ts'
import { collectModelPrice, parsePrices, pricesText } from '../../native-host/cli/parse-money.ts'
import { UsageError } from '../../native-host/cli/usage-error.ts'
import type { Prices } from '../../shared/model/capability.ts'
import type { Failover } from '../../shared/model/failover.ts'
import { exampleCapability } from '../support/examples.ts'

const PRICES: Prices = { currency: 'EUR', input: 1_000_000, output: 2_000_000, request: 0 }
const TINY = { model: 'tiny', input: 1, output: 2, request: 0 }
const FAILOVER: Failover = {
  capability: 'spare',
  on: ['timeout', '5xx'],
  models: [{ from: 'a', to: 'b' }],
  wait: 20,
}

const edit = (options: EditOptions, failover?: Failover, prices: Prices | null = null) =>
  editOf(
    exampleCapability(['allow GET /v1/x'], {
      limits: { prices },
      ...(failover === undefined ? {} : { failover }),
    }),
    options,
  )

test('what is not typed of a failover stays as it was', () => {
  expect(edit({ failover: 'spare' })).toEqual({
    failover: { capability: 'spare', on: ['unreachable', 'timeout'], models: [], wait: null },
  })
  expect(edit({ failoverOn: ['timeout'] }, FAILOVER)).toEqual({ failover: { ...FAILOVER, on: ['timeout'] } })
  expect(edit({ failoverOn: ['5xx'] }, FAILOVER)).toEqual({
    failover: { ...FAILOVER, on: ['5xx'], wait: null },
  })
  expect(edit({ failoverModel: 'none' }, FAILOVER)).toEqual({ failover: { ...FAILOVER, models: [] } })
  expect(edit({ failoverTimeout: 'none' }, FAILOVER)).toEqual({ failover: { ...FAILOVER, wait: null } })
  expect(edit({ failover: 'other' }, FAILOVER)).toEqual({ failover: { ...FAILOVER, capability: 'other' } })
  expect(edit({ failover: 'none' }, FAILOVER)).toEqual({ failover: null })
})

test('what is not typed of prices stays as it was, and models have theirs until they are taken back', () => {
  const priced = { ...PRICES, models: [TINY] }
  const other = { ...PRICES, input: 7 }
  expect(edit({ price: other }, undefined, priced)).toEqual({
    limits: { prices: { ...other, models: [TINY] } },
  })
  expect(edit({ modelPrice: [TINY] }, undefined, PRICES)).toEqual({ limits: { prices: priced } })
  expect(edit({ modelPrice: 'none' }, undefined, priced)).toEqual({ limits: { prices: PRICES } })
  expect(edit({ price: 'none', maxCost: 'none' }, undefined, priced)).toEqual({
    limits: { prices: null, maxCost: null },
  })
})

test('nothing typed, and settings of what there is not, are wrong usage', () => {
  const wrong = [{}, { failoverOn: ['5xx' as const] }, { failover: 'none', failoverOn: ['5xx' as const] }]
  for (const options of [...wrong, { modelPrice: [TINY] }, { price: 'none' as const, modelPrice: [TINY] }])
    expect(() => edit(options)).toThrow(UsageError)
})

test('the price of a model is typed after its name, which may hold colons', () => {
  expect(collectModelPrice('a:free:input=0.5,request=1')).toEqual([
    { model: 'a:free', input: 500_000, output: 0, request: 1_000_000 },
  ])
  for (const text of ['input=1', ':input=1', 'a:', 'a:input=x', 'a:input=1,currency=EUR'])
    expect(() => collectModelPrice(text)).toThrow(UsageError)
  const text = 'input=2.50,output=10.00,request=0.00,currency=EUR'
  expect(pricesText(parsePrices(text))).toBe(text)
  expect(pricesText({ ...parsePrices(text), models: [TINY] })).toBe(
    `${text} tiny:input=0.000001,output=0.000002,request=0.00`,
  )
})
