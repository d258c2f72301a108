import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAll } from './build.ts'
import { findBrowser } from './find-browser.ts'

/** The part of vitest's JSON report that is counted. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** `npm test`: browsers, build, every suite, and one plain line that says how it went. Arguments go to vitest. */
async function main(): Promise<number> {
  const say = (line: string) => console.log(line)
  const [chromium, firefox] = [await findBrowser('chromium', say), await findBrowser('firefox', say)]
  await buildAll({ say })
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-report-'))
  const report = join(folder, 'report.json')
  try {
    const code = await runVitest(report, { VALETKEY_CHROMIUM: chromium, VALETKEY_FIREFOX: firefox })
    const counts = await count(report)
    console.log(describe(counts))
    return code === 0 && counts.failed > 0 ? 1 : code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runVitest(report: string, browsers: Record<string, string>): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const args = [vitest, 'run', '--config', 'scripts/vitest.config.ts', ...reporters, ...process.argv.slice(2)]
  const env = { ...process.env, ...browsers }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** A file that could not even be loaded holds no tests, so it counts as one failure. No report at all is one, too. */
async function count(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(text) as Report
  const unloaded = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

process.exitCode = await main()
