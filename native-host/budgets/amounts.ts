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
  /** As the call names it; null or absent: nobody knows. */
  readonly model?: string | null
  /** The service in whose queue the call may leave a job; absent or null: it leaves none. */
  readonly queue?: string | null
}

/** A job that a call left in the queue of its service. */
export interface Job {
  /** Null: the answer did not say. */
  readonly id: string | null
  /** As the service guesses; null: it did not say. */
  readonly seconds: number | null
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
  /** The job it left in a queue; null: none; absent: nobody knows. */
  readonly job?: Job | null
  /** The job of which the answer says that it is over, with its service; absent: it says that of none. */
  readonly over?: { readonly service: string; readonly job: string }
}

/** What is believed of a call nobody can say more of. */
export const UNKNOWN_USE: Use = { isSent: true, tokens: null }

/** Sum that never leaves the whole numbers a double can hold. */
export function sum(...numbers: readonly number[]): number {
  return numbers.reduce((total, each) => Math.min(total + each, Number.MAX_SAFE_INTEGER), 0)
}
