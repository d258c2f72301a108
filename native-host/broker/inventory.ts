import type { Capability } from '../../shared/model/capability.ts'
import type { Grant, Session } from '../../shared/model/grant.ts'
import type { Service } from '../../shared/model/service.ts'
import { isPaused, type UsedGrant, usedGrants } from '../sessions/paused-grants.ts'
import { isLeftOrigin } from '../sessions/served-playground.ts'
import { isLive } from '../sessions/session-life.ts'
import { listSessions, sessionById } from '../sessions/sessions.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { findGrant } from '../store/grants.ts'
import { listServices } from '../store/services.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** The owner's services, capabilities and sessions, opened once and again after every commit that may have changed them. */
export class Inventory {
  readonly #store: Store
  readonly #keys: VaultKeys
  #services: Map<string, Service> | null = null
  #capabilities: Map<string, Capability> | null = null
  #sessions: Session[] | null = null
  #grants: UsedGrant[] | null = null
  readonly #asking = new Map<string, boolean>()

  constructor(store: Store, keys: VaultKeys) {
    this.#store = store
    this.#keys = keys
  }

  /** Null where the owner has no service of that id. */
  service(id: string): Service | null {
    return this.#allServices().get(id) ?? null
  }

  /** How many services the owner has. */
  serviceCount(): number {
    return this.#allServices().size
  }

  /** Null where the owner has no capability of that id. */
  capability(id: string): Capability | null {
    this.#capabilities ??= new Map(
      listCapabilities(this.#store, this.#keys).map((capability) => [capability.id, capability]),
    )
    return this.#capabilities.get(id) ?? null
  }

  /**
   * Live sessions and those that ended of late. Their times of last use and counters may be behind: whether one is
   * live is for the transaction that records the intent to say.
   */
  sessions(now: number): readonly Session[] {
    this.#sessions ??= listSessions(this.#store, this.#keys, now)
    return this.#sessions
  }

  /** Sessions that are live, newest first. */
  liveSessions(now: number): Session[] {
    return this.sessions(now).filter((session) => this.isLive(session, now))
  }

  /**
   * Whether the owner wants to be asked before each change that calls of a session make. True where its grant is gone: whether the
   * session may be used at all is for the transaction that records the intent to say. @throws Refusal `store-damaged`.
   */
  asksWrites({ grant }: Pick<Session, 'grant'>): boolean {
    const known = this.#asking.get(grant)
    if (known !== undefined) return known
    const asks = findGrant(this.#store, this.#keys, grant)?.askWrites ?? true
    this.#asking.set(grant, asks)
    return asks
  }

  /** Grants that wait for their owner to go on, see `sessions/paused-grants.ts`. None where they cannot be read. */
  pausedGrants(now: number): Grant[] {
    this.#grants ??= orNone(() => usedGrants(this.#store, this.#keys))
    const isOver = ({ last }: UsedGrant) => last === null || !this.isLive(last, now)
    return this.#grants
      .filter((used) => isOver(used) && isPaused(used, now))
      .map(({ grant }) => grant)
      .filter((grant) => !isLeftOrigin(this.#store, this.#keys, grant))
  }

  /** True while a session may be used. Its last use may be news here: a second look before it is taken for idle. */
  isLive(session: Session, now: number): boolean {
    // SECURITY: whoever has the port of a playground that was killed is told of no service, either.
    if (isLeftOrigin(this.#store, this.#keys, session)) return false
    if (isLive(session, now)) return true
    const fresh = session.endedAt === null ? sessionById(this.#store, this.#keys, session.id) : null
    return fresh !== null && isLive(fresh, now)
  }

  /** Open everything anew at the next look. */
  forget(): void {
    this.#services = null
    this.#capabilities = null
    this.#sessions = null
    this.#grants = null
    this.#asking.clear()
  }

  #allServices(): Map<string, Service> {
    this.#services ??= new Map(listServices(this.#store, this.#keys).map((service) => [service.id, service]))
    return this.#services
  }
}

/** A damaged grant keeps nobody's list of live sessions from being made. */
function orNone<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}
