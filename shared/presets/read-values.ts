import type { Capability } from '../model/capability.ts'
import type { Preset, PresetCapability, PresetValue } from '../model/preset.ts'
import type { Service } from '../model/service.ts'
import { capabilityValues, type GivenValues, isValue, serviceValues } from './fill-values.ts'
import { rulesOf } from './preset-to-service.ts'

/**
 * The values a capability was made with from what a preset offers, read back from its rules and conditions. Null: it was
 * not made of this, or was changed since.
 *
 * @param baseUrls those of its service, which place the paths.
 */
export function readValues(
  preset: Preset,
  offered: PresetCapability,
  baseUrls: readonly string[],
  capability: Pick<Capability, 'rules' | 'body'>,
): GivenValues | null {
  const conditions = offered.body ?? []
  return readBack(
    [rulesOf(preset, offered, baseUrls), conditions],
    [capability.rules, capability.body.slice(0, conditions.length)],
    capabilityValues(preset, offered),
  )
}

/**
 * The values a service was made with, read back from its schemes. Null: its schemes are not the preset's, or do not name
 * all the values that the service needs.
 */
export function readServiceValues(preset: Preset, service: Pick<Service, 'auth'>): GivenValues | null {
  const schemes = (list: Service['auth']) => list.map(({ auth }) => auth)
  const needed = serviceValues(preset)
  return needed.length === 0 ? {} : readBack(schemes(preset.auth), schemes(service.auth), needed)
}

/** What stands in `made` where `written` has `{id}`; null where they differ elsewhere, or a value is none. */
function readBack(written: unknown, made: unknown, needed: readonly PresetValue[]): GivenValues | null {
  let shape = JSON.stringify(written).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  needed.forEach(({ id }, at) => {
    // The first place says what the value is; all others have to say the same.
    shape = shape.replace(`\\{${id}\\}`, `(?<v${at}>[^"]*?)`).replaceAll(`\\{${id}\\}`, `\\k<v${at}>`)
  })
  const found = new RegExp(`^${shape}$`, 'u').exec(JSON.stringify(made))
  if (found === null) return null
  const values = needed.map((value, at) => ({ value, text: found.groups?.[`v${at}`] ?? '' }))
  if (values.some(({ value, text }) => !isValue(value, text))) return null
  return Object.fromEntries(values.map(({ value, text }) => [value.id, text]))
}
