import * as z from 'zod/mini'
import type { AuditRecord } from '../model/audit-record.ts'
import { EffectSchema } from '../model/capability.ts'
import { NameSchema, TimestampSchema } from '../model/names.ts'
import { CALL_ENDS } from './call-ends.ts'

/** Most lines in one answer of `audit-page`. */
export const MAX_AUDIT_LINES = 200

/** Most stretches that `audit-counts` tells apart in one answer. */
export const MAX_AUDIT_BARS = 100

/** Calls that may run at one place of the log and still be followed to their ends by a reader that goes on from there. */
export const MAX_OPEN_ENDS = 2000

/** What a line of the log came to: see `CALL_ENDS`. */
export const CallEndSchema = z.enum(CALL_ENDS)
export type CallEnd = z.infer<typeof CallEndSchema>

/** Which lines of the log. Each member narrows; absent: any. All but `text`, `kind` and the times are about calls alone. */
export const AuditFilterSchema = z.strictObject({
  /** Within a line's origin, address, capability, service, rule, reason, problem, act or subject, whatever the case of letters. */
  text: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  kind: z.optional(z.enum(['calls', 'acts'])),
  origin: z.optional(z.string().check(z.maxLength(512))),
  capability: z.optional(NameSchema),
  service: z.optional(NameSchema),
  decision: z.optional(EffectSchema),
  end: z.optional(CallEndSchema),
  /** Why it was decided so, see `native-host/policy/reason.ts`. */
  reason: z.optional(z.string().check(z.maxLength(64))),
  /** Code of the problem that a call failed or was cut with. */
  problem: z.optional(z.string().check(z.maxLength(64))),
  /** Milliseconds since the epoch: from the first, included, to the second, excluded. */
  since: z.optional(TimestampSchema),
  until: z.optional(TimestampSchema),
})
export type AuditFilter = z.infer<typeof AuditFilterSchema>

const Sequence = z.int().check(z.gte(1))

/** Where a reader of the log goes on: below a place, with the places of outcomes whose calls it has not met yet. */
export const AuditCursorSchema = z.strictObject({
  below: Sequence,
  open: z.array(Sequence).check(z.maxLength(MAX_OPEN_ENDS)),
})
export type AuditCursor = z.infer<typeof AuditCursorSchema>

/** Where a check of the log goes on: the last row that was found in order. */
export const AuditCheckedSchema = z.strictObject({
  sequence: Sequence,
  mac: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})
export type AuditChecked = z.infer<typeof AuditCheckedSchema>

type CallRecord = Extract<AuditRecord, { kind: 'intent' | 'refusal' }>
type OutcomeRecord = Extract<AuditRecord, { kind: 'outcome' }>
type ActRecord = Extract<AuditRecord, { kind: 'act' }>

/**
 * A line of the log: a call with how it ended (null while that is not in the log), or an act of the owner's. `sequence`: the place of
 * the call, or of the act, counted from 1.
 */
export type AuditLine =
  | { sequence: number; call: CallRecord; outcome: OutcomeRecord | null }
  | { sequence: number; act: ActRecord }

/** How far a reader got. */
export interface AuditReach {
  /** Where to go on; null: everything was looked at. */
  next: AuditCursor | null
  /** Records looked at for this answer. */
  looked: number
  /** Records in the log when the search for this answer began: `above` of whoever asks for what came since. */
  head: number
}

/** Lines, the newest first; there may be none of them and still more to look at. */
export interface AuditPage extends AuditReach {
  lines: AuditLine[]
}

/** Calls, and how many of them were refused. */
export interface AuditCount {
  calls: number
  refused: number
}

/** Calls of a stretch of time. */
export interface AuditBar extends AuditCount {
  /** Of them: failed, or cut short; one that runs is neither yet. Absent: from a host that does not count them. */
  failed?: number | undefined
}

/** What one site, service, capability, reason or problem has. */
export interface NamedAuditCount extends AuditCount {
  name: string
}

/** Sums of what was looked at for this answer: those of all answers add up. */
export interface AuditCounts extends AuditReach {
  /** One for each stretch between two edges. */
  bars: AuditBar[]
  /**
   * By origin, by service and by capability, refused ones by their reason, and failed and cut ones by their problem: those that have
   * any, in no order.
   */
  sites: NamedAuditCount[]
  services: NamedAuditCount[]
  capabilities: NamedAuditCount[]
  reasons: NamedAuditCount[]
  problems: NamedAuditCount[]
}

/** What a check of the log found. `reason` as in `valetkey audit verify`; `firstBad` counted from 1. */
export type AuditFinding =
  | { ok: true; records: number }
  | {
      ok: false
      records: number
      firstBad: number
      reason: 'mac' | 'order' | 'missing' | 'head' | 'rolled-back'
    }

/** How far a check of the log got. `finding` null: go on with `next`. */
export interface AuditCheck {
  finding: AuditFinding | null
  next: AuditChecked | null
  /** Records found in order so far, and records in the log. */
  checked: number
  head: number
}
