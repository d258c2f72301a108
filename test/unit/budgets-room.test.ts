import { describe, expect, test } from 'vitest'
import { isLimited } from '../../extension/control/limited.ts'
import { measureWords } from '../../extension/control/measure-words.ts'
import { moneyText } from '../../extension/ui/money-text.ts'
import type { CapabilityLimits } from '../../shared/model/capability.ts'
import type { Measure } from '../../shared/protocol/budget-commands.ts'

const calls = { whole: (figure: number) => `${figure} calls`, part: String }
const of = (limit: number | null, spent: number, reserved = 0): Measure => ({
  limit,
  spent,
  reserved,
  left: limit === null ? null : Math.max(0, limit - spent - reserved),
})

describe('a measure of a budget', () => {
  test('says what was used, held and left, and draws the parts', () => {
    expect(measureWords(of(100, 20, 10), calls)).toEqual({
      text: '20 of 100 calls used · 10 held by calls under way · 70 left',
      bar: { spent: 0.2, reserved: 0.1 },
      state: 'room',
    })
  })

  test('is never drawn longer than its limit, whatever an answer used', () => {
    const { bar, state, text } = measureWords(of(100, 250, 40), calls)
    expect(bar).toEqual({ spent: 1, reserved: 0 })
    expect(state).toBe('spent')
    expect(text).toContain(' 0 left')
    expect(measureWords(of(100, 70, 90), calls).bar).toEqual({ spent: 0.7, reserved: 0.30000000000000004 })
  })

  test.each([
    [0, 0, 'room'],
    [79, 0, 'room'],
    [79, 1, 'scarce'],
    [99, 0, 'scarce'],
    [60, 40, 'spent'],
  ] as const)('with %d used and %d held of 100 is %s', (spent, reserved, state) => {
    expect(measureWords(of(100, spent, reserved), calls).state).toBe(state)
  })

  test('without a limit has no bar and is never short', () => {
    expect(measureWords(of(null, 5_000_000, 1), calls)).toMatchObject({ bar: null, state: 'room' })
  })
})

test('money is written in its own currency, and prices of a few tokens are not rounded to nothing', () => {
  expect(moneyText(1_234_567_890, 'USD')).toBe('$1,234.57')
  expect(moneyText(0, 'EUR')).toBe('€0.00')
  expect(moneyText(123, 'USD')).toBe('$0.000123')
  expect(moneyText(2_500_000, 'credits')).toBe('2.50 credits')
})

test('a capability is limited by what gets used up, not by time or rate', () => {
  const none = {
    ttl: 60,
    idle: 60,
    ratePerMinute: 1,
    concurrent: 1,
    concurrentInAll: 1,
    maxRequests: null,
    maxBytes: null,
    maxBytesUp: null,
    maxTokens: null,
    maxTokensPerCall: 5,
    maxCost: null,
    prices: null,
    period: 'day',
  } satisfies CapabilityLimits
  expect(isLimited(none)).toBe(false)
  for (const limit of ['maxRequests', 'maxBytes', 'maxBytesUp', 'maxTokens', 'maxCost'] as const)
    expect(isLimited({ ...none, [limit]: 1 })).toBe(true)
})
