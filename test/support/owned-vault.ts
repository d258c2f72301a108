import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSession } from '../../native-host/sessions/sessions.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import { offerKeys } from '../../native-host/vault/keyholder.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import { createVault } from '../../native-host/vault/slots.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { Service } from '../../shared/model/service.ts'
import { exampleCapability, exampleService } from './examples.ts'

/** A real vault in a folder of its own, held open by this process: hosts started on it find it unlocked. */
export class OwnedVault {
  readonly home: string
  readonly store: Store
  readonly keys: VaultKeys
  readonly #root: string
  readonly #holder: { close(): void } | null

  private constructor(
    root: string,
    home: string,
    store: Store,
    keys: VaultKeys,
    holder: { close(): void } | null,
  ) {
    this.#root = root
    this.home = home
    this.store = store
    this.keys = keys
    this.#holder = holder
  }

  /** @param parent where its folder is made. */
  static async create(parent = tmpdir()): Promise<OwnedVault> {
    const root = await mkdtemp(join(parent, 'vk-'))
    const home = join(root, 'home')
    const store = openStore(home)
    const { keys } = await createVault(store, { kind: 'key-file', path: join(root, 'key-file') })
    return new OwnedVault(root, home, store, keys, await offerKeys(home, keys))
  }

  /** Store a service that takes a bearer key, on the given base URL; a loopback one is declared local. */
  addService(id: string, baseUrl: string, key: string, changes: Partial<Service> = {}): void {
    const own = { id, label: id, baseUrls: [baseUrl], local: { address: null } }
    const placeholder = 'sk-valetkey-placeholder'
    putService(this.store, this.keys, exampleService({ ...own, placeholder, ...changes }))
    putSecret(this.store, this.keys, id, 'token', Buffer.from(key))
  }

  /** Store a capability with these `allow` patterns. */
  addCapability(
    id: string,
    service: string,
    allow: string[],
    changes: Parameters<typeof exampleCapability>[1] = {},
  ): void {
    const rules = allow.map((pattern) => `allow ${pattern}`)
    const names = { id, service, label: id }
    putCapability(this.store, this.keys, exampleCapability(rules, { ...names, ...changes }))
  }

  /** Grant a capability to a site and start a session of `ttl` seconds. */
  connect(origin: string, capability: Capability, ttl = 3600, topOrigin = origin): Session {
    const now = Date.now()
    const grant = {
      id: crypto.randomUUID(),
      origin,
      topOrigin,
      capability: capability.id,
      ttl,
      createdAt: now,
      askWrites: false,
    }
    putGrant(this.store, this.keys, grant)
    return startSession(this.store, this.keys, { grant, capability, ttl, now })
  }

  /** Offer the key to no more processes, as when nobody has unlocked the vault. */
  stopOffering(): void {
    this.#holder?.close()
  }

  async remove(): Promise<void> {
    this.stopOffering()
    this.store.close()
    await rm(this.#root, { recursive: true, force: true })
  }
}
