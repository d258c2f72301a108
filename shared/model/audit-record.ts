import * as z from 'zod/mini'
import { EffectSchema } from './capability.ts'
import { IdSchema, TimestampSchema } from './names.ts'

/** Written before the first byte leaves (`intent`), for a call that was refused (`refusal`), when a call is over (`outcome`), or for an owner's act (`act`). */
export const AuditRecordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['intent', 'refusal']),
    /** The problem's `instance`. */
    id: IdSchema,
    at: TimestampSchema,
    origin: z.string(),
    topOrigin: z.nullable(z.string()),
    session: z.nullable(IdSchema),
    capability: z.nullable(z.string()),
    service: z.nullable(z.string()),
    method: z.string(),
    /** As decided, without credential; query values of names that carry secrets are never recorded. Null: it was refused before it could be made canonical. */
    url: z.nullable(z.string()),
    decision: EffectSchema,
    /** Closed set, see `native-host/policy/reason.ts`. */
    reason: z.string(),
    /** The rule that decided, in the owner's words, or null. */
    rule: z.nullable(z.string()),
  }),
  z.object({
    kind: z.literal('outcome'),
    /** Id of the intent it closes. */
    intent: IdSchema,
    id: IdSchema,
    at: TimestampSchema,
    /** `sent` (a whole response), `cut` (by revoke, abort or fault), `failed` (no response). */
    result: z.enum(['sent', 'cut', 'failed']),
    problem: z.nullable(z.string()),
    status: z.nullable(z.int()),
    requestBytes: z.int(),
    responseBytes: z.int(),
    milliseconds: z.int(),
    /** How often a secret was found and redacted in the response. */
    redactions: z.int(),
  }),
  z.object({
    kind: z.literal('act'),
    id: IdSchema,
    at: TimestampSchema,
    /** `vault.init`, `service.add`, `grant.add`, `session.revoke`, … */
    act: z.string(),
    /** Id or name of what it was done to. Never a secret. */
    subject: z.string(),
    /** `cli`, `extension`, `clock`. */
    by: z.string(),
  }),
])
export type AuditRecord = z.infer<typeof AuditRecordSchema>
