import * as z from 'zod/mini'
import { PROBLEMS, type ProblemCode } from '../model/problem.ts'
import {
  CHUNK_BYTES,
  MAX_HEADER_VALUE,
  MAX_HEADERS,
  MAX_HEADERS_TEXT,
  MAX_URL,
  WINDOW_BYTES,
} from './limits.ts'

/**
 * The frames of one call, the same on all three wires: page ⇄ content ⇄ background ⇄ host. The id is unique among the
 * calls of one wire; background/ renumbers. Bytes travel as base64 because the native wire is JSON; text as text.
 *
 * Order, page to host: `ask`, then `body`* and `body-end` where `hasBody`; `credit` and `cancel` at any time.
 * Order, host to page: either `problem`, or `head`, `chunk`* (some of them `packed`), then `end` or `cut`. `cut` before `head` is a network error.
 * A stream without `end` is an error, never the end of a body.
 */
const CallId = z.int().check(z.gte(1), z.lte(Number.MAX_SAFE_INTEGER))

const HeaderPairs = z
  .array(z.tuple([z.string().check(z.maxLength(256)), z.string().check(z.maxLength(MAX_HEADER_VALUE))]))
  .check(
    z.maxLength(MAX_HEADERS),
    // SECURITY: what each header may be, all of them together may not: see MAX_HEADERS_TEXT.
    z.refine(
      (pairs) =>
        pairs.reduce((length, [name, value]) => length + name.length + value.length, 0) <= MAX_HEADERS_TEXT,
    ),
  )

/** base64 (RFC 4648 section 4, padded) of 1 to CHUNK_BYTES bytes. SECURITY: frames without bytes would cost no credit. */
const Base64Chunk = z.string().check(z.minLength(4), z.maxLength(Math.ceil(CHUNK_BYTES / 3) * 4))

/** What the document's browser says of itself, as it would in a call of its own. */
const SenderSchema = z.strictObject({
  /** `navigator.languages`, with commas between. */
  languages: z.string().check(z.maxLength(4096)),
  /** `navigator.userAgent`. */
  agent: z.string().check(z.maxLength(4096)),
  /** Firefox, or a relative of it: it words some headers in another way. */
  isGecko: z.boolean(),
})
export type Sender = z.infer<typeof SenderSchema>

/** What a request may say of caches (Fetch standard, "request cache mode"); `only-if-cached` never leaves a page. */
const CacheModeSchema = z.enum(['default', 'no-store', 'reload', 'no-cache', 'force-cache'])
export type CacheMode = z.infer<typeof CacheModeSchema>

/** What a page asks for. Everything in it but `sender` is claimed by the page. */
export const AskFrameSchema = z.strictObject({
  type: z.literal('ask'),
  id: CallId,
  method: z.string().check(z.minLength(1), z.maxLength(32)),
  /** Absolute URL without fragment, as the page's own URL parser resolved it. */
  url: z.string().check(z.minLength(1), z.maxLength(MAX_URL)),
  headers: HeaderPairs,
  hasBody: z.boolean(),
  /** Length where the page knows it, in bytes; null for a stream. */
  bodyLength: z.nullable(z.int().check(z.gte(0))),
  /** As a page's request says; `own`: one to its own origin that is followed there, and is an error elsewhere (mode `same-origin`). */
  redirect: z.enum(['follow', 'manual', 'error', 'own']),
  /** It outlives its document: background/ keeps it going for a while. Absent: it does not. */
  keepalive: z.optional(z.literal(true)),
  /** No cache of the browser is asked, whatever it says: it decides which headers caches on the way get. Absent: `default`. */
  cache: z.optional(CacheModeSchema),
  /** content/ adds it: the page's own script has no such field. Absent: nothing is known of who sends. */
  sender: z.optional(SenderSchema),
})
export type AskFrame = z.infer<typeof AskFrameSchema>

/** Page → host. */
export const CallFrameToHostSchema = z.discriminatedUnion('type', [
  AskFrameSchema,
  z.strictObject({ type: z.literal('body'), id: CallId, base64: Base64Chunk }),
  z.strictObject({ type: z.literal('body-end'), id: CallId }),
  z.strictObject({
    type: z.literal('credit'),
    id: CallId,
    bytes: z.int().check(z.gte(1), z.lte(WINDOW_BYTES)),
  }),
  z.strictObject({ type: z.literal('cancel'), id: CallId }),
])
export type CallFrameToHost = z.infer<typeof CallFrameToHostSchema>

/** A chunk as raw deflate (RFC 1951), which content/ unpacks: browsers read what a host writes four kilobytes at a time. */
export const PackedSchema = z.strictObject({
  type: z.literal('packed'),
  id: CallId,
  /** How many bytes it inflates to. */
  bytes: z.int().check(z.gte(1), z.lte(CHUNK_BYTES)),
  /** base64. SECURITY: never longer than what it stands in for may be. */
  deflate: Base64Chunk,
})

/** Host → page. */
export const CallFrameToPageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('head'),
    id: CallId,
    status: z.int().check(z.gte(200), z.lte(599)),
    statusText: z.string(),
    headers: z.array(z.tuple([z.string(), z.string()])),
    /** Final URL without credential and fragment. */
    url: z.string(),
    redirected: z.boolean(),
  }),
  /** Raw bytes: exactly one of `text` (UTF-8 encodes to those bytes, a leading U+FEFF included) and `base64`. */
  z.strictObject({
    type: z.literal('chunk'),
    id: CallId,
    text: z.optional(z.string()),
    base64: z.optional(z.string()),
  }),
  PackedSchema,
  z.strictObject({ type: z.literal('end'), id: CallId }),
  z.strictObject({
    type: z.literal('cut'),
    id: CallId,
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  }),
  z.strictObject({
    type: z.literal('problem'),
    id: CallId,
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    instance: z.optional(z.string()),
    detail: z.optional(z.string()),
  }),
  z.strictObject({ type: z.literal('credit'), id: CallId, bytes: z.int().check(z.gte(1)) }),
])
export type CallFrameToPage = z.infer<typeof CallFrameToPageSchema>
/** See {@link PackedSchema}. */
export type PackedFrame = z.infer<typeof PackedSchema>

/** background → content → page: the base URLs this document's calls are caught for. Each frame replaces the list; the page only ever adds. */
export interface CatchFrame {
  type: 'catch'
  baseUrls: string[]
}
