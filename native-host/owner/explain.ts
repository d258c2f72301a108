import type { Capability } from '../../shared/model/capability.ts'
import type { Failover } from '../../shared/model/failover.ts'
import type { ClaimedRequest } from '../policy/canonical.ts'
import type { Explanation, FailoverTarget } from '../policy/explain.ts'
import { explain } from '../policy/explain.ts'
import { findCapability } from '../store/capabilities.ts'
import { findService } from '../store/services.ts'
import type { OwnerContext } from './context.ts'
import { requireCapability, requireService } from './require.ts'

/**
 * Open a capability once and ask it about any number of requests: what would be decided, and why. Touches neither
 * secrets nor the network, and leaves nothing in the audit.
 *
 * @param askWrites as for a site whose owner wants to be asked before each change.
 * @throws Refusal `unknown` for a capability there is not, or whose service is gone.
 */
export function explainerFor(
  context: OwnerContext,
  id: string,
  askWrites = false,
): (claimed: ClaimedRequest, body: Uint8Array | null) => Explanation {
  return explainerOf(context, requireCapability(context, id), askWrites)
}

/** As {@link explainerFor}, for a capability that need not be saved. @throws Refusal `unknown` where its service is gone. */
export function explainerOf(
  context: OwnerContext,
  capability: Capability,
  askWrites = false,
): (claimed: ClaimedRequest, body: Uint8Array | null) => Explanation {
  const service = requireService(context, capability.service)
  const other = targetOf(context, capability.failover)
  return (claimed, body) => explain(claimed, body, capability, service, other, askWrites)
}

function targetOf({ store, keys }: OwnerContext, failover: Failover | undefined): FailoverTarget | null {
  const capability = failover === undefined ? null : findCapability(store, keys, failover.capability)
  const service = capability === null ? null : findService(store, keys, capability.service)
  return capability === null || service === null ? null : { capability, service }
}
