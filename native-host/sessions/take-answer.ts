import type { ApprovedBy } from '../../shared/model/audit-record.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { readApproval, removeApproval } from './approval-rows.ts'
import { findStandingAnswer, putStandingAnswer } from './standing-answers.ts'

/** How long after the answer its call may still go on, milliseconds: not hours later, when the machine wakes up. */
const ANSWER_HOLDS_MS = 10_000

/** What an asked call goes on with: the owner's answer to it, by id and digest, or one that stands (`approval` null). */
export interface Approved {
  readonly approval: string | null
  readonly digest: string
}

/**
 * Use up the answer that lets one call pass, within the transaction that writes its intent: an answer lets one call pass,
 * however often it is shown.
 *
 * @param call the session and capability as the transaction found them. @param time the vault's time, milliseconds.
 * @returns null where there is no such answer (any more), or it was no.
 */
export function takeAnswer(
  store: Store,
  keys: VaultKeys,
  approved: Approved,
  call: { session: Session; capability: Capability; rule: string },
  time: number,
): ApprovedBy | null {
  if (approved.approval === null) {
    const standing = findStandingAnswer(store, keys, call, time)
    return standing === null ? null : { by: standing.by, answer: standing.answer }
  }
  const row = readApproval(store, keys, approved.approval)
  const answered = row?.answered
  if (row === null || answered === null || answered === undefined || answered.answer === 'deny') return null
  const { session, capability, rule, digest } = row.approval
  // SECURITY: the answer was to that call and to no other.
  if (digest !== approved.digest || session !== call.session.id) return null
  if (capability !== call.capability.id || rule !== call.rule) return null
  if (time > answered.at + ANSWER_HOLDS_MS) return null
  removeApproval(store, row.approval.id)
  const { by, answer } = answered
  if (answer !== 'once') putStandingAnswer(store, keys, call, { approval: row.approval.id, by, answer }, time)
  return { by, answer }
}
