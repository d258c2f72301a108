import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DONE_FILE } from '../test/support/hard.ts'
import { buildAll } from './build.ts'
import { COUNTS_FILE, type Counts } from './count-reporter.ts'
import { findBrowser } from './find-browser.ts'
import { installPasswordManagers } from './install-password-managers.ts'
import { installStrace } from './install-strace.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const hard = process.argv.includes('--hard')
const compat = process.argv.includes('--compat')
const choice = process.argv.slice(2).filter((argument) => argument !== '--hard' && argument !== '--compat')

/** The suite of `--compat`, with packages of its own: exact versions, none of whose scripts is run. */
const COMPAT = join(root, 'test', 'compat')

/**
 * `npm test`: browsers, build, every suite, and one plain line that says how it went. Arguments go to vitest. `--hard`:
 * the large runs go to their full figures. `--compat`: instead of all that, the packages of `test/compat`, installed first.
 */
async function main(): Promise<number> {
  const say = (line: string) => console.log(line)
  const [chromium, firefox] = [await findBrowser('chromium', say), await findBrowser('firefox', say)]
  if (compat) {
    const ci = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
    if ((await run('npm', ci, process.env, COMPAT)) !== 0) {
      console.log('the packages of test/compat could not be installed\n0 passed, 1 failed')
      return 1
    }
  } else {
    installStrace(say)
    installPasswordManagers(say)
  }
  if (!compat && choice.length === 0 && (await run('npm', ['run', '--silent', 'check'], process.env)) !== 0) {
    console.log('lint or types failed: nothing else was run\n0 passed, 1 failed')
    return 1
  }
  await buildAll({ say })
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-report-'))
  const [file, done] = [join(folder, 'counts.json'), join(folder, 'done.jsonl')]
  try {
    const code = await runVitest({
      VALETKEY_CHROMIUM: chromium,
      VALETKEY_FIREFOX: firefox,
      [COUNTS_FILE]: file,
      [DONE_FILE]: done,
      ...(hard ? { VALETKEY_HARD: '1' } : {}),
    })
    const counts = await readCounts(file)
    for (const line of await readDone(done)) console.log(line)
    // Again at the end: of a long run, often only that is kept.
    for (const failure of counts.failures) console.log(`FAILED ${failure}\n`)
    console.log(describe(counts))
    return code === 0 && counts.failed > 0 ? 1 : code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runVitest(env: Record<string, string>): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=./scripts/count-reporter.ts']
  const config = compat ? 'scripts/vitest.compat.config.ts' : 'scripts/vitest.config.ts'
  const args = [vitest, 'run', '--config', config, ...reporters, ...choice]
  return run(process.execPath, args, { ...process.env, ...env })
}

/** @returns the exit code; 1 for a program that was ended by a signal. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd = root): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** What the reporter counted. No counts at all are one failure: the run did not come to its end. */
async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? { passed: 0, failed: 1, skipped: 0, failures: [] } : (JSON.parse(text) as Counts)
}

/** What was done how often, summed over the suites, one line each. */
async function readDone(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  const sums = new Map<string, number>()
  for (const line of lines) {
    const { what, count } = JSON.parse(line) as { what: string; count: number }
    sums.set(what, (sums.get(what) ?? 0) + count)
  }
  return [...sums].sort().map(([what, count]) => `${String(count).padStart(9)}  ${what}`)
}

function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

process.exitCode = await main()
