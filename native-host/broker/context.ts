import type { Live } from '../sessions/live.ts'
import type { Store } from '../store/store.ts'
import type { Upstream } from '../upstream/send.ts'
import type { VaultKeys } from '../vault/keys.ts'
import type { Inventory } from './inventory.ts'

/** What an unlocked host works with. There is none while the vault is locked. */
export interface BrokerContext {
  readonly store: Store
  readonly keys: VaultKeys
  readonly inventory: Inventory
  readonly live: Live
  readonly upstream: Upstream
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
