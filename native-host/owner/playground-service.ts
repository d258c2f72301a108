import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import { Refusal } from '../refusal.ts'
import { findService } from '../store/services.ts'
import * as capabilities from './capabilities.ts'
import type { OwnerContext } from './context.ts'
import * as services from './services.ts'

/** Id and name of the service a playground comes with. */
export const SERVICE = 'playground'
/** Id of that service's capability. */
export const CAPABILITY = 'playground-chat'
/** Tells our service from one of the same name that the owner made. */
const PLACEHOLDER = 'sk-valetkey-playground-the-real-key-stays-on-your-machine'

/** What its service and its capability are called. `extension/_locales` has them in other languages, as those of presets. */
export const PLAYGROUND_LABELS = { service: 'Playground', capability: 'Chat with the echo' } as const

/** The service that a playground came with; null where there is none, or one of the owner's by that name. */
export function playgroundService({ store, keys }: OwnerContext): Service | null {
  const service = findService(store, keys, SERVICE)
  return service?.placeholder === PLACEHOLDER ? service : null
}

/**
 * Add the service and its capability, within a transaction.
 *
 * @param key what the model asks for. @throws Refusal `exists` where the owner has a service or a capability of that name.
 */
export function addPlaygroundService(context: OwnerContext, modelUrl: string, key: string): void {
  if (findService(context.store, context.keys, SERVICE) !== null) {
    throw new Refusal(
      'exists',
      say`there is a service \`${SERVICE}\` already, and it is not the playground’s`,
    )
  }
  services.addByHand(context, serviceAt(modelUrl), new Map([['token', Buffer.from(key)]]))
  capabilities.add(context, {
    id: CAPABILITY,
    service: SERVICE,
    label: PLAYGROUND_LABELS.capability,
    rules: [
      { effect: 'allow', pattern: 'POST /v1/chat/completions' },
      { effect: 'allow', pattern: 'GET /v1/models' },
    ],
    body: [],
    models: null,
    limits: { ...DEFAULT_LIMITS, ttl: 3600 },
  })
}

function serviceAt(modelUrl: string): Service {
  return {
    id: SERVICE,
    label: PLAYGROUND_LABELS.service,
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
