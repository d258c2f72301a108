import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildAll } from './build.ts'

const SHOOT = fileURLToPath(new URL('../test/support/ui-stage/shoot.ts', import.meta.url))
const LANGUAGES = ['en', 'de']

/**
 * `npm run screenshots`: a picture of every staged state of the popup, the windows that ask and the control room, light and
 * dark, in each language, from the built extension in a real browser. `-- --only word` takes those whose name has the word.
 */
const { values } = parseArgs({
  options: { to: { type: 'string', default: 'screenshots' }, only: { type: 'string', default: '' } },
})
const { chrome } = await buildAll({ targets: ['chrome'], say: (line) => console.log(line) })
for (const language of LANGUAGES) {
  const to = join(resolve(values.to), language)
  // English is what a browser without a wish shows.
  const wish = language === 'en' ? [] : ['--language', language]
  const args = [SHOOT, '--from', chrome, '--to', to, '--only', values.only, ...wish]
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')
  if (code !== 0) process.exit(1)
  console.log(`pictures in ${to}`)
}
