import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import type { Driver } from '../driver.ts'
import { pageWishes } from '../page-wishes.ts'
import { type PictureLook, windowOf } from '../ui-stage/picture-look.ts'

/** Sizes that the pages of ours are pictured at, in CSS pixels. */
const SIZES = {
  control: { width: 1000, height: 760 },
  popup: { width: 380, height: 600 },
  approval: { width: 420, height: 612 },
} as const

/** Takes pictures of pages of the real extension, in either browser, as somebody with these settings sees them. */
export class Camera {
  readonly taken: string[] = []
  readonly #driver: Driver
  readonly #look: PictureLook
  readonly #folder: string

  constructor(driver: Driver, look: PictureLook, folder: string) {
    this.#driver = driver
    this.#look = look
    this.#folder = folder
  }

  /** A picture of a page as it stands, once nothing on it changes any more; says so where it is wider than its window. */
  async take(page: Page, name: string, size: keyof typeof SIZES): Promise<void> {
    const { dark, forcedColors, rtl } = this.#look
    const wishes = await pageWishes(this.#driver, page)
    await wishes.set({ scheme: dark ? 'dark' : 'light', forcedColours: forcedColors, language: 'en-US' })
    // Chromium's own popup is as large as what is in it, whatever is asked for.
    if (size !== 'popup' || this.#driver.name === 'firefox')
      await page.setViewport(windowOf(this.#look, SIZES[size]))
    // The direction is the browser's, which has no switch for it that both know: the page is turned around itself.
    if (rtl) await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
    await page.evaluate(whenStill)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (beyond > 0) console.log(`${name} is wider than its window by ${beyond}`)
    const path = join(this.#folder, `${name}.png`) as `${string}.png`
    // A window that asks is disarmed by being resized, which a picture of more than it shows does.
    await page.screenshot({ path, fullPage: size === 'control' && !rtl })
    await wishes.reset()
    this.taken.push(name)
  }
}

/** Inside the page: until nothing has changed for a while; one that goes on changing is taken as it is. */
async function whenStill(): Promise<void> {
  let changed = performance.now()
  const observer = new MutationObserver(() => {
    changed = performance.now()
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true })
  for (let looks = 0; looks < 40 && performance.now() - changed < 250; looks += 1)
    await new Promise((again) => setTimeout(again, 50))
  observer.disconnect()
}
