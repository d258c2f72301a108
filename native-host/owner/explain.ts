import type { ClaimedRequest } from '../policy/canonical.ts'
import type { Explanation } from '../policy/explain.ts'
import { explain } from '../policy/explain.ts'
import type { OwnerContext } from './context.ts'
import { requireCapability, requireService } from './require.ts'

/**
 * Open a capability once and ask it about any number of requests: what would be decided, and why. Touches neither
 * secrets nor the network, and leaves nothing in the audit.
 *
 * @throws Refusal `unknown` for a capability there is not, or whose service is gone.
 */
export function explainerFor(
  context: OwnerContext,
  id: string,
): (claimed: ClaimedRequest, body: Uint8Array | null) => Explanation {
  const capability = requireCapability(context, id)
  const service = requireService(context, capability.service)
  return (claimed, body) => explain(claimed, body, capability, service)
}
