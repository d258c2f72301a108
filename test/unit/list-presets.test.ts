import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NoPreset, presetList, writePresetList } from '../../scripts/list-presets.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'

const GOOD = `import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

export const NEW_ONE = definePreset({
  id: 'new-one',
})

export const EXAMPLES: PresetExamples = {}
`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valetkey-presets-'))
  await writeFile(join(folder, 'new-one.ts'), GOOD)
})
afterEach(() => rm(folder, { recursive: true }))

describe('the list of presets', () => {
  test('names each file that is a preset, and no other', async () => {
    await writeFile(join(folder, 'place.ts'), "import type { Preset } from '../model/preset.ts'\n")
    await writeFile(join(folder, 'new.ts'), GOOD.replaceAll('new-one', 'new').replace('NEW_ONE', 'NEW'))
    await writeFile(join(folder, 'README.md'), GOOD)
    const list = await presetList(folder)
    expect(list.match(/^import \{.*$/gm)).toEqual([
      "import { NEW } from './new.ts'",
      "import { NEW_ONE } from './new-one.ts'",
    ])
    expect(list).toContain('= [\n  NEW,\n  NEW_ONE,\n]')
  })

  test.each([
    ['the constant', 'NEW_ONE =', 'NEWONE =', 'export const NEW_ONE = definePreset({'],
    ['the examples', 'EXAMPLES:', 'SAMPLES:', 'export const EXAMPLES: PresetExamples = {'],
    ['the id', "'new-one'", "'newone'", "id: 'new-one',"],
  ])('a slip in %s is told with the file and what to write', async (_what, good, slip, wanted) => {
    await writeFile(join(folder, 'new-one.ts'), GOOD.replace(good, slip))
    await expect(presetList(folder)).rejects.toThrow(
      new NoPreset(`shared/presets/new-one.ts lacks \`${wanted}\``),
    )
  })

  test('is written once, whole, and again when a file comes or goes', async () => {
    const written = () => readFile(join(folder, 'preset-files.ts'), 'utf8')
    expect(await writePresetList(folder)).toBe(true)
    expect(await writePresetList(folder)).toBe(false)
    await rm(join(folder, 'new-one.ts'))
    expect(await writePresetList(folder)).toBe(true)
    expect(await written()).toBe(await presetList(folder))
    expect(await written()).not.toContain('NEW_ONE')
    expect(await readdir(folder)).toEqual(['preset-files.ts'])
  })

  test('stays as it was where a file has a slip', async () => {
    await writePresetList(folder)
    await mkdir(join(folder, 'deeper'))
    await writeFile(join(folder, 'bad.ts'), GOOD)
    await expect(writePresetList(folder)).rejects.toThrow('shared/presets/bad.ts lacks')
    expect(await readFile(join(folder, 'preset-files.ts'), 'utf8')).toContain("'./new-one.ts'")
  })

  test('that these tests run with is the one of the folder', async () => {
    const files = (await presetList()).match(/(?<=from '\.\/)[a-z0-9-]+(?=\.ts')/g) ?? []
    expect(PRESETS.map(({ id }) => id).sort()).toEqual(files.sort())
  })
})
