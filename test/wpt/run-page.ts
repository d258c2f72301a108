import type { Browser } from 'puppeteer-core'
import type { PageResult, Showing } from './kept-results.ts'
import { RESULTS } from './serve.ts'
import type { SuitePage } from './tests-of.ts'

const HARNESS = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED']
const TEST = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED']
/** Milliseconds: the harness gives up after 10 or 60 s by itself. */
const WAIT = { short: 15_000, long: 65_000 }

interface Report {
  status: number
  message: string | null
  tests: { name: string; status: number; message: string | null }[]
}

/**
 * Show one page in a tab of its own and wait for its results. A page that never tells any is `NO RESULT`.
 *
 * @throws where the browser is gone, or opens no tab.
 */
export async function runPage(
  browser: Browser,
  { origin, patience }: { readonly origin: string; readonly patience: number },
  { path, isLong }: SuitePage,
): Promise<Pick<Showing, 'result' | 'messages'>> {
  const tab = await browser.newPage()
  try {
    const timeout = (isLong ? WAIT.long : WAIT.short) * patience
    await tab.goto(origin + path, { timeout, waitUntil: 'domcontentloaded' })
    const found = await tab.waitForSelector(`#${RESULTS}`, { timeout })
    const text = (await found?.evaluate((element) => element.textContent)) ?? ''
    return showingOf(JSON.parse(text) as Report)
  } catch (error) {
    return { result: { page: 'NO RESULT' }, messages: { page: String(error) } }
  } finally {
    await tab.close({ runBeforeUnload: false }).catch(() => {})
  }
}

function showingOf({ status, message, tests }: Report): { result: PageResult; messages: PageResult } {
  const result: Record<string, string> = { page: HARNESS[status] ?? String(status) }
  const messages: Record<string, string> = message ? { page: message } : {}
  for (const test of tests) {
    result[`: ${test.name}`] = TEST[test.status] ?? String(test.status)
    if (test.status !== 0 && test.message) messages[`: ${test.name}`] = test.message
  }
  return { result, messages }
}
