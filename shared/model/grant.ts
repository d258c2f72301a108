import * as z from 'zod/mini'
import { IdSchema, NameSchema, OriginSchema, SecondsSchema, TimestampSchema } from './names.ts'

/** The owner's act of giving a capability to documents of `origin` shown in a tab of `topOrigin`. */
export const GrantSchema = z.object({
  id: IdSchema,
  origin: OriginSchema,
  topOrigin: OriginSchema,
  capability: NameSchema,
  /** Life of a session started from this grant, seconds. */
  ttl: SecondsSchema,
  createdAt: TimestampSchema,
  /**
   * Whether the owner is asked before each call that changes something, where a rule alone would let it through: see
   * `native-host/policy/ask-writes.ts`. A grant from before there was this asks for nothing but what its rules ask for.
   */
  askWrites: z._default(z.boolean(), false),
})
export type Grant = z.infer<typeof GrantSchema>

/** Why a session is over; null while it is live. */
const EndReasonSchema = z.enum(['revoked', 'expired', 'idle', 'removed'])
export type EndReason = z.infer<typeof EndReasonSchema>

/** The live use of a grant. Over once `endReason` is set; never revived: the owner starts a new one. */
export const SessionSchema = z.object({
  id: IdSchema,
  grant: IdSchema,
  origin: OriginSchema,
  topOrigin: OriginSchema,
  capability: NameSchema,
  service: NameSchema,
  createdAt: TimestampSchema,
  expiresAt: TimestampSchema,
  idleSeconds: z.nullable(SecondsSchema),
  lastUsedAt: TimestampSchema,
  endedAt: z.nullable(TimestampSchema),
  endReason: z.nullable(EndReasonSchema),
  /** Calls sent, calls refused, response bytes delivered. */
  requests: z.int(),
  blocked: z.int(),
  bytes: z.int(),
  /** Bytes of request bodies sent. */
  bytesUp: z._default(z.int(), 0),
  /** Tokens that answers said they used, in and out. Absent: none has said, or its capability counts none. */
  tokens: z.exactOptional(z.int()),
  /** What was counted for its calls, in millionths of the unit of its capability's prices. Absent: it has none. */
  cost: z.exactOptional(z.int()),
})
export type Session = z.infer<typeof SessionSchema>
