import * as z from 'zod/mini'
import type { Capability, Effect } from '../model/capability.ts'
import { CapabilityEditSchema, type CapabilityPreview, ChangeDigestSchema } from '../model/capability-edit.ts'
import type { FailoverTrigger } from '../model/failover.ts'
import { IdSchema, NameSchema } from '../model/names.ts'
import { MAX_URL } from './limits.ts'

/** Longest body an owner tries a call with, in characters. */
export const MAX_EXPLAINED_BODY = 500_000

/** Orders about capabilities, and what one would decide. */
export const CAPABILITY_COMMANDS = [
  z.strictObject({ name: z.literal('capability-list') }),
  /** What a capability would decide about a call, with `edit` as if that were saved. Sends nothing and records nothing. */
  z.strictObject({
    name: z.literal('explain'),
    capability: NameSchema,
    edit: z.optional(CapabilityEditSchema),
    /**
     * As for the site of this grant of the capability, before whose changes its owner may want to be asked; `unknown` where the
     * capability has no such grant. Absent: as for a site whose changes are not asked about.
     */
    grant: z.optional(IdSchema),
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
  /** Removes a capability with its grants; its sessions end at once. */
  z.strictObject({ name: z.literal('capability-remove'), id: NameSchema }),
] as const

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

/** What each of them answers with. */
export interface CapabilityResults {
  'capability-list': Capability[]
  explain: ExplainedCall
  'capability-preview': CapabilityPreview
  'capability-failovers': string[]
  'capability-tighten': CapabilityPreview
  'capability-update': Capability
  'capability-remove': null
}
