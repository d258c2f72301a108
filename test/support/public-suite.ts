import { existsSync } from 'node:fs'
import { describe, test } from 'vitest'

/** Public suites that stand beside the project and are not part of it. */
const SUITES = new URL('../../../shared/vectors/third-party/', import.meta.url)

/** A suite that says loudly that it was skipped where its files are missing. @param suite gets the folder. */
export function describeSuite(name: string, folder: string, suite: (root: URL) => void): void {
  const root = new URL(folder, SUITES)
  if (existsSync(root)) describe(name, () => suite(root))
  else {
    process.stderr.write(`SKIPPED: ${name} (${folder} is not beside the project)\n`)
    // Other people’s files are not committed: a clone with nothing beside it has none to run, and says so.
    describe.skip(`${name} (skipped: ${folder} is not beside the project)`, () => test('skipped', () => {}))
  }
}
