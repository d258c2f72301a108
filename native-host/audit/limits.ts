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
 * Which limit of the capability one more call would break, or null. Counted in the log itself, over all processes.
 *
 * @param session null: a call without one, for which only the rate counts.
 * @param inFlight calls of the session that are not over yet, where the caller knows.
 * @param time the vault's time, milliseconds.
 */
export function brokenLimit(
  store: Store,
  keys: VaultKeys,
  call: { capability: Capability; session: Session | null; inFlight: number | undefined; time: number },
): 'rate-limited' | 'budget-spent' | null {
  const { session } = call
  const { ratePerMinute, maxRequests, maxBytes, concurrent } = call.capability.limits
  if (session !== null) {
    if (maxRequests !== null && session.requests >= maxRequests) return 'budget-spent'
    if (maxBytes !== null && session.bytes >= maxBytes) return 'budget-spent'
    if (concurrent !== null && call.inFlight !== undefined && call.inFlight >= concurrent)
      return 'rate-limited'
  }
  if (ratePerMinute === null) return null
  const sent = store.get(
    'SELECT count(*) AS sent FROM audit WHERE rate_index = ? AND at > ?',
    rateIndex(keys, call.capability.id),
    call.time - MINUTE,
  )
  return integerOf(sent ?? {}, 'sent') >= ratePerMinute ? 'rate-limited' : null
}
