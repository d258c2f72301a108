import * as z from 'zod/mini'
import { ApprovalAnswerSchema, ApprovalDigestSchema, type ApprovalSummary } from '../model/approval.ts'
import type { AuditRecord } from '../model/audit-record.ts'
import type { Capability, CapabilityLimits, Effect } from '../model/capability.ts'
import { CapabilityEditSchema, type CapabilityPreview, ChangeDigestSchema } from '../model/capability-edit.ts'
import type { FailoverTrigger } from '../model/failover.ts'
import type { Finding } from '../model/finding.ts'
import type { Grant, Session } from '../model/grant.ts'
import { IdSchema, NameSchema, OriginSchema, SecondsSchema, TimestampSchema } from '../model/names.ts'
import type { ReferenceKind } from '../model/reference.ts'
import type { ServiceWarning } from '../model/service-warning.ts'
import type { SiteView } from '../model/site.ts'
import {
  type AuditCheck,
  AuditCheckedSchema,
  type AuditCounts,
  AuditCursorSchema,
  AuditFilterSchema,
  type AuditPage,
  MAX_AUDIT_BARS,
  MAX_AUDIT_LINES,
} from './audit-reading.ts'
import { type AutoLockResults, AutoLockSchema, AutoLockSetSchema } from './auto-lock-commands.ts'
import { MAX_URL } from './limits.ts'
import { OPENAPI_COMMANDS, type OpenApiResults } from './openapi-commands.ts'
import { type KeyMark, KeyMarksSchema, KeyMoveSchema } from './page-keys.ts'
import { type PauseResults, VaultPauseSchema, VaultResumeSchema } from './pause-commands.ts'
import { PlaygroundCloseSchema, PlaygroundOpenSchema, type PlaygroundPlace } from './playground-commands.ts'

/** Longest body an owner tries a call with, in characters. */
export const MAX_EXPLAINED_BODY = 500_000

/** Most grants in one answer: the longest there can be fit into a frame. */
export const GRANTS_PER_PAGE = 500

const Passphrase = z.string().check(z.minLength(1), z.maxLength(4096))

/**
 * What the owner may order from an extension page (popup, control room). background/ accepts these from the
 * extension's own pages only. No command returns a secret, but for a recovery code that was just made, to be shown once.
 */
export const CommandSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('status') }),
  z.strictObject({ name: z.literal('vault-init'), passphrase: Passphrase }),
  /** `passphrase` or `recovery` with its text; `stored` opens a key file or keychain slot, where the vault has one. */
  z.strictObject({
    name: z.literal('vault-unlock'),
    with: z.enum(['passphrase', 'recovery', 'stored']),
    text: z.optional(Passphrase),
  }),
  z.strictObject({ name: z.literal('vault-lock') }),
  VaultPauseSchema,
  VaultResumeSchema,
  AutoLockSchema,
  AutoLockSetSchema,
  /** What the host finds of itself, its folder and its vault, open or not. Reads only. */
  z.strictObject({ name: z.literal('doctor') }),
  z.strictObject({ name: z.literal('slot-list') }),
  /** Refused with `in-use` for the last one beside recovery codes. */
  z.strictObject({ name: z.literal('slot-remove'), id: IdSchema }),
  /** Puts a passphrase in the place of `current`; the vault's first one where it has none, and `current` is absent. */
  z.strictObject({
    name: z.literal('slot-passphrase'),
    current: z.optional(Passphrase),
    next: Passphrase,
  }),
  /** Makes a recovery code beside those there are. `current`: the passphrase; absent where the vault has none. */
  z.strictObject({ name: z.literal('recovery-new'), current: z.optional(Passphrase) }),
  /** The owner has stored that recovery code: the earlier ones open nothing any more. */
  z.strictObject({ name: z.literal('recovery-keep'), id: IdSchema }),
  z.strictObject({ name: z.literal('service-list') }),
  z.strictObject({
    name: z.literal('service-add'),
    id: NameSchema,
    preset: NameSchema,
    /** Replaces the preset's base URLs; required by presets whose base URL is a template. */
    baseUrls: z.optional(z.array(z.string())),
    /**
     * Declares that the service lives on this machine or a private network, which the owner was told and agreed to;
     * `address` is the one IP it is reached at, null where the base URL holds it. Absent: what the preset says.
     */
    local: z.optional(z.strictObject({ address: z.nullable(z.string().check(z.maxLength(45))) })),
    /** Secret bytes by name, as text (`token`, `value`, …). Absent names: the scheme must be able to do without. */
    secrets: z.record(z.string(), z.string()),
    /** Preset capabilities to create with it, by preset id. */
    capabilities: z.array(NameSchema),
    /** Models the owner names, for capabilities that ask for a list. */
    models: z.optional(z.array(z.string())),
    /** What the preset asks for besides, by the ids of its values: an account, a channel. */
    values: z.optional(z.record(z.string(), z.string().check(z.maxLength(300)))),
  }),
  z.strictObject({ name: z.literal('service-test'), id: NameSchema }),
  /** Begins a sign-in to a service with `signIn`: answered with the address that the owner is to open. */
  z.strictObject({ name: z.literal('service-authorize'), id: NameSchema }),
  /** Answered when the sign-in that was begun last is over: its token is stored, or it is refused with why not. */
  z.strictObject({ name: z.literal('service-authorized'), id: NameSchema }),
  /** Replaces secrets by name; those not named stay. The next call uses the new ones. */
  z.strictObject({
    name: z.literal('service-rotate'),
    id: NameSchema,
    secrets: z.record(z.string(), z.string()),
  }),
  z.strictObject({ name: z.literal('service-remove'), id: NameSchema }),
  KeyMarksSchema,
  KeyMoveSchema,
  z.strictObject({ name: z.literal('capability-list') }),
  /** What a capability would decide about a call, with `edit` as if that were saved. Sends nothing and records nothing. */
  z.strictObject({
    name: z.literal('explain'),
    capability: NameSchema,
    edit: z.optional(CapabilityEditSchema),
    method: z.string().check(z.minLength(1), z.maxLength(32)),
    url: z.string().check(z.minLength(1), z.maxLength(MAX_URL)),
    /** JSON, as the page would send it. Absent: no body. */
    body: z.optional(z.string().check(z.maxLength(MAX_EXPLAINED_BODY))),
  }),
  /** What an edit would come to. Saves nothing. */
  z.strictObject({ name: z.literal('capability-preview'), id: NameSchema, edit: CapabilityEditSchema }),
  /** The ids of capabilities that calls of this one could go on to: of another service, for the same kind of API. */
  z.strictObject({ name: z.literal('capability-failovers'), id: NameSchema }),
  /** The edit that would leave only what was used, by the latest recorded calls. Saves nothing. */
  z.strictObject({ name: z.literal('capability-tighten'), id: NameSchema }),
  /**
   * Saves the edit that was shown. Refused with `unknown` where the digest is not that of this change to the capability as
   * it is now, with `invalid` where it widens and `widen` does not say so.
   */
  z.strictObject({
    name: z.literal('capability-update'),
    id: NameSchema,
    edit: CapabilityEditSchema,
    digest: ChangeDigestSchema,
    widen: z.optional(z.literal(true)),
  }),
  ...OPENAPI_COMMANDS,
  /** Removes a capability with its grants; its sessions end at once. */
  z.strictObject({ name: z.literal('capability-remove'), id: NameSchema }),
  /** Grants in the order of their ids, at most {@link GRANTS_PER_PAGE}: those that follow the one named. Fewer: these are the last. */
  z.strictObject({ name: z.literal('grant-list'), after: z.optional(IdSchema) }),
  /** When each grant was last used for a call, as far back as the latest records of the log go. */
  z.strictObject({ name: z.literal('grant-use') }),
  z.strictObject({ name: z.literal('grant-remove'), id: IdSchema }),
  /** Create (or keep) the grant and start a session from it. */
  z.strictObject({
    name: z.literal('connect'),
    origin: OriginSchema,
    topOrigin: OriginSchema,
    capability: NameSchema,
    ttl: SecondsSchema,
  }),
  z.strictObject({ name: z.literal('session-list') }),
  /** Ends one session, all of one origin, or all. */
  z.strictObject({
    name: z.literal('session-revoke'),
    id: z.optional(IdSchema),
    origin: z.optional(OriginSchema),
    all: z.optional(z.literal(true)),
  }),
  /** Gives the grant of a session that was revoked within half a minute a new one for the time that was left. */
  z.strictObject({ name: z.literal('session-undo'), id: IdSchema }),
  /** Gives a live session the time of its grant anew, from now on. */
  z.strictObject({ name: z.literal('session-extend'), id: IdSchema }),
  /** The last call of documents shown at this origin, where it was refused. */
  z.strictObject({ name: z.literal('site-refusal'), topOrigin: OriginSchema }),
  /** What a pair of origins has and had, as its pages may see it. */
  z.strictObject({ name: z.literal('site-view'), origin: OriginSchema, topOrigin: OriginSchema }),
  /** A site's calls wait because its session's time was up: go on with what it was given for this base URL. */
  z.strictObject({
    name: z.literal('site-resume'),
    origin: OriginSchema,
    topOrigin: OriginSchema,
    baseUrl: z.string().check(z.minLength(1), z.maxLength(MAX_URL)),
  }),
  /** The site itself gives its live sessions back. */
  z.strictObject({ name: z.literal('site-release'), origin: OriginSchema, topOrigin: OriginSchema }),
  /** Calls that wait for the owner, of every host of this vault: those of the host that answers first, then the oldest. */
  z.strictObject({ name: z.literal('approval-list') }),
  /** Refused with `unknown` where the call no longer waits, or is not the one of this digest. */
  z.strictObject({
    name: z.literal('approval-answer'),
    id: IdSchema,
    digest: ApprovalDigestSchema,
    answer: ApprovalAnswerSchema,
  }),
  /** Say no to every call that waits and was asked through this host: of one origin (also as top origin), or all. */
  z.strictObject({ name: z.literal('approval-deny-all'), origin: z.optional(OriginSchema) }),
  z.strictObject({ name: z.literal('budget-list') }),
  /** Begins to count anew what a capability used. */
  z.strictObject({ name: z.literal('budget-reset'), capability: NameSchema }),
  z.strictObject({ name: z.literal('audit-list'), limit: z.int().check(z.gte(1), z.lte(500)) }),
  /**
   * Lines of the log, newest first. `from` absent: from its end. `above`: down to this place, itself excluded; calls below it that ended
   * above it are among the lines then.
   */
  z.strictObject({
    name: z.literal('audit-page'),
    where: AuditFilterSchema,
    limit: z.int().check(z.gte(1), z.lte(MAX_AUDIT_LINES)),
    from: z.optional(AuditCursorSchema),
    above: z.optional(z.int().check(z.gte(0))),
  }),
  /** Calls counted between the edges: times, ascending, milliseconds since the epoch. */
  z.strictObject({
    name: z.literal('audit-counts'),
    where: AuditFilterSchema,
    edges: z.array(TimestampSchema).check(z.minLength(2), z.maxLength(MAX_AUDIT_BARS + 1)),
    from: z.optional(AuditCursorSchema),
    above: z.optional(z.int().check(z.gte(0))),
  }),
  /** Whether the log was changed. `from` absent: from its first record. */
  z.strictObject({ name: z.literal('audit-verify'), from: z.optional(AuditCheckedSchema) }),
  PlaygroundOpenSchema,
  PlaygroundCloseSchema,
])
export type Command = z.infer<typeof CommandSchema>
/** The `name` of a command. */
export type CommandName = Command['name']

/** Codes a command may be refused with. Append only. */
export const REFUSALS = [
  'malformed',
  'vault-missing',
  'vault-exists',
  'vault-locked',
  'wrong-passphrase',
  'weak-passphrase',
  'exists',
  'unknown',
  'in-use',
  'invalid',
  'secret-missing',
  'store-damaged',
  'store-newer',
  'disk-full',
  'internal',
  'host-missing',
  'host-forbidden',
  'host-mismatch',
  'host-exited',
  'rolled-back',
  'permission-withdrawn',
  'too-large',
] as const
/** One of the closed set of refusals. */
export type RefusalCode = (typeof REFUSALS)[number]

/** A service as the popup and the control room may see it: names of secrets, never their bytes. */
export interface ServiceSummary {
  id: string
  label: string
  preset: string | null
  baseUrls: string[]
  local: boolean
  placeholder: string
  secrets: string[]
  /** Of these the ones that live elsewhere, with the kind of place; absent where all are in the vault. */
  references?: Record<string, ReferenceKind>
  /** Present where its owner can sign in to it. */
  signIn?: true
  capabilities: string[]
}

/** What a harmless call with the stored credential showed. */
export interface ServiceTestResult {
  outcome:
    | 'accepted'
    | 'key-refused'
    | 'lacks-scope'
    | 'unreachable'
    | 'wrong-base-url'
    | 'no-key-needed'
    | 'unclear'
    | 'key-unavailable'
  status: number | null
  message: string
  /** Of a local server, what its owner should know: who else reaches it. Absent: nothing, or it was not looked at. */
  warnings?: ServiceWarning[]
}

/** A session as the popup shows it. */
export interface SessionSummary extends Session {
  serviceLabel: string
  capabilityLabel: string
  /** The unit of `cost`; absent where its capability has no prices. */
  currency?: string
  /** Calls in flight through the host that answers. */
  inFlight: number
  lastCall: {
    at: number
    method: string
    path: string
    status: number | null
    decision: 'allow' | 'ask' | 'deny'
    /** It went on to the service of this label, or came from it, because that or this one did not answer. Absent: neither. */
    failover?: { way: 'to' | 'from'; serviceLabel: string; on: FailoverTrigger }
  } | null
}

/** One limit: what was used, what calls in flight may still use, what is left. `limit` and `left` null: no limit. */
export interface Measure {
  limit: number | null
  spent: number
  reserved: number
  /** Never below zero, also where an answer used more than it was asked for. */
  left: number | null
}

/** What a capability may use and used. */
export interface BudgetSummary {
  capability: string
  period: CapabilityLimits['period']
  /** When counting began, milliseconds since the epoch: the first call or the last reset. Null: nothing was used yet. */
  since: number | null
  /** When the first part of what was used comes back. Null: never, or there is nothing to come back. */
  freesAt: number | null
  /** Calls within the period that could spend and were counted. */
  calls: number
  /** Those of them that did not say what they used: they count as the most they asked for. */
  unknown: number
  tokens: Measure
  /** Millionths of `currency`. Null: no prices. */
  cost: (Measure & { currency: string }) | null
  /** Its live sessions, with the limits of each. */
  sessions: {
    id: string
    origin: string
    requests: Measure
    bytes: Measure
    bytesUp: Measure
    running: number
  }[]
}

/** What would become of a call, and why. */
export interface ExplainedCall {
  decision: Effect
  /** Closed set, see `native-host/policy/reason.ts`. */
  reason: string
  /** The rule that decided, in the owner's words; null where none did. */
  rule: string | null
  /** What would be sent, without the credential; null where the call was refused before it was canonical. */
  request: { method: string; url: string; headers: Record<string, string> } | null
  /** Where it would go if the service did not answer, and what would be decided there. Absent: nowhere. */
  failover?: ExplainedCall & { capability: string; on: readonly FailoverTrigger[] }
}

/** When grants were last used for a call. Times are milliseconds since the epoch. */
export interface GrantUse {
  /** How far back this is known. A grant that is not named was not used since. */
  since: number
  /** Latest first. */
  uses: { grant: string; at: number }[]
}

/** The host and its vault, as the popup and the control room show them. */
export interface HostStatus {
  version: string
  protocol: number
  vault: 'missing' | 'locked' | 'unlocked'
  /** Kinds of key slots the vault has: `passphrase`, `key-file`, `keychain`, `recovery`. Empty where there is no vault. */
  slots: string[]
  /** Zero while locked. */
  services: number
  liveSessions: number
  /** `rolled-back`: the log is older than it was seen to be, and no call is sent until the owner accepts that. */
  log: 'whole' | 'rolled-back'
  /** Since when the owner has paused everything, milliseconds since the epoch. Null: not, or not known while locked. */
  paused: number | null
}

/** A way to open the vault. */
export interface SlotSummary {
  id: string
  /** `damaged` where the slot was changed from outside: it opens nothing and can be removed. */
  kind: 'passphrase' | 'key-file' | 'keychain' | 'recovery' | 'damaged'
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** Why the last call of a site was refused, for its owner. */
export interface SiteRefusal {
  /** Milliseconds since the epoch. */
  at: number
  origin: string
  method: string
  /** Without query; empty where there was none to speak of. */
  path: string
  /** As in the audit: see `native-host/policy/reason.ts`. */
  reason: string
  /** The rule that refused it, in the owner's words, or null. */
  rule: string | null
  capability: string | null
}

/** What each command answers with. */
export interface CommandResults extends OpenApiResults, PauseResults, AutoLockResults {
  status: HostStatus
  'vault-init': { recoveryCode: string }
  'vault-unlock': null
  'vault-lock': null
  doctor: Finding[]
  'slot-list': SlotSummary[]
  /** `keychain` false: the system's keychain still holds an entry that opens nothing any more. */
  'slot-remove': { keychain: boolean }
  'slot-passphrase': null
  'recovery-new': { id: string; recoveryCode: string }
  'recovery-keep': null
  'service-list': ServiceSummary[]
  'service-add': ServiceSummary
  'service-test': ServiceTestResult
  'service-authorize': { url: string }
  'service-authorized': null
  'service-rotate': ServiceSummary
  'service-remove': null
  'key-marks': KeyMark[]
  'key-move': ServiceSummary
  'capability-list': Capability[]
  explain: ExplainedCall
  'capability-preview': CapabilityPreview
  'capability-failovers': string[]
  'capability-tighten': CapabilityPreview
  'capability-update': Capability
  'capability-remove': null
  'grant-list': Grant[]
  'grant-use': GrantUse
  'grant-remove': null
  connect: SessionSummary
  'session-list': SessionSummary[]
  'session-revoke': { revoked: number }
  'session-undo': SessionSummary
  'session-extend': SessionSummary
  /** Null where the last call was not refused, or there was none of late. */
  'site-refusal': SiteRefusal | null
  'site-view': SiteView
  'site-resume': { resumed: number }
  'site-release': { released: number }
  'approval-list': ApprovalSummary[]
  'approval-answer': null
  'approval-deny-all': { denied: number }
  'budget-list': BudgetSummary[]
  'budget-reset': BudgetSummary
  'audit-list': AuditRecord[]
  'audit-page': AuditPage
  'audit-counts': AuditCounts
  'audit-verify': AuditCheck
  'playground-open': PlaygroundPlace
  'playground-close': null
}
