import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChain } from '../../native-host/audit/chain.ts'
import { startSession } from '../../native-host/sessions/sessions.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { Capability, CapabilityLimits } from '../../shared/model/capability.ts'
import type { Grant, Session } from '../../shared/model/grant.ts'
import type { Service } from '../../shared/model/service.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'

/** Words that must never be found in the files of a vault. */
export const NAMES = {
  service: 'canary-service',
  label: 'Canary Label',
  url: 'https://api.canary-upstream.example',
  origin: 'https://canary-site.example',
  top: 'https://canary-top.example',
  secretName: 'canary-secret-name',
  secret: 'sk-canary-0123456789abcdef',
  capability: 'canary-capability',
  path: '/v1/canary-path',
}

/** An open vault without key slots, in a folder of its own. */
export interface VaultFixture {
  readonly home: string
  readonly dataKey: Uint8Array
  readonly keys: VaultKeys
  store: Store
  remove(): void
}

export function openVault(): VaultFixture {
  const root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  const home = join(root, 'home')
  const dataKey = randomBytes(32)
  const keys = createKeys(dataKey)
  const store = openStore(home)
  startChain(store, keys)
  const fixture = {
    home,
    dataKey,
    keys,
    store,
    remove() {
      fixture.store.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
  return fixture
}

export function aService(changes: Partial<Service> = {}): Service {
  return exampleService({
    id: NAMES.service,
    label: NAMES.label,
    baseUrls: [NAMES.url],
    auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: NAMES.secretName } }],
    ...changes,
  })
}

export function aCapability(
  limits: Partial<CapabilityLimits> = {},
  changes: Partial<Capability> = {},
): Capability {
  const names = { id: NAMES.capability, service: NAMES.service, label: NAMES.label }
  return exampleCapability([`allow GET ${NAMES.path}`], { ...names, limits, ...changes })
}

export function aGrant(changes: Partial<Grant> = {}): Grant {
  return {
    id: randomUUID(),
    origin: NAMES.origin,
    topOrigin: NAMES.top,
    capability: NAMES.capability,
    ttl: 3600,
    createdAt: 1000,
    askWrites: false,
    ...changes,
  }
}

/** A service with a secret, a capability, a grant and a session of `ttl` seconds that starts at `now`. */
export function connected(
  { store, keys }: VaultFixture,
  {
    limits = {},
    ttl = 3600,
    now = Date.now(),
  }: { limits?: Partial<CapabilityLimits>; ttl?: number; now?: number } = {},
): { capability: Capability; grant: Grant; session: Session } {
  const capability = aCapability(limits)
  const grant = aGrant()
  putService(store, keys, aService())
  putSecret(store, keys, NAMES.service, NAMES.secretName, Buffer.from(NAMES.secret))
  putCapability(store, keys, capability)
  putGrant(store, keys, grant)
  return { capability, grant, session: startSession(store, keys, { grant, capability, ttl, now }) }
}

type CallRecord = Extract<AuditRecord, { kind: 'intent' | 'refusal' }>

export function callRecord(changes: Partial<CallRecord> = {}): CallRecord {
  return {
    kind: 'intent',
    id: randomUUID(),
    at: 1000,
    origin: NAMES.origin,
    topOrigin: NAMES.top,
    session: null,
    capability: NAMES.capability,
    service: NAMES.service,
    tabId: 1,
    frameId: 0,
    method: 'GET',
    url: `${NAMES.url}${NAMES.path}`,
    query: [],
    headers: [],
    body: null,
    decision: 'allow',
    reason: 'rule',
    rule: null,
    approvedBy: null,
    count: 1,
    ...changes,
  }
}

type OutcomeRecord = Extract<AuditRecord, { kind: 'outcome' }>

/** A call that got a whole answer of two bytes. */
export function outcomeRecord(changes: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    kind: 'outcome',
    id: randomUUID(),
    intent: randomUUID(),
    at: 1000,
    result: 'sent',
    problem: null,
    status: 200,
    requestBytes: 1,
    responseBytes: 2,
    milliseconds: 3,
    durations: null,
    requestDigest: null,
    responseDigest: null,
    redactions: 0,
    tokens: null,
    cost: null,
    ...changes,
  }
}

/** The refusal code of what `work` throws; `nothing` where it throws nothing; anything but a refusal goes on. */
export function refusalOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal' && 'code' in error) return String(error.code)
    throw error
  }
  return 'nothing'
}
