import type { Preset } from '../model/preset.ts'
import { PRESET_FILES } from './preset-files.ts'

/**
 * Every service the product knows, by its name, in the order in which an owner is offered them: as `localeCompare` has them in
 * English, whose tables take a starting host seven milliseconds and two megabytes.
 */
export const PRESETS: readonly Preset[] = [...PRESET_FILES].sort((one, other) =>
  one.label.toLowerCase() < other.label.toLowerCase() ? -1 : 1,
)

/** The preset of that id, or null. */
export function presetById(id: string): Preset | null {
  return PRESETS.find((preset) => preset.id === id) ?? null
}
