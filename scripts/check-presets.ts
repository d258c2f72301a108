import { type Preset, PresetSchema } from '../shared/model/preset.ts'

/** What is wrong with presets, each with the preset and the place. Empty: nothing. */
export function presetFaults(presets: readonly Preset[]): string[] {
  const faults = presets.flatMap((preset) => {
    const parsed = PresetSchema.safeParse(preset)
    const issues = parsed.success ? [] : parsed.error.issues
    return issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? ` ${issue.keys.join(', ')}` : ''
      return `preset \`${preset.id}\` at \`${issue.path.join('.')}\`: ${issue.code}${keys}`
    })
  })
  const ids = presets.flatMap(({ id, capabilities }) => [id, ...capabilities.map((one) => one.id)])
  const again = ids.filter((id, index) => ids.indexOf(id) !== index)
  return [...faults, ...again.map((id) => `the id \`${id}\` is there twice`)]
}
