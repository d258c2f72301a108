import type { Capability } from '../../../shared/model/capability.ts'
import { presetById } from '../../../shared/presets/catalogue.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../../shared/presets/preset-to-service.ts'
import { secretNames } from '../../../shared/presets/secret-names.ts'
import type { OwnerState } from '../../../shared/protocol/owner-port.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import type { SessionSummary } from '../../../shared/protocol/session-commands.ts'
import type { StagedWorld } from './stand-in-browser.ts'

const NOW = Date.now()
const MINUTE = 60_000

export const OPEN: OwnerState = {
  host: 'connected',
  hostVersion: '0.1.0',
  hostProtocol: 1,
  vault: 'unlocked',
  live: 0,
  inFlight: 0,
  approvals: 0,
  paused: false,
}

export const STATUS = {
  version: '0.1.0',
  protocol: 1,
  vault: 'unlocked' as const,
  slots: ['passphrase', 'recovery'],
  services: 0,
  liveSessions: 0,
  log: 'whole',
  paused: null,
}

/** A service and its capabilities as the host would make them of a preset. */
function made(id: string, baseUrl?: string): { service: ServiceSummary; capabilities: Capability[] } {
  const preset = presetById(id)
  if (preset === null) throw new Error(`no preset ${id}`)
  const full = serviceFromPreset(preset, { id, ...(baseUrl ? { baseUrls: [baseUrl] } : {}) })
  const capabilities = preset.capabilities.map((one) =>
    capabilityFromPreset(preset, one.id, { id: `${id}-${one.id}`, service: full, models: ['qwen3-8b'] }),
  )
  const { label, baseUrls, placeholder } = full
  const service = { id, label, preset: id, baseUrls, local: full.local !== null, placeholder }
  return {
    service: { ...service, secrets: secretNames(full.auth), capabilities: capabilities.map((one) => one.id) },
    capabilities,
  }
}

/** A few of the catalogue, of every kind of risk. */
const STAGED = ['openai', 'anthropic', 'modelslab', 'jan', 'openai-compatible']
const MADE = STAGED.map((id) => made(id, id === 'openai-compatible' ? 'https://llm.example/v1' : undefined))
export const SERVICES = MADE.map((one) => one.service)
export const CAPABILITIES = MADE.flatMap((one) => one.capabilities)

/** A live session. */
export function session(part: Partial<SessionSummary> = {}): SessionSummary {
  const origin = part.origin ?? 'https://playground.example.com'
  return {
    id: crypto.randomUUID(),
    grant: '7a1f0a52-6d0c-4c8b-9f4e-0f4b5a2f9a11',
    origin,
    topOrigin: origin,
    capability: 'openai-openai-chat',
    service: 'openai',
    createdAt: NOW - 30 * MINUTE,
    expiresAt: NOW + 7.5 * 60 * MINUTE,
    idleSeconds: null,
    lastUsedAt: NOW - MINUTE,
    endedAt: null,
    endReason: null,
    requests: 12,
    blocked: 0,
    bytes: 48_211,
    bytesUp: 0,
    serviceLabel: 'OpenAI',
    capabilityLabel: 'Chat and responses',
    askWrites: false,
    inFlight: 0,
    lastCall: {
      at: NOW - MINUTE,
      method: 'POST',
      path: '/v1/chat/completions',
      status: 200,
      decision: 'allow',
    },
    ...part,
  }
}

/** A world where all is well; parts replace its own. */
export function world(part: Partial<StagedWorld> = {}): StagedWorld {
  const answers = {
    status: STATUS,
    'service-list': SERVICES,
    'capability-list': CAPABILITIES,
    'grant-list': [],
    'grant-use': { since: 0, uses: [] },
    'session-list': [],
    'connect-outcome': { state: 'none', code: null, message: null },
    'session-revoke': { revoked: 1 },
    'budget-list': [],
    'approval-list': [],
    'approval-window': null,
    'page-notices': [],
    'page-keys': null,
    'site-refusal': null,
    'slot-list': [],
    doctor: [],
    'waiting-list': [],
    'site-request': null,
  }
  return {
    state: OPEN,
    tab: { id: 7, url: 'https://playground.example.com/chat' },
    permitted: false,
    kept: null,
    ...part,
    answers: { ...answers, ...part.answers },
  }
}
