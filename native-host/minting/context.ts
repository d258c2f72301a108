import type { Store } from '../store/store.ts'
import type { Upstream } from '../upstream/send.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** What tokens are got with. */
export interface MintContext {
  readonly store: Store
  readonly keys: VaultKeys
  readonly upstream: Upstream
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Look now whether a call that waits is over, and abort its signal: called right before a byte leaves. */
  readonly look: () => void
}
