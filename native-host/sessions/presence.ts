import { Lease } from '../store/lease.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { MOST_SESSIONS, type WrittenHost, writeHost } from './running-hosts.ts'

/** How often it is looked whether there is something new to write down, ms. */
const LOOK_MS = 1000

/** What a host says of itself; the browser's name may come later. */
export type PresentHost = Pick<WrittenHost, 'browser' | 'extension' | 'version' | 'startedAt'>

/**
 * Writes down that this process is a host of the vault and which sessions run through it, so that the owner sees it in every
 * browser. Nothing else depends on it: what cannot be written is tried again, and no call waits for it.
 */
export class Presence {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #of: () => PresentHost
  readonly #sessions = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #lease: Lease | null = null
  /** What was written last. */
  #written = ''

  /** @param of what there is to say now. */
  constructor({ store, keys }: { store: Store; keys: VaultKeys }, of: () => PresentHost) {
    this.#store = store
    this.#keys = keys
    this.#of = of
    this.#timer = setInterval(() => this.look(), LOOK_MS)
    this.#timer.unref()
  }

  /** Names this process among those that run; null before the first look. */
  get id(): string | null {
    return this.#lease?.id ?? null
  }

  /** A session came about or was used through this process. */
  use(session: string): void {
    // Again, so that it is the latest: those that are not written down are the oldest.
    this.#sessions.delete(session)
    this.#sessions.add(session)
    const [oldest] = this.#sessions
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest)
  }

  /** Write down what is new. Never throws. */
  look(): void {
    const says = JSON.stringify([this.#of(), [...this.#sessions].toSorted()])
    if (says === this.#written || this.#store.isInTransaction) return
    try {
      this.#lease ??= Lease.take(this.#store)
      const host = { ...this.#of(), id: this.#lease.id, sessions: [...this.#sessions] }
      this.#store.transaction(() => writeHost(this.#store, this.#keys, host))
      this.#written = says
    } catch {
      // A full or damaged disk: nothing new is sent meanwhile either.
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#lease?.release()
  }
}
