import type { Page } from 'puppeteer-core'
import { AIM_MS } from '../../extension/popup/seen-places.ts'

/**
 * Wait until what is drawn has stood for long enough to be seen, by the clock of the page itself: one that comes late to draw would
 * by another clock not have stood for so long.
 */
export async function whenSeen(page: Page): Promise<void> {
  await page.evaluate(
    (long) =>
      new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(seen, long)))),
    AIM_MS,
  )
}

/**
 * Click as a person does: on what has stood at its place for long enough to be seen there. The popup takes a press for nothing
 * where another button stood a moment ago.
 */
export async function clickStill(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { visible: true })
  await page.evaluate(
    async (sought, long) => {
      const placeOf = (one: Element | null) => {
        const { left, top } = one?.getBoundingClientRect() ?? new DOMRect()
        return { one, left, top }
      }
      // Nobody presses what they have not scrolled to yet.
      document.querySelector(sought)?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
      let place = placeOf(document.querySelector(sought))
      for (let since = performance.now(); performance.now() - since < long; ) {
        await new Promise((again) => setTimeout(again, 20))
        const now = placeOf(document.querySelector(sought))
        const isSame = now.one === place.one && now.left === place.left && now.top === place.top
        if (now.one === null || !isSame) since = performance.now()
        place = now
      }
    },
    selector,
    AIM_MS,
  )
  await page.click(selector)
}
