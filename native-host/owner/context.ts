import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** What an order of the owner works with: an unlocked vault, the clock, and the front end it came through. */
export interface OwnerContext {
  readonly store: Store
  readonly keys: VaultKeys
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly by: 'cli' | 'extension'
}
