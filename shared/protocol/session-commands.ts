import * as z from 'zod/mini'
import type { FailoverTrigger } from '../model/failover.ts'
import type { Session } from '../model/grant.ts'
import { IdSchema, NameSchema, OriginSchema, SecondsSchema } from '../model/names.ts'
import type { SiteView } from '../model/site.ts'
import { MAX_URL } from './limits.ts'

/** Orders about live use, and about the site it is for. */
export const SESSION_COMMANDS = [
  /** Create (or keep) the grant and start a session from it. */
  z.strictObject({
    name: z.literal('connect'),
    origin: OriginSchema,
    topOrigin: OriginSchema,
    capability: NameSchema,
    ttl: SecondsSchema,
    /** Ask the owner before each change. Absent: as the grant has it, a new one does not. */
    askWrites: z.optional(z.boolean()),
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
] as const

/** A session as the popup shows it. */
export interface SessionSummary extends Session {
  serviceLabel: string
  capabilityLabel: string
  /** The owner is asked before each change its calls make, by the wish in its grant. */
  askWrites: boolean
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

/** What each of them answers with. */
export interface SessionResults {
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
}
