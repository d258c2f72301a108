import * as z from 'zod/mini'
import { NameSchema, OriginSchema, SecondsSchema } from '../model/names.ts'
import type { Said } from '../model/said.ts'
import { type Command, type CommandResults, CommandSchema } from './commands.ts'
import { VaultStateSchema } from './native-frames.ts'
import {
  type PageKeyMove,
  type PageKeyMoved,
  PageKeyMoveSchema,
  PageKeyQuietSchema,
  type PageKeys,
  PageKeysSchema,
} from './page-keys.ts'
import type { PageNotice } from './page-notice.ts'
import { SaidSchema } from './said-schema.ts'
import type { SessionSummary } from './session-commands.ts'

/**
 * The frames between an extension page (popup, approval window, control room) and background/, on a runtime port of the name
 * in `owner-port-name.ts`.
 *
 * Page to background: `{id, command}`. Background to page: one `{id, value}` or `{id, refusal}` for each, in any order;
 * `{state}` at connect and on every change; `{changed: true}` when sessions, grants, services,
 * approvals or the vault may have changed, `{changed: 'traffic'}` when calls came and went and nothing else did.
 */

/**
 * Store what the owner is about to allow, before the browser's permission prompt closes the popup. background/ finishes it
 * when the permission is given, or at once where it is there already. An intent is forgotten after two minutes.
 *
 * The page must send this and call `permissions.request` in the same turn of the same click, without awaiting in between:
 * Firefox takes the gesture away at the first await.
 */
export const ConnectIntentSchema = z.strictObject({
  name: z.literal('connect-intent'),
  /** Origin of the tab's own document, which is its own top origin. */
  origin: OriginSchema,
  /** The tab to bring our scripts into at once; null where there is none. */
  tabId: z.nullable(z.int()),
  capability: NameSchema,
  ttl: SecondsSchema,
  /** As of `connect`. */
  askWrites: z.optional(z.boolean()),
})
export type ConnectIntent = z.infer<typeof ConnectIntentSchema>

/** Forget the intent for an origin: the owner said no to the browser's prompt. Does nothing where there is none. */
const ConnectIntentDropSchema = z.strictObject({
  name: z.literal('connect-intent-drop'),
  origin: OriginSchema,
})

/** Ask what became of the last intent for an origin: the popup's way to learn it when it opens again after the prompt. */
const ConnectOutcomeSchema = z.strictObject({ name: z.literal('connect-outcome'), origin: OriginSchema })

/**
 * Bring the window that asks to the front, opened where it is not, or close it, which does nothing while calls of this browser
 * wait: what closes it then is the owner's no.
 */
const ApprovalWindowSchema = z.strictObject({ name: z.literal('approval-window'), show: z.boolean() })

/** Ask what the owner is to know of the pages in a tab: see `page-notice.ts`. */
const PageNoticesSchema = z.strictObject({ name: z.literal('page-notices'), tabId: z.int() })

/** Ask which sites' calls wait for the owner in this browser. */
const WaitingListSchema = z.strictObject({ name: z.literal('waiting-list') })

/** `true`: go on with what the site had, `false`: refuse what waits. `unknown` where the notice is gone. */
const WaitingAnswerSchema = z.strictObject({
  name: z.literal('waiting-answer'),
  id: z.int().check(z.gte(1)),
  goOn: z.boolean(),
})

/** Ask what a page asks for in this browser; answered with null where none does. */
const SiteRequestSchema = z.strictObject({ name: z.literal('site-request') })

/** Bring the window that shows it to the front. */
const SiteRequestWindowSchema = z.strictObject({ name: z.literal('site-request-window') })

const SiteGiftSchema = z.strictObject({
  capability: NameSchema,
  ttl: SecondsSchema,
  /** As of `connect`. */
  askWrites: z.optional(z.boolean()),
})

/** Give the page something, or nothing. `unknown` where its request does not wait any more. */
const SiteRequestAnswerSchema = z.strictObject({
  name: z.literal('site-request-answer'),
  id: z.int().check(z.gte(1)),
  give: z.nullable(SiteGiftSchema),
})
/** What the owner gives a page that asks. */
export type SiteGift = z.infer<typeof SiteGiftSchema>

/** What an extension page may order: the host's commands, and those that background/ carries out itself. */
export const OwnerCommandSchema = z.union([
  CommandSchema,
  ConnectIntentSchema,
  ConnectIntentDropSchema,
  ConnectOutcomeSchema,
  ApprovalWindowSchema,
  PageNoticesSchema,
  WaitingListSchema,
  WaitingAnswerSchema,
  SiteRequestSchema,
  SiteRequestWindowSchema,
  SiteRequestAnswerSchema,
  PageKeysSchema,
  PageKeyMoveSchema,
  PageKeyQuietSchema,
])
/** What {@link OwnerCommandSchema} lets through. */
export type OwnerCommand =
  | Command
  | ConnectIntent
  | z.infer<typeof ConnectIntentDropSchema>
  | z.infer<typeof ConnectOutcomeSchema>
  | z.infer<typeof ApprovalWindowSchema>
  | z.infer<typeof PageNoticesSchema>
  | z.infer<typeof WaitingListSchema>
  | z.infer<typeof WaitingAnswerSchema>
  | z.infer<typeof SiteRequestSchema>
  | z.infer<typeof SiteRequestWindowSchema>
  | z.infer<typeof SiteRequestAnswerSchema>
  | z.infer<typeof PageKeysSchema>
  | PageKeyMove
  | z.infer<typeof PageKeyQuietSchema>

/** Calls of one site to one service that wait: for the vault to be opened, or for the owner to go on after a session ran out. */
export interface WaitingNotice {
  id: number
  origin: string
  topOrigin: string
  /** Of the service. */
  baseUrl: string
  /** When the first came, milliseconds since the epoch. */
  since: number
  calls: number
}

/** What a page asks for by the provider. Who asks was witnessed; the rest is the page's own words. */
export interface SiteRequest {
  id: number
  /** Milliseconds since the epoch. Silence until `expiresAt` is no. */
  at: number
  expiresAt: number
  origin: string
  topOrigin: string
  /** A name or an address, of a service the owner may not have. */
  service: string
  /** Null: the page named none. The owner may not have it. */
  capability: string | null
  /** Control and bidirectional characters are for whoever shows it to neutralise. */
  reason: string
}

/** What became of an intent. `waiting`: the browser has not given its permission yet. `none`: no intent, or forgotten. */
export interface ConnectOutcome {
  state: 'none' | 'waiting' | 'connected' | 'failed'
  /** Set where it failed: a refusal code and its sentence. */
  code: string | null
  message: string | null
  /** The sentence with its values apart. Absent: it has none. */
  said?: Said | undefined
}

/** What each command answers with. */
export interface OwnerResults extends CommandResults {
  /** The new session where the permission was there already, else null: see `connect-outcome`. */
  'connect-intent': SessionSummary | null
  'connect-intent-drop': null
  'connect-outcome': ConnectOutcome
  'approval-window': null
  'page-notices': PageNotice[]
  'waiting-list': WaitingNotice[]
  'waiting-answer': null
  'site-request': SiteRequest | null
  'site-request-window': null
  'site-request-answer': null
  'page-keys': PageKeys | null
  'page-key-move': PageKeyMoved
  'page-key-quiet': null
}

/** Why there is no host to talk to, or `connected`. `exited` stands for every other end. */
const HostStateSchema = z.enum(['connecting', 'connected', 'missing', 'forbidden', 'mismatch', 'exited'])
export type HostState = z.infer<typeof HostStateSchema>

/** What the extension's own pages show of the host at a glance. */
export const OwnerStateSchema = z.object({
  host: HostStateSchema,
  /** Version the host said, also when it is the wrong one. Null before its hello. */
  hostVersion: z.nullable(z.string()),
  /** Protocol the host said, to tell which side is the older. Null before its hello. */
  hostProtocol: z.nullable(z.int()),
  /** Null while no host is connected. */
  vault: z.nullable(VaultStateSchema),
  /** Live sessions, and calls in flight through this browser's host. */
  live: z.int(),
  inFlight: z.int(),
  /** Calls of this browser that wait for the owner's answer: zero while no host is connected. */
  approvals: z.int(),
  /** The owner has paused everything: no call of a page is sent. False while that is not known. */
  paused: z.boolean(),
})
export type OwnerState = z.infer<typeof OwnerStateSchema>

const Sequence = z.int().check(z.gte(1))

/** Page → background. */
export const OwnerFrameToBackgroundSchema = z.strictObject({ id: Sequence, command: OwnerCommandSchema })
/** What {@link OwnerFrameToBackgroundSchema} lets through. */
export interface OwnerFrameToBackground {
  id: number
  command: OwnerCommand
}

/** Background → page. The pages check it by hand: `extension/ui/owner-frame.ts`, to the letter of this. */
export const OwnerFrameToPageSchema = z.union([
  z.strictObject({
    id: Sequence,
    refusal: z.strictObject({ code: z.string(), message: z.string(), said: z.optional(SaidSchema) }),
  }),
  z.strictObject({ id: Sequence, value: z.unknown() }),
  z.strictObject({ state: OwnerStateSchema }),
  z.strictObject({ changed: z.union([z.literal(true), z.literal('traffic')]) }),
])
/** What {@link OwnerFrameToPageSchema} lets through. */
export type OwnerFrameToPage =
  | { id: number; value: unknown }
  | { id: number; refusal: { code: string; message: string; said?: Said | undefined } }
  | { state: OwnerState }
  | { changed: true | 'traffic' }
