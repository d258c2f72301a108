import { Problem } from '../problem.ts'
import { digestOf } from './approval-digest.ts'
import type { Call } from './call.ts'
import { describeAsk } from './describe-ask.ts'
import type { HeldBody } from './hold-body.ts'
import type { AskedApproval } from './parked-calls.ts'
import type { Verdict } from './verdict.ts'

/**
 * What the owner is asked: who, what and the effect in words, and the digest of exactly that.
 *
 * @throws Problem `internal` for a body that was not held whole, which `needsBody` sees to.
 */
export function askedOf(call: Call, verdict: Verdict): AskedApproval {
  const { session, capability, service, request, decision } = verdict
  const { origin, topOrigin, tabId, frameId, documentId } = call.witnessed
  const rule = decision.rule ?? ''
  const body = wholeBody(verdict.body)
  const { witnessed } = call
  return {
    ...{ origin, topOrigin, tabId, frameId, documentId },
    session: session.id,
    capability: capability.id,
    capabilityLabel: capability.label,
    service: service.id,
    serviceLabel: service.label,
    rule,
    why: decision.reason === 'write-ask' ? 'write' : 'rule',
    ...describeAsk(request, body, service),
    digest: digestOf({ request, body, witnessed, session: session.id, capability, service, rule }),
  }
}

// SECURITY: an answer to bytes that nobody has seen yet would be an answer to any bytes.
function wholeBody(body: HeldBody): Uint8Array | null {
  if (body === null || body instanceof Uint8Array) return body
  throw new Problem('internal', 'ask-needs-body')
}
