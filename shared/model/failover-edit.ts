import * as z from 'zod/mini'
import { MAX_RENAMED } from './capability-bounds.ts'
import { FailoverTriggerSchema } from './failover.ts'
import { NameSchema, SecondsSchema } from './names.ts'

const Model = z.string().check(z.minLength(1), z.maxLength(200))

/** A failover as an edit names it, whole: see `FailoverSchema`. */
export const FailoverEditSchema = z.strictObject({
  capability: NameSchema,
  on: z.array(FailoverTriggerSchema).check(z.minLength(1), z.maxLength(FailoverTriggerSchema.options.length)),
  models: z.array(z.strictObject({ from: z.nullable(Model), to: Model })).check(z.maxLength(MAX_RENAMED)),
  wait: z.nullable(SecondsSchema),
})
