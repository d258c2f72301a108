import type { Preset } from '../model/preset.ts'
import { PRESET_FILES } from './preset-files.ts'

/** Every service the product knows, by its name, in the order in which an owner is offered them. */
export const PRESETS: readonly Preset[] = [...PRESET_FILES].sort((one, other) =>
  one.label.localeCompare(other.label, 'en'),
)

/** The preset of that id, or null. */
export function presetById(id: string): Preset | null {
  return PRESETS.find((preset) => preset.id === id) ?? null
}
