import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { askedBeforeWrite } from './ask-writes.ts'
import { canonicalBody } from './canonical-body.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { MalformedForm } from './malformed-form.ts'
import { MalformedJson } from './malformed-json.ts'
import type { CanonicalRequest } from './request.ts'

/** A decision with the body it was made about. */
export interface DecidedCall {
  readonly decision: Decision
  /** Canonical where it was held whole; null where there is none or it streams past unread. */
  readonly body: Uint8Array | null
}

/**
 * Make a held body canonical and decide by it: what the rules see is what the service gets. `decide` with this before it
 * is what the broker runs and what `explain` shows.
 *
 * @param askWrites whether the owner wants to be asked before each change, see `ask-writes.ts`: of the call's grant.
 */
export function decideCall(
  request: CanonicalRequest,
  body: Uint8Array | null,
  capability: Capability,
  service: Service,
  askWrites: boolean,
): DecidedCall {
  try {
    // SECURITY: a member that holds the placeholder is taken out before a rule may count it as present.
    const canonical = body === null ? null : canonicalBody(request, body, service)
    const decision = decide(request, canonical, capability, service)
    if (!askWrites) return { decision, body: canonical }
    return { decision: askedBeforeWrite(decision, request, canonical, capability), body: canonical }
  } catch (error) {
    if (!(error instanceof MalformedJson || error instanceof MalformedForm)) throw error
    return { decision: { effect: 'deny', reason: 'body-malformed', rule: null }, body: null }
  }
}
