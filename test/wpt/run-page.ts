import type { Browser } from 'puppeteer-core'
import type { SuitePage } from './tests-of.ts'

/** What the suite's harness said: `PASS`, `FAIL`, `TIMEOUT`, `NOTRUN` per test, and of the page itself under `page`. */
export type PageResult = Readonly<Record<string, string>>

const HARNESS = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED']
const TEST = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED']
/** Milliseconds: the harness gives up after 10 or 60 s by itself. */
const WAIT = { short: 15_000, long: 65_000 }

interface Report {
  status: number
  message: string | null
  tests: { name: string; status: number; message: string | null }[]
}

/** Show one page in a tab of its own and wait for its results. A page that never tells any is `NO RESULT`. */
export async function runPage(
  browser: Browser,
  origin: string,
  { path, isLong }: SuitePage,
  messages: Map<string, string>,
): Promise<PageResult> {
  const tab = await browser.newPage()
  try {
    const timeout = isLong ? WAIT.long : WAIT.short
    await tab.goto(origin + path, { timeout, waitUntil: 'domcontentloaded' })
    const found = await tab.waitForSelector('#__testharness__results__', { timeout })
    const text = (await found?.evaluate((element) => element.textContent)) ?? ''
    return resultOf(path, JSON.parse(text) as Report, messages)
  } catch (error) {
    messages.set(path, String(error))
    return { page: 'NO RESULT' }
  } finally {
    await tab.close({ runBeforeUnload: false }).catch(() => {})
  }
}

function resultOf(path: string, report: Report, messages: Map<string, string>): PageResult {
  const result: Record<string, string> = { page: HARNESS[report.status] ?? String(report.status) }
  if (report.message) messages.set(path, report.message)
  for (const { name, status, message } of report.tests) {
    result[`: ${name}`] = TEST[status] ?? String(status)
    if (status !== 0 && message) messages.set(`${path}: ${name}`, message)
  }
  return result
}
