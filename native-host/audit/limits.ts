import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { integerOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

const MINUTE = 60_000

/** What calls of a capability are counted under in the audit log. */
export function rateIndex(keys: VaultKeys, capability: string): Uint8Array {
  return keys.index('audit-rate', capability)
}

/**
 * Which limit on the number of calls one more would break, or null. Counted in session and log, over all processes; what
 * calls in flight hold of the other limits is in `budgets/reserve.ts`.
 *
 * @param session null: a call without one, for which only the rate counts.
 * @param time the vault's time, milliseconds.
 */
export function brokenLimit(
  store: Store,
  keys: VaultKeys,
  call: { capability: Capability; session: Session | null; time: number },
): 'rate-limited' | 'budget-spent' | null {
  const { session } = call
  const { ratePerMinute, maxRequests } = call.capability.limits
  if (session !== null && maxRequests !== null && session.requests >= maxRequests) return 'budget-spent'
  if (ratePerMinute === null) return null
  const sent = store.get(
    'SELECT count(*) AS sent FROM audit WHERE rate_index = ? AND at > ?',
    rateIndex(keys, call.capability.id),
    call.time - MINUTE,
  )
  return integerOf(sent ?? {}, 'sent') >= ratePerMinute ? 'rate-limited' : null
}
