import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { isVaultPaused, pauseVault } from './vault-pause.ts'

/** Whether everything is paused, as one process knows it: by the vault, and by an order that may not be written down yet. */
export class Pausing {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #now: () => number
  readonly #write: () => void
  /** The owner paused everything through this process, and that may not be written down yet. */
  #isOrdered = false
  /** What the vault said at the last look. */
  #wasPaused: boolean

  /** @param write writes the owner's pause down, with the act; absent: the pause alone. */
  constructor(
    { store, keys, now }: { store: Store; keys: VaultKeys; now: () => number },
    write: (() => void) | undefined,
  ) {
    this.#store = store
    this.#keys = keys
    this.#now = now
    this.#write = write ?? (() => void pauseVault(store, keys, now()))
    this.#wasPaused = isVaultPaused(store)
  }

  /** As of the last look. */
  get isPaused(): boolean {
    return this.#isOrdered || this.#wasPaused
  }

  /** The owner's order, before it is written down. */
  order(): void {
    this.#isOrdered = true
  }

  /** The owner has put all back: a pause that could not be written down is not tried again. */
  takeBack(): void {
    this.#isOrdered = false
  }

  /** Look at what the vault says. @returns whether everything is paused. */
  look(): boolean {
    this.#wasPaused = isVaultPaused(this.#store)
    if (this.#wasPaused) this.#isOrdered = false
    return this.isPaused
  }

  /**
   * Write down what was ordered and is not.
   *
   * SECURITY: by itself: a session, or a record of the act, that cannot be written must not keep other processes from being
   * paused.
   */
  writeDown(): void {
    if (!this.#isOrdered) return
    for (const write of [this.#write, () => pauseVault(this.#store, this.#keys, this.#now())]) {
      try {
        write()
        return
      } catch {
        // It is tried again; in this process nothing of a page passes meanwhile.
      }
    }
  }
}
