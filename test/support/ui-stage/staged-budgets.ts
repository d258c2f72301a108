import type { Capability, CapabilityLimits } from '../../../shared/model/capability.ts'
import type { BudgetSummary, Measure } from '../../../shared/protocol/budget-commands.ts'
import { CAPABILITIES, world } from './staged-worlds.ts'

const NOW = Date.now()
const HOUR = 3_600_000
const PRICES = { currency: 'USD', input: 1_000_000, output: 2_000_000, request: 5 }
const LONG_ORIGIN = 'https://a-very-long-and-chosen-name-for-a-subdomain.of.some.studio.example.co.uk:8443'

function measure(limit: number | null, spent = 0, reserved = 0): Measure {
  return { limit, spent, reserved, left: limit === null ? null : Math.max(0, limit - spent - reserved) }
}

const LIMITS: Record<number, Partial<CapabilityLimits>> = {
  0: { maxTokens: 500_000, maxCost: 2_000_000, prices: PRICES, maxRequests: 200 },
  1: { maxTokens: 20_000, period: 'month', maxBytes: 5_000_000, maxBytesUp: 1_000_000 },
}

const LIMITED: Capability[] = CAPABILITIES.map((each, at) => ({
  ...each,
  limits: {
    ...each.limits,
    maxRequests: null,
    maxBytes: null,
    maxTokens: null,
    maxCost: null,
    ...LIMITS[at],
  },
}))

const BUDGETS: BudgetSummary[] = LIMITED.map(({ id, limits }, at) => ({
  capability: id,
  period: limits.period,
  since: NOW - 20 * HOUR,
  freesAt: at < 2 ? NOW + 3 * HOUR : null,
  calls: at < 2 ? 31 : 0,
  unknown: at === 0 ? 2 : 0,
  tokens: at === 0 ? measure(500_000, 301_200, 120_000) : measure(limits.maxTokens, at === 1 ? 21_400 : 0),
  cost: at === 0 ? { ...measure(2_000_000, 412_345, 8_000), currency: 'USD' } : null,
  sessions:
    at === 0
      ? [staged('https://playground.example.com', 34, 2), staged(LONG_ORIGIN, 197, 0)]
      : at === 3
        ? [staged('http://127.0.0.1:5173', 12, 0)]
        : [],
}))

function staged(origin: string, calls: number, running: number): BudgetSummary['sessions'][number] {
  return {
    id: crypto.randomUUID(),
    origin,
    requests: measure(200, calls),
    bytes: measure(null, calls * 4_000),
    bytesUp: measure(null, calls * 900),
    running,
  }
}

/** A world with budgets of every kind: with room, running short, used up, and without a limit. */
export const BUDGETED = world({ answers: { 'capability-list': LIMITED, 'budget-list': BUDGETS } })
