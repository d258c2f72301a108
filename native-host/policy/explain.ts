import type { Capability, Effect } from '../../shared/model/capability.ts'
import type { Failover, FailoverTrigger } from '../../shared/model/failover.ts'
import type { Service } from '../../shared/model/service.ts'
import type { ClaimedRequest } from './canonical.ts'
import { canonicalCall } from './canonical-call.ts'
import { decideCall } from './decide-call.ts'
import type { Decision } from './decision.ts'
import { failoverRequest } from './failover-request.ts'
import type { Reason } from './reason.ts'
import type { CanonicalRequest } from './request.ts'

/** What `valetkey explain --json` answers. */
export interface Explanation {
  readonly decision: Effect
  readonly reason: Reason
  /** The rule that decided, in the owner's words; null where none did. */
  readonly rule: string | null
  /** What would be sent, without the credential; null where the request was refused before it was canonical. */
  readonly request: { method: string; url: string; headers: Record<string, string> } | null
  /** Where the call would go if the service did not answer, and what would be decided there. Absent: nowhere. */
  readonly failover?: Explanation & { readonly capability: string; readonly on: readonly FailoverTrigger[] }
}

/**
 * What would become of a call and why, by the very functions that decide real ones. Sends nothing.
 *
 * @param body the whole body; null for none. @param other what the capability's failover names; null: there is none.
 * @param askWrites as for a site whose owner wants to be asked before each change, there as well.
 */
export function explain(
  claimed: ClaimedRequest,
  body: Uint8Array | null,
  capability: Capability,
  service: Service,
  other: FailoverTarget | null = null,
  askWrites = false,
): Explanation {
  const canonical = canonicalCall(claimed, body !== null, service)
  if ('refused' in canonical) return refused(canonical.refused)
  const { request } = canonical
  const decided = decideCall(request, body, capability, service, askWrites)
  const explained = explanationOf(request, decided.decision)
  const { failover } = capability
  if (failover === undefined || explained.decision === 'deny') return explained
  const there = explainThere({ claimed, request, body: decided.body }, service, failover, other, askWrites)
  return { ...explained, failover: { capability: failover.capability, on: failover.on, ...there } }
}

/** A capability that calls go on to, with its service. */
export interface FailoverTarget {
  readonly capability: Capability
  readonly service: Service
}

function explainThere(
  { claimed, request, body }: { claimed: ClaimedRequest; request: CanonicalRequest; body: Uint8Array | null },
  from: Service,
  { models }: Failover,
  other: FailoverTarget | null,
  askWrites: boolean,
): Explanation {
  if (other === null) return refused('failover-not-granted')
  const made = failoverRequest(request, body, { from, to: other.service }, models, claimed)
  if ('refused' in made) return refused(made.refused)
  const { decision } = decideCall(made.request, made.body, other.capability, other.service, askWrites)
  return explanationOf(made.request, decision)
}

function explanationOf({ method, url, headers }: CanonicalRequest, decision: Decision): Explanation {
  const { effect, reason, rule } = decision
  return { decision: effect, reason, rule, request: { method, url, headers: Object.fromEntries(headers) } }
}

function refused(reason: Reason): Explanation {
  return { decision: 'deny', reason, rule: null, request: null }
}
