import type { Capability, CapabilityOrigin } from '../model/capability.ts'
import type { Preset } from '../model/preset.ts'
import type { Service, ServiceMade, ServiceOrigin } from '../model/service.ts'
import type { GivenValues } from './fill-values.ts'

/** What the owner gave in the preset's place. */
export interface OwnParts {
  baseUrls: boolean
  auth: boolean
}

/** What a preset made of a service, by the service it made. */
export function madeOf(preset: Pick<Preset, 'hazards'>, service: Service, own: OwnParts): ServiceMade {
  const { label, baseUrls, auth, strip, requiredHeaders, allowHeaders, placeholder } = service
  const { denyAlways, credentialMinting, denyFields, queue, modelLists } = service
  return {
    label,
    ...(own.baseUrls ? {} : { baseUrls }),
    ...(own.auth ? {} : { auth }),
    strip,
    requiredHeaders,
    allowHeaders,
    denyAlways,
    credentialMinting,
    ...(denyFields === undefined ? {} : { denyFields }),
    ...(queue === undefined ? {} : { queue }),
    ...(modelLists === undefined ? {} : { modelLists }),
    placeholder,
    hazards: [...preset.hazards],
  }
}

/** What is kept with a new service, so that it can be told later what its preset says otherwise and what its owner does. */
export function serviceOrigin(
  preset: Preset,
  service: Service,
  chosen: OwnParts & { values: GivenValues },
): ServiceOrigin {
  const offered = preset.capabilities.map(({ id }) => id)
  return { values: { ...chosen.values }, made: madeOf(preset, service, chosen), offered }
}

/** The same for a capability that a preset made, `id` being its own within the preset. */
export function capabilityOrigin(
  { label, rules, body, limits }: Capability,
  id: string,
  values: GivenValues,
): CapabilityOrigin {
  return { capability: id, values: { ...values }, made: { label, rules, body, limits } }
}
