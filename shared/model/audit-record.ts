import * as z from 'zod/mini'
import { EffectSchema } from './capability.ts'
import { InsteadOfSchema } from './failover.ts'
import { IdSchema, TimestampSchema } from './names.ts'

/** What takes this member's place in records from before there was one. */
const absentAs = z._default

const Names = z.array(z.string())
const Count = z.int().check(z.gte(0))

/** Tokens of one call, as the service counts them. */
const TokensSchema = z.object({ input: Count, output: Count })
export type Tokens = z.infer<typeof TokensSchema>

/** HMAC-SHA-256 of bytes under a key of the vault, in hex: equal for equal bytes, and nothing can be guessed from it. */
const Digest = z.string()

/** The owner's yes to a call that a rule wanted to ask about: through which front end, and for how long. */
export const ApprovedBySchema = z.object({
  by: z.enum(['extension', 'cli']),
  answer: z.enum(['once', 'ten-minutes', 'session']),
})
export type ApprovedBy = z.infer<typeof ApprovedBySchema>

/**
 * A call as it was decided. Of its query, headers and body there are names, sizes and digests and never a value; its
 * credential, added afterwards, is nowhere in it.
 */
const CallRecordSchema = z.object({
  kind: z.enum(['intent', 'refusal']),
  /** The problem's `instance`. */
  id: IdSchema,
  at: TimestampSchema,
  origin: z.string(),
  topOrigin: z.nullable(z.string()),
  /** Where the browser showed the document. Null: no page's call. */
  tabId: absentAs(z.nullable(z.int()), null),
  frameId: absentAs(z.nullable(z.int()), null),
  session: z.nullable(IdSchema),
  capability: z.nullable(z.string()),
  service: z.nullable(z.string()),
  method: z.string(),
  /** Scheme, host, port and path; no query, no fragment. Null: it was refused before it could be made canonical. */
  url: z.nullable(z.string()),
  /** Names of query parameters and of headers, in order: at most 50, `(long)` for one above 64 characters, `(unnamed)` for a value alone. */
  query: absentAs(Names, []),
  headers: absentAs(Names, []),
  /** Null: no body, or refused before it was looked at. `bytes` null: not known beforehand. `digest` null: not held whole. */
  body: absentAs(z.nullable(z.object({ bytes: z.nullable(Count), digest: z.nullable(Digest) })), null),
  decision: EffectSchema,
  /** Closed set, see `native-host/policy/reason.ts`. */
  reason: z.string(),
  /** The rule that decided, in the owner's words, or null. */
  rule: z.nullable(z.string()),
  /** Null: nobody was asked, or nobody said yes. */
  approvedBy: absentAs(z.nullable(ApprovedBySchema), null),
  /** How many calls this record stands for: more than one where a site was refused the same thing over and over. */
  count: absentAs(z.int().check(z.gte(1)), 1),
  /** It was to go, or went, in place of an earlier call to another service. Absent: it is a call of its own. */
  insteadOf: z.optional(InsteadOfSchema),
})

const OutcomeRecordSchema = z.object({
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
  /** From the intent to the end. */
  milliseconds: z.int(),
  /**
   * Milliseconds of each part: `decide` from the ask to its intent, an owner's answer included; `upstream` from there to
   * the head of the response; `body` from the head to the end. Null in old records; a part that never came is zero.
   */
  durations: absentAs(z.nullable(z.object({ decide: Count, upstream: Count, body: Count })), null),
  /** Of a request body that was not held whole, as far as it went out; of the response body as far as the page got it. Null: none. */
  requestDigest: absentAs(z.nullable(Digest), null),
  responseDigest: absentAs(z.nullable(Digest), null),
  /** How often a secret was found and redacted in the response. */
  redactions: z.int(),
  /** What the answer said it used. Null: it did not say, or its capability counts no tokens. */
  tokens: absentAs(z.nullable(TokensSchema), null),
  /**
   * What was counted for it, in millionths of the unit of the capability's prices: the most it may have cost where `tokens`
   * is null. Null: no prices.
   */
  cost: absentAs(z.nullable(Count), null),
})

const ActRecordSchema = z.object({
  kind: z.literal('act'),
  id: IdSchema,
  at: TimestampSchema,
  /** `vault.init`, `service.add`, `grant.add`, `session.revoke`, … */
  act: z.string(),
  /** Id or name of what it was done to. Never a secret. */
  subject: z.string(),
  /** `cli`, `extension`, `clock`, or `call`: what a permitted call made necessary. */
  by: z.string(),
})

/** Written before the first byte leaves (`intent`), for a call that was refused (`refusal`), when a call is over (`outcome`), or for an owner's act (`act`). */
export const AuditRecordSchema = z.discriminatedUnion('kind', [
  CallRecordSchema,
  OutcomeRecordSchema,
  ActRecordSchema,
])
export type AuditRecord = z.infer<typeof AuditRecordSchema>
