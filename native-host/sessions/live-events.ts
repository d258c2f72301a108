import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** What a process's watch of live use works with. */
export interface LiveContext {
  readonly store: Store
  /** Dated, see `vault/lock.ts`. */
  readonly keys: VaultKeys
  readonly now: () => number
}

/** Who is told of what. */
export interface LiveEvents {
  /**
   * Sessions, grants, services or capabilities may be others than before: whatever was read of them is to be forgotten, and
   * that at little cost.
   */
  readonly change: () => void
  /** The same, for whoever shows them: at once after this process's own commits, soon after those of others. */
  readonly lists?: () => void
  /** Only counts and calls in flight changed. */
  readonly activity: () => void
  /** The owner locked the vault somewhere, so this process must end. */
  readonly lock: () => void
  /** Nobody has used the vault for as long as it stays open then, so it must be locked. */
  readonly unused?: () => void
  /** The owner's pause is to be written down, with the act, since the order could not be: called each second until it is. */
  readonly pause?: () => void
  /** A call of this session has come to this process. */
  readonly used?: (session: string) => void
  /** Calls of this session were cut, so whatever is kept for it can go. */
  readonly ended?: (session: string) => void
}
