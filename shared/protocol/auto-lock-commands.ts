import * as z from 'zod/mini'

/**
 * The vault locks itself when nobody has used it for so long, in minutes; null: never. At most a week: what is longer is never.
 */
export const AutoLockMinutesSchema = z.nullable(z.int().check(z.gte(1), z.lte(10_080)))
export type AutoLockMinutes = z.infer<typeof AutoLockMinutesSchema>

/**
 * For vaults whose owner chose nothing: eight hours, which is also the longest that a session lives whose owner chose
 * nothing. So one that was not used all that time is over before the vault locks, and no running one is held up.
 */
export const DEFAULT_AUTO_LOCK: AutoLockMinutes = 480

/** After how long without use the vault locks itself. */
export const AutoLockSchema = z.strictObject({ name: z.literal('auto-lock') })

/** Choose it: an act of the owner's, so a use. */
export const AutoLockSetSchema = z.strictObject({
  name: z.literal('auto-lock-set'),
  minutes: AutoLockMinutesSchema,
})

/** What both answer with. */
export interface AutoLockResults {
  'auto-lock': { minutes: AutoLockMinutes }
  'auto-lock-set': { minutes: AutoLockMinutes }
}
