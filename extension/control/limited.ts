import type { CapabilityLimits } from '../../shared/model/capability.ts'

/** True where a capability has a limit that gets used up: calls, bytes, tokens or money. Time and rate come back by themselves. */
export function isLimited({
  maxRequests,
  maxBytes,
  maxBytesUp,
  maxTokens,
  maxCost,
}: CapabilityLimits): boolean {
  return [maxRequests, maxBytes, maxBytesUp, maxTokens, maxCost].some((limit) => limit !== null)
}
