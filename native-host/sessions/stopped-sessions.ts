import type { Session } from '../../shared/model/grant.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { unendedSessions } from './session-rows.ts'
import { endSession } from './sessions.ts'

/** Sessions that the owner ended in this process, until that has been written down. */
export class StoppedSessions {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #ids = new Set<string>()

  constructor(store: Store, keys: VaultKeys) {
    this.#store = store
    this.#keys = keys
  }

  has(session: string): boolean {
    return this.#ids.has(session)
  }

  get ids(): ReadonlySet<string> {
    return this.#ids
  }

  /** Stop those of the unended ones that are chosen. Writes nothing. */
  stop(isChosen: (session: Session) => boolean): void {
    for (const session of unendedSessions(this.#store, this.#keys)) {
      if (isChosen(session)) this.#ids.add(session.id)
    }
  }

  /** Write down that they are over. @param now milliseconds since the epoch. @throws Refusal where that cannot be done. */
  writeDown(now: number): void {
    for (const id of this.#ids) {
      endSession(this.#store, this.#keys, id, 'revoked', now)
      this.#ids.delete(id)
    }
  }
}
