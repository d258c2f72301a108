import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Ignored by git: made by `scripts/list-presets.ts`. */
const MADE = 'shared/presets/preset-files.ts'
const LISTS = 'node scripts/list-presets.ts && '
/** What a module loads before its own first line; what it has of types alone is not loaded. */
const LOADED = /^[ \t]*(?:import|export)\b(?!\s+type\b)(?:[^'"`;()=]*?\sfrom)?\s*'(\.[^']+)'/gm

/** Every file that is loaded with one, before anything in it runs. */
function loadedWith(entry: string): Set<string> {
  const found = new Set([entry])
  for (const file of found) {
    const path = join(ROOT, file)
    const text = file !== MADE && existsSync(path) ? readFileSync(path, 'utf8') : ''
    for (const [, place = ''] of text.matchAll(LOADED)) found.add(posix.join(posix.dirname(file), place))
  }
  return found
}

test('no command of a fresh clone loads a file that is yet to be made', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const commands = Object.entries(scripts).flatMap(([name, command]) => {
    const entry = /^(?:node scripts\/list-presets\.ts && )?node (\S+)/.exec(command)?.[1]
    return entry === undefined ? [] : [{ name, command, loaded: loadedWith(entry) }]
  })
  const needing = commands.filter(({ loaded }) => loaded.has(MADE))
  expect(needing.map(({ name }) => name)).toContain('bench')
  expect(needing.filter(({ command }) => !command.startsWith(LISTS)).map(({ name }) => name)).toEqual([])
})
