import type { Capability } from '../model/capability.ts'
import type { Preset, PresetCapability } from '../model/preset.ts'
import { capabilityValues, type GivenValues, isValue } from './fill-values.ts'
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
  const needed = capabilityValues(preset, offered)
  const conditions = offered.body ?? []
  const written = JSON.stringify([rulesOf(preset, offered, baseUrls), conditions])
  const made = JSON.stringify([capability.rules, capability.body.slice(0, conditions.length)])
  let shape = written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  needed.forEach(({ id }, at) => {
    // The first place says what the value is; all others have to say the same.
    shape = shape.replace(`\\{${id}\\}`, `(?<v${at}>[^"]*?)`).replaceAll(`\\{${id}\\}`, `\\k<v${at}>`)
  })
  const found = new RegExp(`^${shape}$`, 'u').exec(made)
  if (found === null) return null
  const values = needed.map((value, at) => ({ value, text: found.groups?.[`v${at}`] ?? '' }))
  if (values.some(({ value, text }) => !isValue(value, text))) return null
  return Object.fromEntries(values.map(({ value, text }) => [value.id, text]))
}
