import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** How a run of the tests went. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
  /** Each failed test: its file, its name, and the first lines of what it said. */
  failures: string[]
}

/** Lines of a failure that are told again at the end: enough for a difference of a few members. */
const TOLD_LINES = 40

/** Environment variable that names the file the counts are written to, as JSON. */
export const COUNTS_FILE = 'VALETKEY_TEST_COUNTS'

/** Counts and says nothing. What failed outside a test (a file that did not load, a hook, a stray error) counts as a failure. */
// biome-ignore lint/style/noDefaultExport: the runner takes a reporter by its default export
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strays: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: strays.length, skipped: 0, failures: strays.map(tell) }
    for (const module of modules) {
      let failedInside = false
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'failed') counts.failed++
        else counts.skipped++
        if (state !== 'failed') continue
        failedInside = true
        counts.failures.push(`${module.relativeModuleId} > ${test.fullName}\n${errors.map(tell).join('\n')}`)
      }
      if (module.state() !== 'failed' || failedInside) continue
      counts.failed++
      counts.failures.push(`${module.relativeModuleId}\n${module.errors().map(tell).join('\n')}`)
    }
    const file = process.env[COUNTS_FILE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
  }
}

/** An error in few lines: its message, and the difference where the runner made one. */
function tell(error: unknown): string {
  const { message = String(error), diff = '' } = (error ?? {}) as { message?: string; diff?: string }
  return `${message}\n${diff}`.trim().split('\n').slice(0, TOLD_LINES).join('\n')
}
