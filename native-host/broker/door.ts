import type { VaultState } from '../../shared/protocol/native-frames.ts'
import { recordAct } from '../audit/audit.ts'
import { Refusal } from '../refusal.ts'
import { Live } from '../sessions/live.ts'
import { openStore, type Store } from '../store/store.ts'
import { createUpstream } from '../upstream/send.ts'
import { fetchKeys, offerKeys } from '../vault/keyholder.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { raiseLock } from '../vault/lock.ts'
import { createVault, type Opener, slotKinds, unlockVault, vaultPresent } from '../vault/slots.ts'
import { Catalogue } from './catalogue.ts'
import type { BrokerContext } from './context.ts'

/** How often a locked host looks whether another process of this user has unlocked the vault, ms. */
const HOLDER_POLL_MS = 1000

/** What the door tells the process around it. */
export interface DoorEvents {
  /** Sessions, grants, services, capabilities or the vault's state may have changed. */
  change(): void
  /** Only counts changed. */
  activity(): void
  /** The vault was locked somewhere: the process must end now. */
  lock(): void
}

/** The vault as one process sees it: missing, locked, or open with everything a broker needs. */
export class Door {
  readonly #home: string
  readonly #events: DoorEvents
  readonly #now: () => number
  readonly #poll: NodeJS.Timeout
  #store: Store | null = null
  #context: BrokerContext | null = null

  constructor(home: string, events: DoorEvents, now: () => number = Date.now) {
    this.#home = home
    this.#events = events
    this.#now = now
    this.#poll = setInterval(() => void this.tryHolder().catch(() => {}), HOLDER_POLL_MS)
  }

  /** What a broker needs, or null while the vault is locked or missing. */
  get context(): BrokerContext | null {
    return this.#context
  }

  /** @throws Refusal `store-damaged`, `store-newer` or `disk-full` where the database cannot be opened. */
  get state(): VaultState {
    if (this.#context !== null) return 'unlocked'
    return vaultPresent(this.store) ? 'locked' : 'missing'
  }

  /** Kinds of the vault's key slots; empty where there is no vault. */
  get slots(): string[] {
    return vaultPresent(this.store) ? slotKinds(this.store) : []
  }

  /** The database, opened at the first look. @throws Refusal like `state`. */
  get store(): Store {
    this.#store ??= openStore(this.#home)
    return this.#store
  }

  /** Open with the key another process of this user holds, where one does. */
  async tryHolder(): Promise<void> {
    if (this.#context !== null || !vaultPresent(this.store)) return
    const keys = await fetchKeys(this.#home)
    if (keys !== null && this.#context === null) this.#open(keys)
  }

  /** Make the vault. @returns the recovery code, to be shown once. @throws Refusal `vault-exists`, `weak-passphrase`. */
  async init(passphrase: string): Promise<string> {
    if (vaultPresent(this.store)) throw new Refusal('vault-exists', 'there is a vault already; unlock it')
    const { keys, recoveryCode } = await createVault(this.store, { kind: 'passphrase', passphrase })
    recordAct(this.store, keys, { act: 'vault.init', subject: 'vault', by: 'extension', now: this.#now() })
    await this.#openAndOffer(keys)
    return recoveryCode
  }

  /** Open with a slot. @throws Refusal `vault-missing`, `wrong-passphrase`. */
  async unlock(opener: Opener): Promise<void> {
    if (this.#context !== null) return
    const keys = await unlockVault(this.store, opener)
    recordAct(this.store, keys, {
      act: 'vault.unlock',
      subject: opener.kind,
      by: 'extension',
      now: this.#now(),
    })
    await this.#openAndOffer(keys)
  }

  /** Lock for every process. This one must end right after: the caller sees to it. */
  lock(): void {
    if (this.#context !== null) {
      const { store, keys } = this.#context
      recordAct(store, keys, { act: 'vault.lock', subject: 'vault', by: 'extension', now: this.#now() })
    }
    raiseLock(this.store)
  }

  close(): void {
    clearInterval(this.#poll)
    this.#context?.live.close()
    void this.#context?.upstream.close()
    this.#context = null
    this.#store?.close()
    this.#store = null
  }

  async #openAndOffer(keys: VaultKeys): Promise<void> {
    this.#open(keys)
    await offerKeys(this.#home, keys)
  }

  #open(keys: VaultKeys): void {
    const store = this.store
    const catalogue = new Catalogue(store, keys)
    const live = new Live(store, keys, this.#now, {
      change: () => {
        catalogue.forget()
        this.#events.change()
      },
      activity: () => this.#events.activity(),
      lock: () => this.#events.lock(),
    })
    this.#context = { store, keys, catalogue, live, upstream: createUpstream({}), now: this.#now }
    this.#events.change()
  }
}
