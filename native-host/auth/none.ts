import type { Auth } from '../../shared/model/service.ts'
import type { Scheme } from './scheme.ts'

/** A service that takes no credential, such as a local model server without a key. */
export const none: Scheme<Extract<Auth, { kind: 'none' }>> = {
  kind: 'none',
  secretNames: () => [],
  fault: () => 'is not used by this service',
  apply: (outbound) => ({ outbound, derived: [] }),
}
