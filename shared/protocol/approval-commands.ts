import * as z from 'zod/mini'
import { ApprovalAnswerSchema, ApprovalDigestSchema, type ApprovalSummary } from '../model/approval.ts'
import { IdSchema, OriginSchema } from '../model/names.ts'

/** Orders about calls that wait for the owner. */
export const APPROVAL_COMMANDS = [
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
] as const

/** What each of them answers with. */
export interface ApprovalResults {
  'approval-list': ApprovalSummary[]
  'approval-answer': null
  'approval-deny-all': { denied: number }
}
