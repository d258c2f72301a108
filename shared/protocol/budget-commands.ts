import * as z from 'zod/mini'
import type { CapabilityLimits } from '../model/capability.ts'
import { NameSchema } from '../model/names.ts'

/** Orders about what capabilities may use. */
export const BUDGET_COMMANDS = [
  z.strictObject({ name: z.literal('budget-list') }),
  /** Begins to count anew what a capability used. */
  z.strictObject({ name: z.literal('budget-reset'), capability: NameSchema }),
] as const

/** One limit: what was used, what calls in flight may still use, what is left. `limit` and `left` null: no limit. */
export interface Measure {
  limit: number | null
  spent: number
  reserved: number
  /** Never below zero, also where an answer used more than it was asked for. */
  left: number | null
}

/** What a capability may use and used. */
export interface BudgetSummary {
  capability: string
  period: CapabilityLimits['period']
  /** When counting began, milliseconds since the epoch: the first call or the last reset. Null: nothing was used yet. */
  since: number | null
  /** When the first part of what was used comes back. Null: never, or there is nothing to come back. */
  freesAt: number | null
  /** Calls within the period that could spend and were counted. */
  calls: number
  /** Those of them that did not say what they used: they count as the most they asked for. */
  unknown: number
  tokens: Measure
  /** Millionths of `currency`. Null: no prices. */
  cost: (Measure & { currency: string }) | null
  /** Its live sessions, with the limits of each. */
  sessions: {
    id: string
    origin: string
    requests: Measure
    bytes: Measure
    bytesUp: Measure
    running: number
  }[]
}

/** What each of them answers with. */
export interface BudgetResults {
  'budget-list': BudgetSummary[]
  'budget-reset': BudgetSummary
}
