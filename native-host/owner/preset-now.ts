import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import type { Preset } from '../../shared/model/preset.ts'
import type { NotCompared } from '../../shared/model/preset-change.ts'
import { type Service, type ServiceMade, ServiceSchema } from '../../shared/model/service.ts'
import { capabilityValues, serviceValues, ValueFault } from '../../shared/presets/fill-values.ts'
import { madeOf, type OwnParts } from '../../shared/presets/preset-origin.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import { type CapabilityMade, capabilityView } from '../policy/capability-parts.ts'
import { recoverValues } from './recover-values.ts'

/** What a preset would make of a service today, with what its owner chose; what they chose instead is left out. */
export interface ServiceNow {
  readonly values: Record<string, string>
  readonly own: OwnParts
  readonly made: ServiceMade
  /** As it would be stored. */
  readonly service: Service
}

/** The same for a capability. */
export interface CapabilityNow {
  /** Id within the preset. */
  readonly capability: string
  readonly values: Record<string, string>
  readonly made: CapabilityMade
}

/** What a preset would make of a service today; why not, where that cannot be said. */
export function serviceNow(stored: Service, preset: Preset): ServiceNow | NotCompared {
  const keyless = preset.keyOptional && stored.auth.every(({ auth }) => auth.kind === 'none')
  const own = stored.from === undefined ? guessedOwn(stored, preset, keyless) : keptOwn(stored.from.made)
  const asked = own.auth ? { ...preset, auth: [] } : preset
  const values = stored.from?.values ?? recoverValues(serviceValues(asked), asked, stored)
  return orNotCompared(() => {
    const made = serviceFromPreset(asked, {
      id: stored.id,
      local: stored.local,
      values,
      ...(keyless ? { keyless } : {}),
      ...(own.baseUrls ? { baseUrls: stored.baseUrls } : {}),
    })
    // As it would be read from the vault: with what schemes take for granted.
    const service = ServiceSchema.parse(own.auth ? { ...made, auth: stored.auth } : made)
    return { values, own, made: madeOf(preset, service, own), service }
  })
}

/** Which of a preset's capabilities a stored one is, as was kept or as its name tells; null where neither says. */
export function offeredAs(stored: Capability, preset: Preset): string | null {
  return stored.from?.capability ?? guessedCapability(stored, preset)
}

/** What the preset would make of a capability today; why not, where that cannot be said. */
export function capabilityNow(
  stored: Capability,
  preset: Preset,
  service: Service,
): CapabilityNow | NotCompared {
  const id = offeredAs(stored, preset)
  if (id === null) return 'unknown'
  const offered = preset.capabilities.find((each) => each.id === id)
  if (offered === undefined) return 'gone'
  const values = stored.from?.values ?? recoverValues(capabilityValues(preset, offered), offered, stored)
  return orNotCompared(() => {
    const made = capabilityFromPreset(preset, id, {
      id: stored.id,
      service,
      values,
      ...(stored.models === null ? {} : { models: stored.models }),
    })
    const view = capabilityView(CapabilitySchema.parse(made))
    const said = view.body.map((rule) => JSON.stringify(rule))
    const kept = keptDenials(stored, preset).filter((rule) => !said.includes(JSON.stringify(rule)))
    return { capability: id, values, made: { ...view, body: [...view.body, ...kept] } }
  })
}

function keptOwn(made: ServiceMade): OwnParts {
  return { baseUrls: made.baseUrls === undefined, auth: made.auth === undefined }
}

function guessedOwn({ baseUrls }: Service, preset: Preset, keyless: boolean): OwnParts {
  const usual = preset.baseUrls.map((url) => url.replace(/\/+$/, ''))
  return { baseUrls: usual.length === 0 || JSON.stringify(usual) !== JSON.stringify(baseUrls), auth: keyless }
}

/** As `service add` names them, or by what the preset calls it. */
function guessedCapability({ id, label, service }: Capability, preset: Preset): string | null {
  const named = preset.capabilities.find((each) => id === `${service}-${each.id}`)
  if (named !== undefined) return named.id
  const alike = preset.capabilities.filter((each) => each.label === label)
  return alike.length === 1 ? (alike[0]?.id ?? null) : null
}

/**
 * SECURITY: conditions that stand in for denials of the service: those of a service stored before there were such denials.
 * They are not the preset's to take away.
 */
function keptDenials({ body }: Capability, { denyFields = [] }: Preset): Capability['body'] {
  const pointers = denyFields.flatMap(({ names }) => names.map((name) => `/${name}`))
  return body.filter((rule) => rule.op === 'absent' && pointers.includes(rule.pointer))
}

function orNotCompared<T>(make: () => T): T | NotCompared {
  try {
    return make()
  } catch (error) {
    if (error instanceof ValueFault) return 'value'
    throw error
  }
}
