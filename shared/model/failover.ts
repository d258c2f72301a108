import * as z from 'zod/mini'
import { IdSchema, NameSchema, SecondsSchema } from './names.ts'

/**
 * What makes a call go on elsewhere. `unreachable`: no byte of it left, so nothing can have been done; its service, or the
 * server that gives its tokens, could not be reached. `timeout`: it left, and no head of an answer came, in time or at all. `429`: too many calls. `5xx`: any status from 500 on.
 */
export const FailoverTriggerSchema = z.enum(['unreachable', 'timeout', '429', '5xx'])
export type FailoverTrigger = z.infer<typeof FailoverTriggerSchema>

/**
 * The capability that calls go to, once, where the service of their own does not answer. A call of the site needs live
 * sessions of both. SECURITY: but for `unreachable`, the first service may have done what was asked, and bill it.
 */
export const FailoverSchema = z.object({
  /** For a service of the same API shape. */
  capability: NameSchema,
  on: z.array(FailoverTriggerSchema).check(z.minLength(1)),
  /**
   * What the other service calls each model. `from` null: any that is not named. Empty: models keep their names; else a
   * model that is not in it goes nowhere else.
   */
  models: z
    .array(z.object({ from: z.nullable(z.string()), to: z.string().check(z.minLength(1), z.maxLength(200)) }))
    .check(z.maxLength(200)),
  /** Seconds until an answer without a head counts as none, where `on` has `timeout`. Null: as for any call. */
  wait: z.nullable(SecondsSchema),
})
export type Failover = z.infer<typeof FailoverSchema>

/** Of a call that went on elsewhere: the id of the intent it stands for, and why. */
export const InsteadOfSchema = z.object({ intent: IdSchema, on: FailoverTriggerSchema })
export type InsteadOf = z.infer<typeof InsteadOfSchema>

/** Response header that tells a page why another service answered than the one it asked. No service can send it. */
export const FAILOVER_HEADER = 'valet-key-failover'
