import type { Failover } from '../../shared/model/failover.ts'
import { Refusal } from '../refusal.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { checkFailover } from './check-failover.ts'
import type { OwnerContext } from './context.ts'
import { requireCapability, requireService } from './require.ts'

/**
 * The capabilities that calls of one could go on to, as they are now: what `checkFailover` finds nothing against. Which
 * models go under which names is left open.
 *
 * @returns their ids, sorted; empty where there is none. @throws Refusal `unknown` for a capability there is not.
 */
export function failoverChoices(context: OwnerContext, id: string): string[] {
  const capability = requireCapability(context, id)
  const service = requireService(context, capability.service)
  const fits = (other: string) => {
    const failover: Failover = { capability: other, on: ['unreachable'], models: [], wait: null }
    try {
      checkFailover(context, { ...capability, failover }, service)
      return true
    } catch (error) {
      if (error instanceof Refusal && (error.code === 'invalid' || error.code === 'unknown')) return false
      throw error
    }
  }
  return listCapabilities(context.store, context.keys)
    .map((each) => each.id)
    .filter(fits)
    .sort()
}
