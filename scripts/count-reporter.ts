import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** How a run of the tests went. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** Environment variable that names the file the counts are written to, as JSON. */
export const COUNTS_FILE = 'VALETKEY_TEST_COUNTS'

/** Counts and says nothing. What failed outside a test (a file that did not load, a hook, a stray error) counts as a failure. */
// biome-ignore lint/style/noDefaultExport: the runner takes a reporter by its default export
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strays: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: strays.length, skipped: 0 }
    for (const module of modules) {
      let failedInside = false
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'failed') counts.failed++
        else counts.skipped++
        failedInside ||= state === 'failed'
      }
      if (module.state() === 'failed' && !failedInside) counts.failed++
    }
    const file = process.env[COUNTS_FILE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
  }
}
