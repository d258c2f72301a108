import * as z from 'zod/mini'
import type { AuditRecord } from '../model/audit-record.ts'
import { TimestampSchema } from '../model/names.ts'
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

/** Orders that read the log. */
export const AUDIT_COMMANDS = [
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
] as const

/** What each of them answers with. */
export interface AuditResults {
  'audit-list': AuditRecord[]
  'audit-page': AuditPage
  'audit-counts': AuditCounts
  'audit-verify': AuditCheck
}
