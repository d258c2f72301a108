import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Service } from '../../shared/model/service.ts'
import { type Permit, recordIntent } from '../audit/permit.ts'
import { writtenTogether } from '../audit/written.ts'
import { removeApproval } from '../sessions/approval-rows.ts'
import type { Approved } from '../sessions/take-answer.ts'
import { findService } from '../store/services.ts'
import { askedOf } from './asked.ts'
import type { Call } from './call.ts'
import type { BrokerContext } from './context.ts'
import { describeCall, describeDocument } from './describe-call.ts'
import { codeFor, refuse } from './refuse.ts'
import type { Verdict } from './verdict.ts'

/**
 * Write the intent down and get the permit for it, in one transaction, and with those of other calls of this turn: the
 * session is live, the service is still what was decided by, the limits have room, the record is durable, the owner's
 * answer is used up. No record, no permit; no permit, no secret.
 *
 * @param approved what `approve` gave for this call: null where nobody had to be asked.
 * @throws RecordedProblem `session-ended`, `rate-limited`, `budget-spent` or `approval-denied`; Problem `audit-failed`
 * where nothing could be written; the abort's reason.
 */
export async function record(
  call: Call,
  verdict: Verdict,
  approved: Approved | null,
  context: BrokerContext,
): Promise<Permit> {
  const { session, capability, service, request, decision, body, askWrites } = verdict
  const about = { session: session.id, capability: capability.id, service: service.id }
  const asked = { ...about, request, body }
  const ended = () => refuse(call, { ...asked, reason: 'session-ended', code: 'session-ended' }, context)
  if (context.live.isStopped(session.id)) throw ended()
  const outcome = await writtenTogether(context.store, () => {
    // SECURITY: in the same turn as it is written. Whoever stopped session or call meanwhile finds nothing written.
    call.abort.signal.throwIfAborted()
    if (context.live.isStopped(session.id) || !isCurrent(service, context))
      return { refused: 'session-ended' as const }
    return recordIntent(context.store, context.keys, {
      session: session.id,
      capability,
      askWrites,
      now: context.now(),
      asked: askedOf(request, body, call.claimed.bodyLength, { capability, service }),
      approved,
      record: {
        kind: 'intent',
        id: approved?.approval ?? randomUUID(),
        at: context.now(),
        ...describeDocument(call.witnessed),
        ...describeCall(context.keys, request, body, call.claimed),
        ...about,
        decision: decision.effect,
        reason: decision.reason,
        rule: decision.rule,
        approvedBy: null,
        count: 1,
        ...(call.insteadOf === undefined ? {} : { insteadOf: call.insteadOf }),
      },
    })
  })
  if (!('refused' in outcome)) return outcome
  // Another of the limits is in the way: the answer was to this call, which is over.
  if (approved?.approval) removeApproval(context.store, approved.approval)
  throw refuse(call, { ...asked, reason: outcome.refused, code: codeFor(outcome.refused) }, context)
}

// SECURITY: while a body comes in its owner may say anew where the service is, how it takes its key, or whose word its
// server needs. Most calls find the very object that they were decided by, see `store/opened-rows.ts`.
function isCurrent(service: Service, { store, keys }: BrokerContext): boolean {
  return isDeepStrictEqual(findService(store, keys, service.id), service)
}
