import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { recordOwnerCall } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import { takeSecrets } from '../../native-host/vault/take-secrets.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { Auth, PathAuth } from '../../shared/model/service.ts'
import { type AskOptions, NativeHost, type PageCall } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startTokenApi, type TokenApi } from '../support/upstreams/token-api.ts'

export const SITE = 'https://agent.example'
export const CLIENT_SECRET = 'client-secret-Zq83hTs7-Qm2'

/** A vault with the service `api` that mints, hosts on it, and the server that gives and takes the tokens. */
export interface MintedWorld {
  readonly api: TokenApi
  readonly vault: OwnedVault
  /** Start a host, by its launcher where there is one; it is closed after the test. */
  open(launcher?: string): Promise<NativeHost>
  /** A host and a document of SITE with a session that may call everything below `/v1`. */
  connected(launcher?: string): Promise<{ host: NativeHost; ask: Ask; session: string }>
  /** Store the service anew with another scheme, or several; `url`: of another server. */
  service(auth: Auth | PathAuth[], secrets: Record<string, string>, url?: string): void
  /** What the vault holds of a secret of the service by now; empty: nothing. */
  stored(name: string): string
  /** What was written down of acts, oldest first, and of how calls ended. */
  acts(): string[]
  problems(): (string | null)[]
}

export type Ask = (path: string, options?: AskOptions & { method?: string }) => PageCall

/** Of client credentials, at the server's own token endpoint. */
export function clientCredentials(tokenUrl: string, over: object = {}): Auth {
  return {
    kind: 'oauth2-client-credentials',
    clientId: 'client-1',
    tokenUrl,
    scope: null,
    audience: null,
    clientAuth: 'basic',
    secret: 'client-secret',
    ...over,
  }
}

/** Of a refresh token, at the server's own token endpoint, for a client without a secret. */
export function refreshing(tokenUrl: string, over: object = {}): Auth {
  return {
    kind: 'oauth2-refresh',
    clientId: 'client-1',
    tokenUrl,
    scope: null,
    clientAuth: 'basic',
    secret: 'refresh-token',
    clientSecret: 'client-secret',
    ...over,
  }
}

/** Everything a test of minted tokens stands on, made anew for each. */
export function mintedWorld(): MintedWorld {
  let api: TokenApi
  let vault: OwnedVault
  let hosts: NativeHost[] = []
  let session: Session | null = null
  let at = ''
  beforeAll(async () => {
    api = await startTokenApi()
  })
  afterAll(() => api.server.close())
  beforeEach(async () => {
    hosts = []
    session = null
    api.server.journal.clear()
    for (const list of [api.asked, api.given]) list.length = 0
    api.live.clear()
    Object.assign(api, { lifetime: 3600, refuse: () => null, ahead: 0, refreshToken: null })
    vault = await OwnedVault.create()
    world.service(clientCredentials(api.tokenUrl), { 'client-secret': CLIENT_SECRET })
    vault.addCapability('calls', 'api', ['GET /v1/**', 'POST /v1/**'])
  })
  afterEach(async () => {
    for (const host of hosts) {
      await host.close()
      // Whatever a test did: nothing that was minted was on the wire to the browser or in a line of the process.
      const wire = Buffer.concat(host.written).toString('latin1')
      for (const secret of [...api.given, CLIENT_SECRET, api.refreshToken ?? CLIENT_SECRET])
        expect(wire).not.toContain(secret)
    }
    await vault.remove()
  })
  const world: MintedWorld = {
    get api() {
      return api
    },
    get vault() {
      return vault
    },
    async open(launcher) {
      const host = await NativeHost.start(vault.home, launcher)
      hosts.push(host)
      return host
    },
    async connected(launcher) {
      session ??= sessionOf(vault)
      const host = await world.open(launcher)
      const { id: document } = await host.document({ origin: SITE })
      const ask: Ask = (path, { method = 'GET', ...options } = {}) =>
        host.ask(document, method, `${at}${path}`, options)
      return { host, ask, session: session.id }
    },
    service(auth, secrets, url = `${api.server.url}/v1`) {
      const schemes = Array.isArray(auth) ? auth : [{ paths: ['/**'], auth }]
      vault.addService('api', url, 'unused-bearer-token', { auth: schemes })
      at = new URL(url).origin
      for (const [name, text] of Object.entries(secrets))
        putSecret(vault.store, vault.keys, 'api', name, Buffer.from(text))
    },
    stored: (name) => storedSecret(vault, name),
    acts: () =>
      auditOf(vault)
        .flatMap((record) => (record.kind === 'act' ? [record.act] : []))
        .filter((act) => act.startsWith('token.')),
    problems: () => auditOf(vault).flatMap((record) => (record.kind === 'outcome' ? [record.problem] : [])),
  }
  return world
}

function sessionOf(vault: OwnedVault): Session {
  const capability = findCapability(vault.store, vault.keys, 'calls')
  if (capability === null) throw new Error('no capability')
  return vault.connect(SITE, capability)
}

/** Oldest first. */
function auditOf(vault: OwnedVault) {
  return listAudit(vault.store, vault.keys, { limit: 1000 }).toReversed()
}

function storedSecret({ store, keys }: OwnedVault, name: string): string {
  const permit = recordOwnerCall(store, keys, {
    service: 'api',
    capability: null,
    record: {
      kind: 'intent',
      id: crypto.randomUUID(),
      at: Date.now(),
      origin: 'owner:local',
      topOrigin: null,
      tabId: null,
      frameId: null,
      session: null,
      capability: null,
      service: 'api',
      method: 'GET',
      url: null,
      query: [],
      headers: [],
      body: null,
      decision: 'allow',
      reason: 'rule-allow',
      rule: null,
      approvedBy: null,
      count: 1,
    },
  })
  if ('refused' in permit) throw new Error(permit.refused)
  return Buffer.from(takeSecrets(store, keys, permit, 'api').get(name)?.reveal() ?? []).toString()
}
