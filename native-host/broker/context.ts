import type { References } from '../references/references.ts'
import type { Live } from '../sessions/live.ts'
import type { Store } from '../store/store.ts'
import type { Upstream } from '../upstream/send.ts'
import type { VaultKeys } from '../vault/keys.ts'
import type { Inventory } from './inventory.ts'
import type { ParkedCalls } from './parked-calls.ts'

/** What an unlocked host works with. There is none while the vault is locked. */
export interface BrokerContext {
  readonly store: Store
  readonly keys: VaultKeys
  readonly inventory: Inventory
  readonly live: Live
  readonly upstream: Upstream
  /** Values of the secrets that live elsewhere. */
  readonly references: References
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What calls of pages need besides: the owner's own calls are not asked about. */
export interface PageContext extends BrokerContext {
  readonly parked: ParkedCalls
}
