import type { Finding } from '../../shared/model/finding.ts'
import type { Devices } from '../../shared/protocol/device-commands.ts'
import type { KeptHead, VaultState } from '../../shared/protocol/native-frames.ts'
import { isRolledBack } from '../audit/rollback.ts'
import type { PageContext } from '../broker/context.ts'
import { HostProcess } from '../install/host-process.ts'
import { type Fetch, fetchNothingHere } from '../references/fetcher.ts'
import { isAutoLockDue } from '../sessions/auto-lock.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import type { UpstreamOptions } from '../upstream/send.ts'
import { withdrawAny } from '../vault/holder-place.ts'
import { fetchKeys, type Offer, offerKeys } from '../vault/keyholder.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { dateKeys, lockEpoch } from '../vault/lock.ts'
import { setOpenAtStart } from '../vault/open-at-start.ts'
import { type Opener, slotKinds, vaultPresent } from '../vault/slots.ts'
import { VERSION } from '../version.ts'
import { lockUnused } from './auto-lock.ts'
import { devices } from './devices.ts'
import { examineHost } from './examine.ts'
import { OpenVault, type OpenVaultOptions } from './open-vault.ts'
import { hasStoredSlot, init, lock, storedOpener, unlock } from './vault.ts'
import { WitnessedLog } from './witnessed-log.ts'

/** How often a locked host looks whether another process of this user has made, unlocked or removed the vault, ms. */
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
  readonly #process: HostProcess
  readonly #options: OpenVaultOptions
  readonly #poll: NodeJS.Timeout
  #store: Store | null = null
  #offer: Offer | null = null
  #open: OpenVault | null = null
  readonly #log = new WitnessedLog()
  /** What the last look found; null before the first one, and where the database does not open. */
  #seen: VaultState | null = null

  /**
   * @param upstream for tests that hold up a name or a handshake.
   * @param fetch gets the secrets that live elsewhere and need a program or a file.
   * @param process what started this one.
   */
  constructor(
    home: string,
    events: DoorEvents,
    now: () => number = Date.now,
    upstream: UpstreamOptions = {},
    fetch: Fetch = fetchNothingHere,
    process: HostProcess = new HostProcess(home, { launcher: null, configHome: null, said: [] }),
  ) {
    this.#home = home
    this.#process = process
    const { extension, startedAt } = process
    const present = () => ({ browser: process.browser, extension, version: VERSION, startedAt })
    this.#options = { now, upstream, fetch, present }
    this.#events = events
    this.#poll = setInterval(() => void this.#look(), HOLDER_POLL_MS)
  }

  /** What a broker needs, or null while the vault is locked or missing. */
  get context(): PageContext | null {
    return this.#open?.context ?? null
  }

  /** @throws Refusal `store-damaged`, `store-newer` or `disk-full` where the database cannot be opened. */
  get state(): VaultState {
    if (this.#open !== null) return 'unlocked'
    return vaultPresent(this.store) ? 'locked' : 'missing'
  }

  /** Kinds of the vault's key slots; empty where there is no vault. */
  get slots(): string[] {
    return vaultPresent(this.store) ? slotKinds(this.store) : []
  }

  /** The database, opened at the first look. @throws Refusal like `state`. */
  get store(): Store {
    // Another vault may have been put there, or this one taken away: an open door ends by its own watch.
    if (this.#open === null && this.#store?.isInPlace === false) {
      this.#store.close()
      this.#store = null
    }
    this.#store ??= openStore(this.#home)
    return this.#store
  }

  /** Open with the key another process of this user holds, where one does. */
  async tryHolder(): Promise<void> {
    if (this.#open !== null || !vaultPresent(this.store)) return
    const epoch = lockEpoch(this.store)
    const keys = await fetchKeys(this.#home)
    if (keys !== null && this.#open === null) this.#openWith(keys, epoch)
  }

  /** What is in order and what is not, whatever state the vault is in. */
  examine(): Finding[] {
    return examineHost(this.#process, () => this.store, this.#open !== null)
  }

  /** This host, the browsers it is registered with, and who else has the vault open. @throws Refusal `store-damaged`. */
  devices(): Devices {
    this.#open?.presence.look()
    return devices(this.#process, this.context, this.#open?.presence.id ?? null)
  }

  /** The browser has said what it is. */
  introduce(name: string, version: string): void {
    this.#process.browser = { name, version }
    this.#open?.presence.look()
  }

  /** A session came about through this host. */
  used(session: string): void {
    this.#open?.presence.use(session)
  }

  /** Heads of logs that the browser has kept. @throws Refusal where one does not fit and that cannot be written down. */
  witnessed(heads: readonly KeptHead[]): void {
    this.#log.keep(heads)
    if (this.#open !== null) this.#log.check(this.#open.context)
  }

  /** True where the log is older than some browser saw it, and the owner has not accepted that. */
  get isRolledBack(): boolean {
    return isRolledBack(this.store)
  }

  /**
   * The head of the log for the browser to keep; null where it has it, or must not lose the one it has. SECURITY: none that a
   * machine which fails might forget, or the log would look rolled back.
   */
  headToKeep(): KeptHead | null {
    const head = this.#open === null ? null : this.#log.next(this.#open.context)
    if (head !== null) this.store.harden()
    return head
  }

  /** Make the vault. @returns the recovery code, to be shown once. @throws Refusal `vault-exists`, `weak-passphrase`. */
  async init(passphrase: string): Promise<string> {
    const { keys, recoveryCode } = await init(this.store, { kind: 'passphrase', passphrase }, 'extension')
    await this.#openAndOffer(keys, lockEpoch(this.store))
    return recoveryCode
  }

  /** Open with a slot. @throws Refusal `vault-missing`, `wrong-passphrase`. */
  async unlock(opener: Opener): Promise<void> {
    if (this.#open !== null) return
    const epoch = lockEpoch(this.store)
    const keys = await unlock(this.store, opener, 'extension')
    await this.#openAndOffer(keys, epoch)
    if (hasStoredSlot(this.store)) setOpenAtStart(this.#home, true)
  }

  /**
   * Have the next host open the vault with its key file or keychain slot. This process may neither start programs nor
   * read files elsewhere, so the launcher's short-lived opener does it: the caller ends this one.
   *
   * @throws Refusal `unknown` where there is no such slot.
   */
  reopenStored(): void {
    storedOpener(this.store)
    setOpenAtStart(this.#home, true)
  }

  /**
   * Lock for every process. What is in flight in this one is cut first, and it must end right after, also where this
   * throws: the caller sees to it.
   *
   * @throws Refusal `vault-missing`; `disk-full` and the like where other processes cannot be told. Then nobody gets
   *   the key any more, but whoever has it keeps it.
   */
  lock(): void {
    // SECURITY: before the disk, other processes or the browser are waited for: nothing more leaves from here.
    this.#open?.context.live.lock()
    try {
      lock(this.store, this.#open?.context.keys ?? null, 'extension')
    } catch (failure) {
      withdrawAny(this.#home)
      throw failure
    } finally {
      setOpenAtStart(this.#home, false)
    }
  }

  close(): void {
    clearInterval(this.#poll)
    this.#offer?.close()
    this.#open?.close()
    this.#open = null
    this.#store?.close()
    this.#store = null
  }

  /** Another process may have made the vault and locked it, between two looks: nothing opens here then, but it is to be seen. */
  async #look(): Promise<void> {
    await this.tryHolder().catch(() => {})
    const before = this.#seen
    this.#seen = this.#stateOrNull()
    if (this.#seen !== before && this.#open === null) this.#events.change()
  }

  #stateOrNull(): VaultState | null {
    try {
      return this.state
    } catch {
      return null
    }
  }

  /** Nobody has used the vault for as long as it stays open then: as `lock`, and this process must end too. */
  #lockUnused(): void {
    const context = this.context
    if (context === null) return
    context.live.lock()
    try {
      lockUnused(context.store, context.keys, this.#options.now())
    } catch {
      // Nobody gets the key any more; every process notices for itself that nobody uses it.
      withdrawAny(this.#home)
    }
    try {
      setOpenAtStart(this.#home, false)
    } finally {
      this.#events.lock()
    }
  }

  async #openAndOffer(keys: VaultKeys, epoch: number): Promise<void> {
    if (this.#open !== null) return
    this.#openWith(keys, epoch)
    const isOpen = () =>
      lockEpoch(this.store) === epoch && !isAutoLockDue(this.store, keys, this.#options.now())
    this.#offer = await offerKeys(this.#home, keys, isOpen)
  }

  // SECURITY: the epoch is the one from before the key was there: a lock raised in between still ends this process.
  #openWith(keys: VaultKeys, epoch: number): void {
    const store = this.store
    dateKeys(keys, epoch)
    this.#log.check({ store, keys, now: this.#options.now })
    this.#open = new OpenVault(store, keys, this.#options, {
      change: () => this.#events.change(),
      activity: () => this.#events.activity(),
      lock: () => this.#events.lock(),
      unused: () => this.#lockUnused(),
    })
    this.#events.change()
  }
}
