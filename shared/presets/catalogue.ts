import type { Preset } from '../model/preset.ts'
import { ANTHROPIC } from './anthropic.ts'
import { JAN } from './jan.ts'
import { MODELSLAB } from './modelslab.ts'
import { OPENAI } from './openai.ts'
import { OPENAI_COMPATIBLE } from './openai-compatible.ts'

/** Every service the product knows, in the order in which an owner is offered them. */
export const PRESETS: readonly Preset[] = [OPENAI, ANTHROPIC, MODELSLAB, JAN, OPENAI_COMPATIBLE]

/** The preset of that id, or null. */
export function presetById(id: string): Preset | null {
  return PRESETS.find((preset) => preset.id === id) ?? null
}
