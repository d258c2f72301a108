import type { Capability } from '../../shared/model/capability.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { ServiceSchema } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import type { GivenValues } from '../../shared/presets/fill-values.ts'
import { capabilityOrigin, serviceOrigin } from '../../shared/presets/preset-origin.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import { givenSecretNames } from '../../shared/presets/secret-names.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { schemeOf } from '../auth/schemes.ts'
import { checkCapability, checkService } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { listCapabilities, putCapability } from '../store/capabilities.ts'
import {
  findService,
  listSecretNames,
  listServices,
  putService,
  removeSecret,
  removeService,
} from '../store/services.ts'
import { dropCapability } from './capabilities.ts'
import { checkFit } from './check-fit.ts'
import { checkOffered } from './check-offered.ts'
import { checkSchemes } from './check-schemes.ts'
import type { SecretBytes } from './check-secrets.ts'
import { checkSecrets } from './check-secrets.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { withValues } from './preset-values.ts'
import { putSecrets } from './put-secrets.ts'
import { record } from './record.ts'
import { requireService } from './require.ts'
import { summariseService } from './summarise-service.ts'

/** A service from the catalogue, with what the owner adds to it. */
export interface FromPreset {
  id: string
  preset: string
  /** Replaces the preset's base URLs; required by templates. */
  baseUrls?: readonly string[]
  /** Declares the service local, with the one address it is reached at (null: its base URL holds a literal). */
  local?: { address: string | null }
  /** Replaces the preset's schemes. */
  auth?: Service['auth']
  /** Pinned certificates, see `certificatesOf`. */
  ca?: string
  secrets: SecretBytes
  /** Preset capabilities to create with it, by the preset's own ids. */
  capabilities: readonly string[]
  models?: readonly string[]
  /** What the preset asks for besides, by the ids of its values. */
  values?: GivenValues
}

/**
 * Add a service of the catalogue, its secrets and the chosen capabilities, all or nothing.
 *
 * @throws Refusal `exists`, `unknown` (preset), `secret-missing`, `invalid`.
 */
export function addFromPreset(context: OwnerContext, wanted: FromPreset): ServiceSummary {
  const service = serviceOfPreset(wanted)
  if (wanted.auth === undefined) checkGiven(service, wanted.secrets)
  return addService(context, service, wanted.secrets, presetCapabilities(wanted, service))
}

/** The client of a service that its owner signs in to has a secret too: without it no sign-in can succeed. */
function checkGiven({ id, auth }: Service, secrets: SecretBytes): void {
  for (const name of givenSecretNames(auth))
    if (!secrets.has(name))
      throw new Refusal('secret-missing', say`service \`${id}\` needs its secret \`${name}\``)
}

/** Add a service the owner described in full. @throws Refusal `exists`, `secret-missing`, `invalid`. */
export function addByHand(context: OwnerContext, service: Service, secrets: SecretBytes): ServiceSummary {
  return addService(context, service, secrets, [])
}

/** The service a preset makes of the owner's wishes, not saved. @throws Refusal `unknown`, `invalid`. */
function serviceOfPreset(wanted: FromPreset): Service {
  const preset = presetById(wanted.preset)
  if (preset === null) throw new Refusal('unknown', say`there is no preset \`${wanted.preset}\``)
  if (preset.baseUrls.length === 0 && (wanted.baseUrls ?? []).length === 0) {
    const wants = say`preset \`${preset.id}\` needs a base URL`
    const hint = preset.baseUrlHint
    throw new Refusal('invalid', hint === undefined ? wants : say`${wants}, as in \`${hint}\``)
  }
  for (const url of wanted.baseUrls ?? []) {
    if (!URL.canParse(url)) throw new Refusal('invalid', say`the base URL \`${url}\` is not a URL`)
  }
  const keyless = preset.keyOptional && wanted.secrets.size === 0
  const values = wanted.values ?? {}
  // What only the preset's own schemes name is not asked for where others take their place.
  const asked = wanted.auth === undefined ? preset : { ...preset, auth: [] }
  const service = withValues(asked, values, () =>
    serviceFromPreset(asked, {
      id: wanted.id,
      values,
      ...(wanted.baseUrls === undefined ? {} : { baseUrls: wanted.baseUrls }),
      ...(wanted.local === undefined ? {} : { local: wanted.local }),
      ...(keyless ? { keyless } : {}),
    }),
  )
  const from = serviceOrigin(preset, service, {
    baseUrls: wanted.baseUrls !== undefined,
    auth: wanted.auth !== undefined || keyless,
    values,
  })
  return { ...service, auth: wanted.auth ?? service.auth, ca: wanted.ca ?? null, from }
}

/** All services, by id. */
export function listSummaries(context: OwnerContext): ServiceSummary[] {
  return listServices(context.store, context.keys).map((service) => summariseService(context, service))
}

/**
 * Replace secrets of a service; the others stay. The next call uses the new ones.
 *
 * @throws Refusal `unknown`, `secret-missing` (none given), `invalid`.
 */
export function rotate(context: OwnerContext, id: string, secrets: SecretBytes): ServiceSummary {
  const service = requireService(context, id)
  if (secrets.size === 0) throw new Refusal('secret-missing', say`no new secret for \`${id}\` was given`)
  checkSecrets(service, secrets, false, listSecretNames(context.store, context.keys, id))
  checkFit(service, secrets, { complete: false, now: context.now() })
  context.store.transaction(() => {
    for (const name of replacedWith(service, secrets)) removeSecret(context.store, context.keys, id, name)
    putSecrets(context, id, secrets)
    record(context, 'service.rotate', id)
  })
  return summariseService(context, service)
}

/** Names of stored secrets that go because others that they belong together with are given. */
function replacedWith(service: Service, given: SecretBytes): string[] {
  return service.auth.flatMap(({ auth }) => {
    const { replacedTogether, keptHere } = schemeOf(auth)
    const names = replacedTogether ? (keptHere?.(auth) ?? []) : []
    return names.some((name) => given.has(name)) ? names : []
  })
}

/**
 * Change whose word a service's server needs; the next call goes over a new connection.
 *
 * @param ca pinned certificates, see `certificatesOf`; null: the public authorities.
 * @throws Refusal `unknown`, `invalid`.
 */
export function pin(context: OwnerContext, id: string, ca: string | null): ServiceSummary {
  const service = { ...requireService(context, id), ca }
  checkService(service)
  context.store.transaction(() => {
    putService(context.store, context.keys, service)
    record(context, 'service.pin', id)
  })
  return summariseService(context, service)
}

/**
 * Remove a service with its secrets, its capabilities, their grants and their sessions: what cannot work any more
 * must not stay as if it could.
 *
 * @throws Refusal `unknown`.
 */
export function remove(context: OwnerContext, id: string): void {
  requireService(context, id)
  context.store.urgently(() => {
    for (const capability of listCapabilities(context.store, context.keys)) {
      if (capability.service === id) dropCapability(context, capability.id)
    }
    removeService(context.store, context.keys, id)
    record(context, 'service.remove', id)
  })
}

function presetCapabilities(wanted: FromPreset, service: Service): Capability[] {
  const preset = presetById(wanted.preset)
  if (preset === null) return []
  return wanted.capabilities.map((id) => {
    const offered = preset.capabilities.find((each) => each.id === id)
    if (offered === undefined) {
      throw new Refusal('unknown', say`preset \`${preset.id}\` has no capability \`${id}\``)
    }
    checkOffered(offered, service)
    const models = wanted.models === undefined ? {} : { models: [...wanted.models] }
    const values = wanted.values ?? {}
    const made = withValues(preset, values, () =>
      capabilityFromPreset(preset, id, { id: `${service.id}-${id}`, service, values, ...models }),
    )
    return { ...made, from: capabilityOrigin(made, id, values) }
  })
}

function addService(
  context: OwnerContext,
  draft: Service,
  secrets: SecretBytes,
  capabilities: readonly Capability[],
): ServiceSummary {
  const parsed = ServiceSchema.safeParse(draft)
  if (!parsed.success) throw new Refusal('invalid', firstIssue('service', parsed.error.issues))
  const service = parsed.data
  checkService(service)
  checkSchemes(service)
  for (const capability of capabilities) checkCapability(capability, service)
  checkSecrets(service, secrets, true)
  checkFit(service, secrets, { complete: true, now: context.now() })
  context.store.transaction(() => {
    if (findService(context.store, context.keys, service.id) !== null) {
      throw new Refusal('exists', say`there is a service \`${service.id}\` already`)
    }
    putService(context.store, context.keys, service)
    putSecrets(context, service.id, secrets)
    record(context, 'service.add', service.id)
    for (const capability of capabilities) {
      putCapability(context.store, context.keys, capability)
      record(context, 'capability.add', capability.id)
    }
  })
  return summariseService(context, service)
}
