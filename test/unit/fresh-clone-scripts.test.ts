import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { readSources } from '../../scripts/lint/read-sources.ts'

const ROOT = new URL('../..', import.meta.url).pathname
/** Ignored by git: made by `scripts/list-presets.ts`. */
const MADE = 'shared/presets/preset-files.ts'
const LISTS = 'node scripts/list-presets.ts && '
/** What a module loads before its own first line; what it has of types alone is not loaded. */
const LOADED = /^[ \t]*(?:import|export)\b(?!\s+type\b)(?:[^'"`;()=]*?\sfrom)?\s*'(\.[^']+)'/gm

/** Every file that is loaded with one, before anything in it runs. */
function loadedWith(entry: string, sources: ReadonlyMap<string, string>): Set<string> {
  const found = new Set([entry])
  for (const file of found) {
    for (const [, place = ''] of (sources.get(file) ?? '').matchAll(LOADED))
      found.add(posix.join(posix.dirname(file), place))
  }
  return found
}

test('no command of a fresh clone loads a file that is yet to be made', async () => {
  const sources = await readSources(ROOT)
  const { scripts } = JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8')) as {
    scripts: Record<string, string>
  }
  const commands = Object.entries(scripts).flatMap(([name, command]) => {
    const entry = /^(?:node scripts\/list-presets\.ts && )?node (\S+)/.exec(command)?.[1]
    return entry === undefined ? [] : [{ name, command, loaded: loadedWith(entry, sources) }]
  })
  const needing = commands.filter(({ loaded }) => loaded.has(MADE))
  expect(needing.map(({ name }) => name)).toContain('bench')
  expect(needing.filter(({ command }) => !command.startsWith(LISTS)).map(({ name }) => name)).toEqual([])
})
