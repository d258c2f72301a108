import type { CapabilityLimits, Prices } from '../../shared/model/capability.ts'
import type { CapabilityDifference } from '../../shared/model/capability-edit.ts'
import { pricesFor } from '../../shared/model/prices-for.ts'

/**
 * Whether use costs something else. Where money is limited, whatever counts for less opens: more calls have room then. What
 * was counted already stays as it was counted.
 */
export function priceDifferences(
  { prices: was, maxCost }: CapabilityLimits,
  { prices: now }: CapabilityLimits,
): CapabilityDifference[] {
  if (JSON.stringify(was) === JSON.stringify(now)) return []
  return [{ kind: 'prices', was, now, opens: maxCost !== null && !costsAsMuch(was, now) }]
}

/** True where every call counts for as much as before. */
function costsAsMuch(was: Prices | null, now: Prices | null): boolean {
  if (was === null) return true
  if (now === null || now.currency !== was.currency) return false
  const named = [...(was.models ?? []), ...(now.models ?? [])].map(({ model }) => model)
  return [...named, OTHER, null].every((model) => {
    const [before, after] = [pricesFor(was, model), pricesFor(now, model)]
    return after.input >= before.input && after.output >= before.output && after.request >= before.request
  })
}

/** A model that none of the prices name. */
const OTHER = '\0'
