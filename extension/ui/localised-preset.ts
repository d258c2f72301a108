import type { KeyShape, Preset } from '../../shared/model/preset.ts'

/**
 * A preset with everything its owner reads in another language. What is compared, sent or stored stays: ids, patterns, shapes,
 * addresses.
 *
 * @param say a text of the catalogue in that language; the same text where there is none.
 */
export function localisedPreset(preset: Preset, say: (english: string) => string): Preset {
  return {
    ...preset,
    label: say(preset.label),
    keyHint: say(preset.keyHint),
    capabilities: preset.capabilities.map((offered) => ({
      ...offered,
      label: say(offered.label),
      description: say(offered.description),
    })),
    hazards: preset.hazards.map(say),
    ...(preset.keys === undefined ? {} : { keys: preset.keys.map((shape) => localisedShape(shape, say)) }),
    ...(preset.values === undefined
      ? {}
      : { values: preset.values.map((value) => ({ ...value, label: say(value.label) })) }),
  }
}

function localisedShape(shape: KeyShape, say: (english: string) => string): KeyShape {
  return {
    ...shape,
    name: say(shape.name),
    ...(shape.advice === undefined ? {} : { advice: say(shape.advice) }),
  }
}
