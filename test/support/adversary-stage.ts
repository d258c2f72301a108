import { findCapability } from '../../native-host/store/capabilities.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { Service } from '../../shared/model/service.ts'
import type { Canary } from './canary.ts'
import { type AskOptions, NativeHost, type PageCall } from './native-host.ts'
import { OwnedVault } from './owned-vault.ts'

/** The site whose page attacks. */
export const SITE = 'https://agent.example'

/** A vault with one service, a session of SITE, a host process and an open document of SITE. */
export class AdversaryStage {
  readonly canary: Canary
  readonly vault: OwnedVault
  readonly session: Session
  readonly host: NativeHost
  readonly document: number

  private constructor(
    canary: Canary,
    vault: OwnedVault,
    session: Session,
    host: NativeHost,
    document: number,
  ) {
    this.canary = canary
    this.vault = vault
    this.session = session
    this.host = host
    this.document = document
  }

  static async open(
    baseUrl: string,
    canary: Canary,
    { service = {}, capability = {} }: { service?: Partial<Service>; capability?: Partial<Capability> } = {},
  ): Promise<AdversaryStage> {
    const vault = await OwnedVault.create()
    vault.addService('target', baseUrl, canary.key, service)
    vault.addCapability('all', 'target', ['* /**'], capability)
    const stored = findCapability(vault.store, vault.keys, 'all')
    if (stored === null) throw new Error('no capability')
    const session = vault.connect(SITE, stored)
    const host = await NativeHost.start(vault.home)
    const { id } = await host.document({ origin: SITE })
    return new AdversaryStage(canary, vault, session, host, id)
  }

  ask(method: string, url: string, options: AskOptions = {}): PageCall {
    return this.host.ask(this.document, method, url, options)
  }

  async close(): Promise<void> {
    await this.host.close()
    await this.vault.remove()
  }
}
