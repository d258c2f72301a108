import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the catalogue. */
const FOLDER = fileURLToPath(new URL('../shared/presets', import.meta.url))
/** The generated file in it, which git ignores: it is made anew wherever it is needed. */
const LIST = 'preset-files.ts'

const HEAD = `// Made by "node scripts/list-presets.ts" from the files of this folder, before each build, check and test: do not edit.
import type { Preset } from '../model/preset.ts'
`

/** What a file of the folder lacks to be a preset. */
export class NoPreset extends Error {
  override name = 'NoPreset'
}

/**
 * What the list of presets has to be: Node knows no `import.meta.glob`, so the files are named one by one. A file is a
 * preset where it imports `define-preset.ts`; the others of the folder are what works on presets.
 *
 * @param folder where the files are. @throws NoPreset for a file that uses `definePreset` and lacks one of its two
 *   exports, or whose id is not its name: says which file and what to write.
 */
export async function presetList(folder: string = FOLDER): Promise<string> {
  const names: string[] = []
  for (const file of (await readdir(folder)).sort(byName)) {
    if (!file.endsWith('.ts') || file === LIST) continue
    const text = await readFile(join(folder, file), 'utf8')
    if (!/^import \{ definePreset \} from '\.\/define-preset\.ts'$/m.test(text)) continue
    checkPreset(file, text)
    names.push(file)
  }
  const imports = names.map((file) => `import { ${constantOf(file)} } from './${file}'\n`)
  const items = names.map((file) => `  ${constantOf(file)},\n`)
  return `${HEAD}${imports.join('')}
/** The preset of every file of this folder that holds one, by file name. */
export const PRESET_FILES: readonly Preset[] = [
${items.join('')}]
`
}

/** Without this a file with a slip in a name would be left out and nobody would miss it. */
function checkPreset(file: string, text: string): void {
  const [constant, id] = [constantOf(file), file.replace(/\.ts$/, '')]
  const lacks = (wanted: string) => new NoPreset(`shared/presets/${file} lacks \`${wanted}\``)
  if (!new RegExp(`^export const ${constant} = definePreset\\(`, 'm').test(text))
    throw lacks(`export const ${constant} = definePreset({`)
  if (!/^export const EXAMPLES: PresetExamples = /m.test(text))
    throw lacks('export const EXAMPLES: PresetExamples = {')
  if (!new RegExp(`^ {2}id: '${id}',$`, 'm').test(text)) throw lacks(`id: '${id}',`)
}

/**
 * Write the list where it is not what the folder has. Several processes may do it at once: nobody reads half of it.
 *
 * @param folder where the files are. @returns true where it was written. @throws NoPreset.
 */
export async function writePresetList(folder: string = FOLDER): Promise<boolean> {
  const [file, wanted] = [join(folder, LIST), await presetList(folder)]
  if ((await readFile(file, 'utf8').catch(() => null)) === wanted) return false
  const fresh = join(folder, `.${LIST}-${process.pid}`)
  await writeFile(fresh, wanted)
  await rename(fresh, file)
  return true
}

/** As the linter orders imports: by the name without its ending. */
function byName(one: string, other: string): number {
  return one.replace(/\.ts$/, '') < other.replace(/\.ts$/, '') ? -1 : 1
}

/** `brave-search.ts` holds `BRAVE_SEARCH`. */
function constantOf(file: string): string {
  return file.replace(/\.ts$/, '').replaceAll('-', '_').toUpperCase()
}

if (import.meta.main) await tell()

/** For a shell: the sentence alone, and a code. */
async function tell(): Promise<void> {
  try {
    await writePresetList()
  } catch (error) {
    if (!(error instanceof NoPreset)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
