import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the catalogue. */
const FOLDER = fileURLToPath(new URL('../shared/presets', import.meta.url))
/** The generated file in it. */
const LIST = 'preset-files.ts'

const HEAD = `// Made by "node scripts/list-presets.ts" from the files of this folder: do not edit.
import type { Preset } from '../model/preset.ts'
`

/** What the list of presets has to be: Node knows no `import.meta.glob`, so the files are named one by one. */
export async function presetList(): Promise<string> {
  const names: string[] = []
  for (const file of (await readdir(FOLDER)).sort(byName)) {
    if (!file.endsWith('.ts') || file === LIST) continue
    const text = await readFile(join(FOLDER, file), 'utf8')
    if (new RegExp(`^export const ${constantOf(file)}\\b`, 'm').test(text)) names.push(file)
  }
  const imports = names.map((file) => `import { ${constantOf(file)} } from './${file}'\n`)
  const items = names.map((file) => `  ${constantOf(file)},\n`)
  return `${HEAD}${imports.join('')}
/** The preset of every file of this folder that holds one, by file name. */
export const PRESET_FILES: readonly Preset[] = [
${items.join('')}]
`
}

/** The list as it stands in the folder. */
export function writtenPresetList(): Promise<string> {
  return readFile(join(FOLDER, LIST), 'utf8')
}

/** As the linter orders imports: by the name without its ending. */
function byName(one: string, other: string): number {
  return one.replace(/\.ts$/, '') < other.replace(/\.ts$/, '') ? -1 : 1
}

/** `brave-search.ts` holds `BRAVE_SEARCH`. */
function constantOf(file: string): string {
  return file.replace(/\.ts$/, '').replaceAll('-', '_').toUpperCase()
}

if (import.meta.main) await writeFile(join(FOLDER, LIST), await presetList())
