import * as z from 'zod/mini'
import { IdSchema, NameSchema, OriginSchema, TimestampSchema } from './names.ts'

/** How long a call waits for the owner, milliseconds; then silence is no. */
export const APPROVAL_WAIT_MS = 60_000
/** How long `ten-minutes` holds, milliseconds. */
export const TEN_MINUTES_MS = 600_000

/** Most decoded fields of a body that an approval shows. */
export const MAX_APPROVAL_FIELDS = 50
/** Longest value, or path, of one field, in characters. */
export const MAX_APPROVAL_VALUE = 200
/** Longest text of a body that has no fields, in characters. */
export const MAX_APPROVAL_TEXT = 2000

/**
 * What the owner may answer. `once`: this call and no other. `ten-minutes`, `session`: also further calls of the same
 * session that the same rule asks about, for that long. `deny`: no.
 */
export const ApprovalAnswerSchema = z.enum(['once', 'ten-minutes', 'session', 'deny'])
export type ApprovalAnswer = z.infer<typeof ApprovalAnswerSchema>

/** SHA-256 in hex over the exact call that waits: request, body, document, session and capability. */
export const ApprovalDigestSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** Text of a page's making, as it would be sent: control and bidirectional characters are for whoever shows it to neutralise. */
const PageText = z.string()

/** A body in words. Never holds what stands in the places where a credential goes. */
const ApprovalBodySchema = z.object({
  bytes: z.int().check(z.gte(0)),
  /** Null: none was said. */
  contentType: z.nullable(PageText),
  /** Scalars of a JSON body by JSON pointer, or fields of a form by name, in their order. Null: neither, or not readable as such. */
  fields: z.nullable(z.array(z.object({ path: PageText, value: PageText }))),
  /** Beginning of the body where it is text without fields; null: there are fields, or it is no UTF-8. */
  text: z.nullable(PageText),
  /** True where fields, values or text were left out or shortened. */
  truncated: z.boolean(),
})

/** A call that waits for the owner: who asks, for what, and what would be sent. No credential and no placeholder is in it. */
export const ApprovalSchema = z.object({
  id: IdSchema,
  at: TimestampSchema,
  /** When silence becomes no. */
  expiresAt: TimestampSchema,
  origin: OriginSchema,
  topOrigin: OriginSchema,
  session: IdSchema,
  capability: NameSchema,
  capabilityLabel: z.string(),
  service: NameSchema,
  serviceLabel: z.string(),
  /** The ask rule in the owner's words, or the rule that would let the call through, for its method. */
  rule: z.string(),
  /** Why it is asked about: by the `rule`, or because the owner wants to be asked before each `write` of the site. */
  why: z._default(z.enum(['rule', 'write']), 'rule'),
  method: z.string(),
  /** Canonical, without placeholders and credential. */
  url: z.string(),
  /** As they would be sent, without the credential. Values are shortened to {@link MAX_APPROVAL_VALUE}. */
  headers: z.array(z.tuple([z.string(), PageText])),
  /** Null: the call has no body. */
  body: z.nullable(ApprovalBodySchema),
  /** The answer names it, so that it can answer no other request than the one that was shown. */
  digest: ApprovalDigestSchema,
  tabId: z.nullable(z.int()),
  frameId: z.nullable(z.int()),
  /** Null where the browser has no document ids. */
  documentId: z.nullable(z.string()),
})
export type Approval = z.infer<typeof ApprovalSchema>

/** An approval as a list shows it. */
export interface ApprovalSummary extends Approval {
  /** True where it was asked through the host that answers: the browser of that host shows the window. */
  here: boolean
  /** Other calls of the same site (origin and top origin) that wait. */
  more: number
}
