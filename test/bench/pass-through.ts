import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Page } from 'puppeteer-core'
import { findBrowser } from '../../scripts/find-browser.ts'
import { bundle } from '../e2e/page-harness/scripts.ts'
import { startServer } from '../e2e/page-harness/server.ts'

// Prints what our script adds to a call that it does not catch: the page's `fetch` is a function that answers at once, called
// by itself and with our script before it, in turns, in the same page. `node test/bench/pass-through.ts [chromium | firefox]`.

const CALLS = 4000
/** The best of so many: what else runs on the machine only makes a run slower. */
const RUNS = 100

/** Runs in the page. @returns microseconds for each call, by kind: without us, and with. */
async function measure(
  script: string,
  calls: number,
  runs: number,
): Promise<Record<string, [plain: number, caught: number]>> {
  const answer = Promise.resolve('fine')
  const plain = function fetch(_input?: unknown) {
    return answer
  }
  window.fetch = plain as unknown as typeof fetch
  // biome-ignore lint/security/noGlobalEval: runs the script alone, as in a page that nobody answers.
  globalThis.eval(script)
  // Until it is known that there is no list, calls wait.
  await window.fetch('/wake')
  const { fetch: ours } = window
  const url = new URL('https://elsewhere.example/v1/things?page=2')
  const request = new Request(url)
  let turn = 0
  const inputs: Record<string, () => unknown> = {
    'one address, as text': () => 'https://elsewhere.example/v1/things?page=2',
    'a new address each time': () => `https://elsewhere.example/v1/things?page=${turn++}`,
    'a path': () => '/v1/things?page=2',
    'a new path each time': () => `/v1/things?page=${turn++}`,
    'a URL': () => url,
    'a Request': () => request,
  }
  const time = (call: unknown, input: () => unknown) => {
    const started = performance.now()
    for (let at = 0; at < calls; at++) (call as (given: unknown) => unknown)(input())
    return ((performance.now() - started) * 1000) / calls
  }
  const results: Record<string, [number, number]> = {}
  for (const [name, input] of Object.entries(inputs)) {
    const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let run = 0; run < runs; run++) {
      best[0] = Math.min(best[0], time(plain, input))
      best[1] = Math.min(best[1], time(ours, input))
    }
    results[name] = best
  }
  return results
}

async function open(browserName: string, home: string): Promise<Page> {
  const isFirefox = browserName === 'firefox'
  const browser = await puppeteer.launch({
    browser: isFirefox ? 'firefox' : 'chrome',
    executablePath: await findBrowser(isFirefox ? 'firefox' : 'chromium'),
    headless: true,
    env: { ...process.env, HOME: home },
    args: isFirefox ? [] : ['--no-sandbox', '--disable-gpu'],
  })
  return browser.newPage()
}

/** Microseconds a call by kind: without us, and with. The best of many runs, which took turns. */
export async function measurePassThrough(
  browserName: string,
): Promise<Record<string, [plain: number, caught: number]>> {
  const server = await startServer()
  const home = await mkdtemp(join(tmpdir(), 'valetkey-bench-'))
  try {
    const script = await bundle('extension/page/main.iife.ts')
    const page = await open(browserName, home)
    try {
      await page.goto(`${server.origin}/page`)
      return await page.evaluate(measure, script, CALLS, RUNS)
    } finally {
      await page.browser().close()
    }
  } finally {
    await server.close()
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

if (import.meta.main) {
  for (const browserName of process.argv[2] ? [process.argv[2]] : ['chromium', 'firefox']) {
    console.log(browserName)
    for (const [name, [plain, caught]] of Object.entries(await measurePassThrough(browserName)))
      console.log(`  ${name.padEnd(28)}${(caught - plain).toFixed(2).padStart(8)} µs a call over native`)
  }
}
