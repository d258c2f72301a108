import type { Browser, Page } from 'puppeteer-core'
import type { TestServer } from './server.ts'

/** Run `probe` in the page twice: with the browser's own call (`plain`) and with a caught one (`caught`). */
export async function both<T>(
  page: Page,
  probe: (base: string) => Promise<T>,
): Promise<{ plain: T; caught: T }> {
  const run = (base: string) => page.evaluate(probe, base) as Promise<T>
  return { plain: await run('/plain'), caught: await run('/caught') }
}

/** Open a page of the server with the extension in it; browsers may take a moment to start with a new extension. */
export async function openCaughtPage(browser: Browser, server: TestServer): Promise<Page> {
  const page = await browser.newPage()
  for (let attempt = 0; attempt < 20; attempt++) {
    await page.goto(`${server.origin}/page`)
    const type = await page.evaluate(async () => (await fetch('/caught/ask')).headers.get('content-type'))
    server.leaks.length = 0
    if (type === 'application/json') return page
  }
  throw new Error('the harness extension did not start')
}
