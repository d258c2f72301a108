import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LOOK_OPTIONS, lookArguments, lookOf } from '../test/support/ui-stage/picture-look.ts'
import { buildAll } from './build.ts'

const source = (path: string) => fileURLToPath(new URL(`../test/support/${path}`, import.meta.url))
const STAGED = source('ui-stage/shoot.ts')
const REAL = source('ui-real/shoot.ts')

/**
 * `npm run screenshots`: pictures of every screen. Of the real extension with a real host in real browsers, in `real/<browser>/`, each
 * state that can be reached with them; of each staged state, in `<language>/`, light and dark. A real picture and a staged one of the
 * same name show the same state; `test/support/ui-real/pictures.ts` lists them, and says of the few that are staged alone why.
 *
 * `-- --staged` or `-- --real` takes one kind alone, `--browser firefox` one browser, `--only word` the staged ones whose name has
 * the word, or with `--real` the chapters that have it: `--real --only trouble`. `--dark`, `--forced-colors`, `--zoom 200`, `--rtl`, `--language de` and `--width 360` are what a person may have set.
 */
const { values } = parseArgs({
  options: {
    ...LOOK_OPTIONS,
    language: { type: 'string' },
    to: { type: 'string', default: 'screenshots' },
    only: { type: 'string', default: '' },
    browser: { type: 'string' },
    real: { type: 'boolean', default: false },
    staged: { type: 'boolean', default: false },
  },
})
const look = lookOf({ ...values, language: values.language ?? 'en' })
const to = resolve(values.to)
const { chrome } = await buildAll({ say: (line) => console.log(line) })
if (!values.real) {
  for (const language of values.language === undefined ? ['en', 'de'] : [values.language]) {
    const args = ['--from', chrome, '--to', join(to, language), '--only', values.only]
    await run([STAGED, ...args, ...lookArguments({ ...look, language })])
    console.log(`pictures in ${join(to, language)}`)
  }
}
if (!values.staged && (values.real || values.only === '')) {
  for (const browser of values.browser === undefined ? ['chromium', 'firefox'] : [values.browser])
    await run([
      ...[REAL, '--browser', browser, '--to', join(to, 'real', browser), '--only', values.only],
      ...lookArguments(look),
    ])
}

/** A walk that fails fails the command, once the others are walked too. */
async function run(args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')
  if (code !== 0) process.exitCode = 1
}
