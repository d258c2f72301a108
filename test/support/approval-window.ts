import type { Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { mayClose } from './of-closing.ts'

const PATH = 'extension/popup/approve.html'
const REQUEST_PATH = 'extension/popup/request.html'
/** A page that says nothing of itself for so long is gone, ms: one of a busy machine may take seconds. */
const GONE_MS = 10_000

/** What may be pressed in the window that asks, as it is written there. */
export type Press =
  | 'Deny'
  | 'Allow once'
  | 'Allow for 10 minutes'
  | 'Allow for this session'
  | `Deny all ${number} calls of this site`
  | 'Allow'

/** Every window that asks, at this moment. */
export function approvalPages(driver: Driver): Promise<Page[]> {
  return pagesAt(driver, PATH)
}

/** Every window that shows what a page asks for, at this moment. */
export function requestPages(driver: Driver): Promise<Page[]> {
  return pagesAt(driver, REQUEST_PATH)
}

async function pagesAt(driver: Driver, path: string): Promise<Page[]> {
  const pages = await driver.browser.pages()
  const places = await Promise.all(pages.map(placeOfPage))
  return pages.filter((_, at) => places[at] === `${driver.extensionOrigin}/${path}`)
}

/**
 * Where a page says it is: Firefox's driver itself tells `about:blank` of pages of an extension. Empty for one that is gone or
 * has crashed, which both drivers still know.
 */
function placeOfPage(page: Page): Promise<string> {
  const said = page.evaluate(() => location.href).catch(() => '')
  return Promise.race([said, new Promise<string>((resolve) => setTimeout(() => resolve(''), GONE_MS))])
}

/** Wait for the one window that asks, until it shows a call. */
export function approvalPage(driver: Driver): Promise<Page> {
  return theOne(() => approvalPages(driver))
}

/** Wait for the one window that shows what a page asks for, until it shows it and what the owner has for it. */
export async function requestPage(driver: Driver): Promise<Page> {
  const page = await theOne(() => requestPages(driver))
  // What is drawn before the host has answered moves under the mouse.
  await page.waitForSelector('.waiting', { hidden: true, timeout: 30_000 })
  return page
}

async function theOne(pages: () => Promise<Page[]>): Promise<Page> {
  const [page] = await eventually('one window asks', pages, ({ length }) => length === 1)
  if (page === undefined) throw new Error('no window asks')
  await page.waitForSelector('.approve-answers', { timeout: 30_000 })
  return page
}

/** Wait until no window asks. */
export async function approvalsGone(driver: Driver): Promise<void> {
  await eventually(
    'no window asks',
    () => approvalPages(driver),
    (pages) => pages.length === 0,
  )
}

/** Wait until no window shows what a page asks for. */
export async function requestsGone(driver: Driver): Promise<void> {
  await eventually(
    'no page asks',
    () => requestPages(driver),
    (pages) => pages.length === 0,
  )
}

/** Wait until an Allow counts, as a person does who reads. */
export async function whenArmed(page: Page): Promise<void> {
  await page.waitForSelector('.button-primary:not([aria-disabled])', { timeout: 30_000 })
}

/** Between two presses of a hand that presses on and on, ms. */
const AGAIN_MS = 15

/**
 * Press a button with the mouse, now, whether it counts or not. A click that is refused leaves no trace. The window may go by it.
 *
 * @param times one after the other, without a look at what each of them does: enough of them last until the next question is there.
 */
export async function pressNow(page: Page, name: Press, times = 1): Promise<void> {
  const { x, y } = await placeOf(page, name)
  const presses: Promise<void>[] = []
  for (let pressed = 0; pressed < times; pressed += 1) {
    presses.push(mayClose(page.mouse.click(x, y)))
    if (times > 1) await new Promise((again) => setTimeout(again, AGAIN_MS))
  }
  await Promise.all(presses)
}

/** Wait until an Allow counts, and press a button with the mouse. */
export async function press(page: Page, name: Press): Promise<void> {
  await whenArmed(page)
  await pressNow(page, name)
}

/** Middle of a button, in CSS pixels of the page. */
function placeOf(page: Page, name: Press): Promise<{ x: number; y: number }> {
  return page.evaluate((label) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent === label)
    if (button === undefined) throw new Error(`there is no button \`${label}\``)
    const { left, top, width, height } = button.getBoundingClientRect()
    return { x: left + width / 2, y: top + height / 2 }
  }, name)
}
