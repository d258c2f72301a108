import { randomBytes } from 'node:crypto'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import type { PlaygroundPlace } from '../../shared/protocol/playground-commands.ts'
import { type Playground, servePlayground } from '../playground/serve-playground.ts'
import { Refusal } from '../refusal.ts'
import { listGrants } from '../store/grants.ts'
import { findService } from '../store/services.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { checkNotLocked } from '../vault/lock.ts'
import * as capabilities from './capabilities.ts'
import type { OwnerContext } from './context.ts'
import * as grants from './grants.ts'
import * as services from './services.ts'
import * as sites from './sites.ts'

/** Id and name of the service a playground comes with, and of its capability. */
const SERVICE = 'playground'
const CAPABILITY = 'playground-chat'
/** Tells our service from one of the same name that the owner made. */
const PLACEHOLDER = 'sk-valetkey-playground-the-real-key-stays-on-your-machine'

/** Playgrounds of this process, of one unlocked vault. */
const open = new WeakMap<VaultKeys, Playground>()
/** The opening that is under way. */
const opening = new WeakMap<VaultKeys, Promise<unknown>>()

/**
 * Open the playground in this process, or say where it is open already. It comes with a service of its own, whose key is
 * made for it and known to nobody else.
 *
 * @throws Refusal `exists` where the owner has a service or a capability of that name.
 */
export async function openPlayground(context: OwnerContext): Promise<PlaygroundPlace> {
  await opening.get(context.keys)?.catch(() => {})
  const opened = openOnce(context)
  opening.set(context.keys, opened)
  const { url, origin } = await opened
  return { url, origin, service: SERVICE, capability: CAPABILITY }
}

async function openOnce(context: OwnerContext): Promise<Playground> {
  const running = open.get(context.keys)
  if (running !== undefined && isOf(running, ownService(context))) return running
  closePlayground(context)
  forgetPlayground(context)
  const key = `sk-playground-${randomBytes(24).toString('base64url')}`
  const playground = await servePlayground({
    key,
    reaches: (origin) =>
      sites.view(context, { origin, topOrigin: origin }).sessions.flatMap((it) => it.baseUrls),
    onIdle: () => closePlayground(context),
  })
  try {
    addService(context, playground.modelUrl, key)
  } catch (failure) {
    playground.close()
    throw failure
  }
  open.set(context.keys, playground)
  return playground
}

function isOf(playground: Playground, service: Service | null): boolean {
  return service?.baseUrls.includes(playground.modelUrl) === true
}

/**
 * Take back what was given to the page of the playground that this process has open, and close it.
 *
 * @throws Refusal as `Store.urgently` does: then it stays open.
 */
export function closePlayground(context: OwnerContext): void {
  const running = open.get(context.keys)
  if (running === undefined) return
  // SECURITY: before the port is anybody's. By its own origin: its service may be gone, and its page have others.
  forget(context, [running.origin], (service) => isOf(running, service))
  open.delete(context.keys)
  running.close()
}

/** The same, at an end that nothing may hold up: of a vault that is locked by now, everything stays as it is. */
export function leavePlayground(context: OwnerContext): void {
  try {
    checkNotLocked(context.store, context.keys)
    closePlayground(context)
  } catch {
    // What is left is forgotten when the vault is opened.
    open.get(context.keys)?.close()
    open.delete(context.keys)
  }
}

/**
 * Forget what a playground left: its service, and every grant of its page.
 *
 * SECURITY: its port is anybody's now, and a page there would have what the playground's page was given.
 */
export function forgetPlayground(context: OwnerContext): void {
  const service = ownService(context)
  if (service === null) return
  const origins = service.baseUrls.map((url) => new URL(url).origin)
  forget(context, origins, ({ baseUrls }) => String(baseUrls) === String(service.baseUrls))
}

/** @param isIts false for the service of a playground that another process has opened since: that is not ours to remove. */
function forget(
  context: OwnerContext,
  origins: readonly string[],
  isIts: (service: Service) => boolean,
): void {
  context.store.urgently(() => {
    for (const { id, origin, topOrigin } of listGrants(context.store, context.keys)) {
      if (origins.includes(origin) || origins.includes(topOrigin)) grants.remove(context, id)
    }
    const service = ownService(context)
    if (service !== null && isIts(service)) services.remove(context, service.id)
  })
}

function ownService({ store, keys }: OwnerContext): Service | null {
  const service = findService(store, keys, SERVICE)
  return service?.placeholder === PLACEHOLDER ? service : null
}

function addService(context: OwnerContext, modelUrl: string, key: string): void {
  if (findService(context.store, context.keys, SERVICE) !== null) {
    throw new Refusal(
      'exists',
      say`there is a service \`${SERVICE}\` already, and it is not the playground’s`,
    )
  }
  context.store.transaction(() => {
    services.addByHand(context, serviceAt(modelUrl), new Map([['token', Buffer.from(key)]]))
    capabilities.add(context, {
      id: CAPABILITY,
      service: SERVICE,
      label: 'Chat with the echo',
      rules: [
        { effect: 'allow', pattern: 'POST /v1/chat/completions' },
        { effect: 'allow', pattern: 'GET /v1/models' },
      ],
      body: [],
      models: null,
      limits: { ...DEFAULT_LIMITS, ttl: 3600 },
    })
  })
}

function serviceAt(modelUrl: string): Service {
  return {
    id: SERVICE,
    label: 'Playground',
    preset: null,
    baseUrls: [modelUrl],
    local: { address: null },
    ca: null,
    auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
    strip: { headers: ['authorization'], query: [], jsonFields: [] },
    requiredHeaders: {},
    allowHeaders: [],
    denyAlways: [],
    credentialMinting: [],
    placeholder: PLACEHOLDER,
  }
}
