import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.ts'

const LINTER = fileURLToPath(new URL('../../node_modules/addons-linter/bin/addons-linter', import.meta.url))

/** What Mozilla's linter, which `web-ext lint` runs and addons.mozilla.org too, has to say. */
interface Verdict {
  summary: { errors: number; notices: number; warnings: number }
  errors: object[]
  notices: object[]
  warnings: object[]
}

test('Mozilla’s linter finds nothing in the extension for Firefox', async () => {
  const { firefox } = await buildAll({ targets: ['firefox'] })
  const run = promisify(execFile)(process.execPath, [LINTER, '--boring', '--output', 'json', firefox], {
    maxBuffer: 64 * 1024 * 1024,
  })
  // It exits with an error where it finds one.
  const { stdout } = await run.catch((failed: { stdout: string }) => failed)
  const { errors, warnings, notices, summary } = JSON.parse(stdout) as Verdict
  expect([...errors, ...warnings, ...notices]).toEqual([])
  expect(summary).toEqual({ errors: 0, notices: 0, warnings: 0 })
})
