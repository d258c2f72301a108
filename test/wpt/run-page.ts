import type { Browser } from 'puppeteer-core'
import type { PageResult, Showing } from './kept-results.ts'
import { RESULTS } from './serve.ts'
import type { SuitePage } from './tests-of.ts'

const HARNESS = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED']
const TEST = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED']
/** Milliseconds after which the harness gives up by itself, and tells what it has. */
const HARNESS_WAIT = { short: 10_000, long: 60_000 }
/** Milliseconds for all that is not the harness: the tab, the page's start, and telling of the results. */
const BESIDE = 30_000

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
    const timeout = (isLong ? HARNESS_WAIT.long : HARNESS_WAIT.short) * patience + BESIDE
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
