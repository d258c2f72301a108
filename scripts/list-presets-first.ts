import { writePresetList } from './list-presets.ts'

/** What vitest runs before the first test: the list of presets as the folder has it now. @throws NoPreset. */
export async function setup(): Promise<void> {
  await writePresetList()
}
