import type { Preset, PresetCapability, PresetValue } from '../model/preset.ts'

/** A value of a preset that the owner did not give, or that is none. The message says what to give. */
export class ValueFault extends TypeError {
  override name = 'ValueFault'
}

/** What the owner said of a preset's values, by their ids. */
export type GivenValues = Readonly<Record<string, string>>

/** The values without which the service itself cannot be made: its schemes, its own denials or its test call name them. */
export function serviceValues(preset: Preset): PresetValue[] {
  const { auth, denyAlways, credentialMinting, test, requiredHeaders } = preset
  return namedIn(preset, { auth, denyAlways, credentialMinting, test, requiredHeaders })
}

/** The values without which a capability of the preset cannot be made. */
export function capabilityValues(preset: Preset, capability: PresetCapability): PresetValue[] {
  const { allow, deny, body } = capability
  return namedIn(preset, { allow, deny, body })
}

/** The values without which the service with these of its capabilities cannot be made, in the preset's order. */
export function neededValues(preset: Preset, capabilities: readonly string[]): PresetValue[] {
  const chosen = preset.capabilities.filter(({ id }) => capabilities.includes(id))
  const needed = [...serviceValues(preset), ...chosen.flatMap((one) => capabilityValues(preset, one))]
  return (preset.values ?? []).filter(({ id }) => needed.some((value) => value.id === id))
}

/** True where a value is what the preset says such values look like. */
export function isValue(value: PresetValue, text: string): boolean {
  return new RegExp(`^(?:${value.shape})$`, 'u').test(text)
}

/**
 * A part of a preset with the owner's values in place of their `{id}`.
 *
 * @throws ValueFault for a value that is missing from what was given or does not look like one.
 */
export function fillValues<T>(part: T, needed: readonly PresetValue[], given: GivenValues): T {
  return needed.reduce((filled, value) => {
    const text = Object.hasOwn(given, value.id) ? given[value.id] : undefined
    if (text === undefined) throw new ValueFault(`say which ${value.label} is meant, as in \`${value.hint}\``)
    // SECURITY: it becomes part of rules, where `*` and `/` mean more than themselves.
    if (!isValue(value, text))
      throw new ValueFault(`\`${text}\` is no ${value.label}: one looks like \`${value.hint}\``)
    return replaceIn(filled, `{${value.id}}`, text)
  }, part)
}

function namedIn(preset: Preset, part: unknown): PresetValue[] {
  const text = JSON.stringify(part)
  return (preset.values ?? []).filter(({ id }) => text.includes(`{${id}}`))
}

function replaceIn<T>(part: T, name: string, text: string): T {
  if (typeof part === 'string') return part.replaceAll(name, () => text) as T
  if (Array.isArray(part)) return part.map((each) => replaceIn(each, name, text)) as T
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).map(([key, each]) => [key, replaceIn(each, name, text)]),
  ) as T
}
