import * as z from 'zod/mini'
import type { Tokens } from '../../shared/model/audit-record.ts'

/** Most tokens a call can ask for or say it used; what names more is not believed. Real contexts are below 10 million. */
export const MOST_TOKENS = 1_000_000_000

/**
 * What a call may come to, as its request says. Null: nothing in the request bounds it. Tokens of a request that cannot
 * spend any are zero.
 */
export interface Asked {
  /** Bytes of the request body. */
  readonly bytesUp: number | null
  readonly input: number | null
  readonly output: number | null
  /** True where the call could spend tokens or make something: it costs the price of a request. */
  readonly spends: boolean
}

/** What one call holds of the owner's limits while it runs. Whole numbers; zero where there is no limit of the kind. */
export const AmountsSchema = z.object({
  bytesUp: z.int(),
  /** Response bytes: a part of what is left, enlarged as the response comes in. */
  bytesDown: z.int(),
  tokens: z.int(),
  /** Millionths of the currency. */
  cost: z.int(),
})
export type Amounts = z.infer<typeof AmountsSchema>

/** How a call ended, for its budgets. */
export interface Use {
  /** False only where it is certain that no byte of the request left. */
  readonly isSent: boolean
  /** What the answer said; null where that is unknown: it then counts as all that was reserved. */
  readonly tokens: Tokens | null
}

/** What is believed of a call nobody can say more of. */
export const UNKNOWN_USE: Use = { isSent: true, tokens: null }

/** Sum that never leaves the whole numbers a double can hold. */
export function sum(...numbers: readonly number[]): number {
  return numbers.reduce((total, each) => Math.min(total + each, Number.MAX_SAFE_INTEGER), 0)
}
