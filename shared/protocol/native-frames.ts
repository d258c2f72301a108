import * as z from 'zod/mini'
import { IdSchema, OriginSchema } from '../model/names.ts'
import type { Said } from '../model/said.ts'
import { type AskFrame, type CallFrameToHost, CallFrameToPageSchema } from './call-frames.ts'
import type { Command } from './commands.ts'
import { SaidSchema } from './said-schema.ts'

/** The frames of the native wire: the call frames, the documents they come from, and the owner's commands. */

/** What the browser itself says of a document. The only source of identity. */
export const WitnessedSchema = z.strictObject({
  origin: OriginSchema,
  topOrigin: OriginSchema,
  tabId: z.int(),
  frameId: z.int(),
  /** Null where the browser has no document ids. */
  documentId: z.nullable(z.string()),
})
export type Witnessed = z.infer<typeof WitnessedSchema>

/**
 * The head of a vault's audit log, for the other side to keep: what it keeps it says at the next `hello`, so that a log
 * that was put back to an older state shows. `vault` tells vaults apart, `head` is sealed: neither says anything else.
 */
export const KeptHeadSchema = z.strictObject({
  vault: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  head: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,500}$/)),
})
export type KeptHead = z.infer<typeof KeptHeadSchema>

const Sequence = z.int().check(z.gte(1))

/** Whether there is a vault, and whether this host can open it. */
export const VaultStateSchema = z.enum(['missing', 'locked', 'unlocked'])
export type VaultState = z.infer<typeof VaultStateSchema>

type CallFrameNative = Exclude<CallFrameToHost, { type: 'ask' }>
/** An ask with the number of the document it came from. */
export type NativeAsk = AskFrame & { document: number }
/** Background → host, as `FrameToHostSchema` lets it through. */
export type FrameToHost =
  | { type: 'hello'; protocol: number; version: string; heads?: KeptHead[] | undefined }
  | { type: 'document'; document: number; witnessed: Witnessed }
  | { type: 'document-gone'; document: number }
  | NativeAsk
  | CallFrameNative
  | { type: 'command'; id: number; command: Command }

const [HeadSchema, ...LaterSchemas] = CallFrameToPageSchema.def.options

/** Host → background. The first frame is `hello`. */
export const FrameToBackgroundSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.int(),
    version: z.string(),
    vault: VaultStateSchema,
  }),
  /** `paused`: those of the base URLs whose calls wait until the owner says that the site goes on. Absent: none. */
  z.strictObject({
    type: z.literal('catch'),
    document: Sequence,
    baseUrls: z.array(z.string()),
    paused: z.optional(z.array(z.string())),
  }),
  /** Keep this instead of what was kept for its vault: at most one a second. */
  z.extend(KeptHeadSchema, { type: z.literal('head-of-log') }),
  /** `head` with the session its call runs in, so that background/ can end it at the owner's word. Never goes on to a page. */
  z.extend(HeadSchema, { session: IdSchema }),
  ...LaterSchemas,
  z.strictObject({ type: z.literal('reply'), id: Sequence, value: z.unknown() }),
  z.strictObject({
    type: z.literal('refusal'),
    id: Sequence,
    code: z.string(),
    message: z.string(),
    /** The message with its values apart, for other languages. Absent: it has none. */
    said: z.optional(SaidSchema),
  }),
  /** Sessions, grants, services, approvals or the vault changed: whoever shows them asks again. */
  z.strictObject({
    type: z.literal('changed'),
    vault: VaultStateSchema,
    live: z.int(),
    inFlight: z.int(),
    /** Calls that were asked through this host and wait for the owner. */
    approvals: z.int(),
    /** The owner has paused everything. Absent: not, or not known while locked. */
    paused: z.optional(z.literal(true)),
    /** Calls came and went, and that is all. Absent: anything else may have changed too. */
    traffic: z.optional(z.literal(true)),
  }),
])
/** The head of a response with the id of its call's session. */
export type NativeHead = Extract<z.infer<typeof CallFrameToPageSchema>, { type: 'head' }> & {
  session: string
}
/** What {@link FrameToBackgroundSchema} lets through. */
export type FrameToBackground =
  | { type: 'hello'; protocol: number; version: string; vault: VaultState }
  | { type: 'catch'; document: number; baseUrls: string[]; paused?: string[] | undefined }
  | ({ type: 'head-of-log' } & KeptHead)
  | NativeHead
  | Exclude<z.infer<typeof CallFrameToPageSchema>, { type: 'head' }>
  | { type: 'reply'; id: number; value: unknown }
  | { type: 'refusal'; id: number; code: string; message: string; said?: Said | undefined }
  | {
      type: 'changed'
      vault: VaultState
      live: number
      inFlight: number
      approvals: number
      paused?: true | undefined
      traffic?: true | undefined
    }
