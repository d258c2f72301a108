import type { Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { closePopup } from './popup-actions.ts'

/** What a popup shows, measured in its own window. CSS pixels. */
export interface PopupLook {
  readonly text: string
  /** Rows of live sessions. */
  readonly sessions: number
  /** Of these, how many show that something streams. */
  readonly streaming: number
  readonly width: number
  readonly height: number
  /** Of the document, where that is more than its window shows. */
  readonly widest: number
}

/** The popup that the browser itself opened below the toolbar button. */
export interface ActionPopup {
  look(): Promise<PopupLook>
  /** Where it came from to its first paint, ms; null where it has not painted yet. */
  firstPaint(): Promise<number | null>
  /** The same to the paint of the largest thing in it: what it is about, where its head was there before. */
  wholePaint(): Promise<number | null>
  /** Close it, and wait until it is gone. */
  close(): Promise<void>
}

/** Measures a popup; `view` is its window. Source, for it runs in the browser. */
const LOOK = `(view) => ({
  text: view.document.body.innerText,
  sessions: view.document.querySelectorAll('.session').length,
  streaming: view.document.querySelectorAll('.session .dot-streaming').length,
  width: view.innerWidth,
  height: view.innerHeight,
  widest: view.document.documentElement.scrollWidth,
})`
/** No list has these: they are only told to whoever watches. https://w3c.github.io/largest-contentful-paint/ */
const WHOLE = `(view) => new Promise((resolve) => {
  const tell = (list) => resolve(list.getEntries().at(-1)?.startTime ?? null)
  new view.PerformanceObserver(tell).observe({ type: 'largest-contentful-paint', buffered: true })
  setTimeout(() => resolve(null), 1000)
})`
const PAINT = `(view) => view.performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null`

/**
 * Open the popup over `page` as a press on the toolbar button does, in the browser's own panel.
 *
 * @param beside a page of the extension, for Firefox, where one is open already. Absent: one is opened and closed again.
 */
export async function openActionPopup(driver: Driver, page: Page, beside?: Page): Promise<ActionPopup> {
  if (driver.name === 'firefox') {
    if (beside !== undefined) return openPanel(page, beside)
    const own = await driver.extensionPage('extension/control/index.html')
    return openPanel(page, own, () => own.close())
  }
  const popup = await driver.popup(page)
  const run = <T>(source: string) => popup.evaluate(`(${source})(window)`) as Promise<T>
  const close = async () => {
    await closePopup(popup)
    await eventually(
      'the popup is closed',
      async () => popup.isClosed(),
      (is) => is,
    )
  }
  return popupOf(run, close)
}

function popupOf(run: <T>(source: string) => Promise<T>, close: () => Promise<void>): ActionPopup {
  return {
    look: () => run<PopupLook>(LOOK),
    firstPaint: () => run<number | null>(PAINT),
    wholePaint: () => run<number | null>(WHOLE),
    close,
  }
}

/** Firefox's panel is no page that a driver can hold: another page of the extension, in the background, sees its window. */
async function openPanel(page: Page, beside: Page, closed = async () => {}): Promise<ActionPopup> {
  const view = `browser.extension.getViews({ type: 'popup' })[0]`
  await page.bringToFront()
  await beside.evaluate('browser.action.openPopup()')
  await eventually(
    'the panel is open',
    () => beside.evaluate(`${view} !== undefined`),
    (is) => is === true,
  )
  const run = <T>(source: string) => beside.evaluate(`(${source})(${view})`) as Promise<T>
  const close = async () => {
    await beside.evaluate(`${view}.close()`)
    await eventually(
      'the panel is closed',
      () => beside.evaluate(`${view} === undefined`),
      (is) => is === true,
    )
    await closed()
  }
  return popupOf(run, close)
}
