import type { Capability, Effect } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import type { ClaimedRequest } from './canonical.ts'
import { canonicalCall } from './canonical-call.ts'
import { decideCall } from './decide-call.ts'
import type { Reason } from './reason.ts'

/** What `valetkey explain --json` answers. */
export interface Explanation {
  readonly decision: Effect
  readonly reason: Reason
  /** The rule that decided, in the owner's words; null where none did. */
  readonly rule: string | null
  /** What would be sent, without the credential; null where the request was refused before it was canonical. */
  readonly request: { method: string; url: string; headers: Record<string, string> } | null
}

/**
 * What would become of a call and why, by the very functions that decide real ones. Sends nothing.
 *
 * @param body the whole body; null for none.
 */
export function explain(
  claimed: ClaimedRequest,
  body: Uint8Array | null,
  capability: Capability,
  service: Service,
): Explanation {
  const canonical = canonicalCall(claimed, body !== null, service)
  if ('refused' in canonical) return refused(canonical.refused)
  const { effect, reason, rule } = decideCall(canonical.request, body, capability, service).decision
  const { method, url, headers } = canonical.request
  return { decision: effect, reason, rule, request: { method, url, headers: Object.fromEntries(headers) } }
}

function refused(reason: Reason): Explanation {
  return { decision: 'deny', reason, rule: null, request: null }
}
