import * as z from 'zod/mini'
import {
  type BodyRule,
  BodyRuleSchema,
  type Capability,
  type CapabilityLimits,
  CapabilityLimitsSchema,
  type Effect,
  type Prices,
  PricesSchema,
  RuleSchema,
} from './capability.ts'
import { type EditableLimit, MAX_CONDITIONS, MAX_MODELS, MAX_RULES } from './capability-bounds.ts'
import type { Failover } from './failover.ts'
import { FailoverEditSchema } from './failover-edit.ts'

/** Most characters that all conditions on bodies may have as JSON. */
const MAX_CONDITIONS_TEXT = 50_000

const { shape } = CapabilityLimitsSchema
const Count = z.nullable(z.int().check(z.gte(1)))

/** What is to be otherwise in a capability: each part that is named replaces the old one whole, each limit by itself. */
export const CapabilityEditSchema = z.strictObject({
  rules: z.optional(z.array(RuleSchema).check(z.maxLength(MAX_RULES))),
  models: z.optional(
    z.nullable(z.array(z.string().check(z.minLength(1), z.maxLength(200))).check(z.maxLength(MAX_MODELS))),
  ),
  /** Conditions on bodies. */
  body: z.optional(
    z.array(BodyRuleSchema).check(
      z.maxLength(MAX_CONDITIONS),
      z.refine((rules) => JSON.stringify(rules).length <= MAX_CONDITIONS_TEXT),
    ),
  ),
  /** Null: its calls go on nowhere from now on. */
  failover: z.optional(z.nullable(FailoverEditSchema)),
  limits: z.optional(
    z.strictObject({
      ttl: z.optional(shape.ttl),
      idle: z.optional(shape.idle),
      ratePerMinute: z.optional(shape.ratePerMinute),
      maxRequests: z.optional(shape.maxRequests),
      concurrent: z.optional(shape.concurrent),
      concurrentInAll: z.optional(Count),
      maxBytes: z.optional(shape.maxBytes),
      maxBytesUp: z.optional(Count),
      maxTokens: z.optional(Count),
      maxTokensPerCall: z.optional(z.nullable(z.int().check(z.gte(1), z.lte(1e12)))),
      maxCost: z.optional(Count),
      /** Null: none, so money is not counted. */
      prices: z.optional(z.nullable(z.strictObject(PricesSchema.shape))),
      // The model's own schema would put its default where nothing is named.
      period: z.optional(z.enum(['day', 'week', 'month', 'total'])),
    }),
  ),
})
export type CapabilityEdit = z.infer<typeof CapabilityEditSchema>

/** Names one exact change: what a capability was and what it would be. Hexadecimal SHA-256. */
export const ChangeDigestSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/**
 * One thing that would be otherwise. `opens`: it cannot be shown to let through nothing new, so it counts as letting
 * something through.
 */
export type CapabilityDifference =
  /** Null: no rule of this text. */
  | { kind: 'rule'; pattern: string; was: Effect | null; now: Effect | null; opens: boolean }
  /** A model that is named from now on, or no longer. */
  | { kind: 'model'; name: string; now: boolean; opens: boolean }
  /** From now on there is a list of models (`now` true), or none any more. */
  | { kind: 'model-list'; now: boolean; opens: boolean }
  | { kind: 'limit'; name: EditableLimit; was: number | null; now: number | null; opens: boolean }
  /** What use costs. Null: nothing is said of it. */
  | { kind: 'prices'; was: Prices | null; now: Prices | null; opens: boolean }
  /** How far back tokens and money count. */
  | { kind: 'period'; was: CapabilityLimits['period']; now: CapabilityLimits['period']; opens: boolean }
  /**
   * A condition on bodies that is there from now on, or no longer. `frees`: fields that the service denies, and that it lets
   * through because it names them. Never empty.
   */
  | { kind: 'condition'; rule: BodyRule; now: boolean; opens: boolean; frees?: string[] }
  /** Where calls go on to. Null: nowhere. */
  | { kind: 'failover'; was: Failover | null; now: Failover | null; opens: boolean }

/** Recorded calls that are alike and would be decided otherwise. */
export interface ReplayedCall {
  method: string
  url: string
  /** Names of the query. */
  query: readonly string[]
  count: number
  was: Effect
  now: Effect
  /** Closed set, see `native-host/policy/reason.ts`. */
  nowReason: string
}

/** What a change would come to, before it is saved. */
export interface CapabilityPreview {
  /** What to order it with, so that nothing else is saved than was shown. */
  digest: string
  /** The change itself; for a tightening the one that is proposed. */
  edit: CapabilityEdit
  before: Capability
  after: Capability
  /** Empty: it would change nothing. */
  differences: CapabilityDifference[]
  /** Any of them opens: to be saved it must be said again. */
  widens: boolean
  /** The latest recorded calls under this capability, decided anew as far as the log tells. */
  replay: {
    /** Calls that were decided by rules. */
    calls: number
    changed: ReplayedCall[]
    /** Calls let through whose body or query the log does not hold whole. */
    uncertain: number
  }
}
