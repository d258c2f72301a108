import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import type { Driver } from '../driver.ts'
import { pageWishes } from '../page-wishes.ts'
import { type PictureLook, windowOf } from '../ui-stage/picture-look.ts'
import type { Picture } from './pictures.ts'

/** Sizes that the pages of ours are pictured at, in CSS pixels. */
const SIZES = {
  control: { width: 1000, height: 760 },
  popup: { width: 380, height: 600 },
  approval: { width: 420, height: 612 },
} as const

/** Takes pictures of pages of the real extension, in either browser, as somebody with these settings sees them. */
export class Camera {
  readonly taken: Picture[] = []
  readonly #seen = new Map<string, Picture>()
  readonly #driver: Driver
  readonly #look: PictureLook
  readonly #folder: string

  constructor(driver: Driver, look: PictureLook, folder: string) {
    this.#driver = driver
    this.#look = look
    this.#folder = folder
  }

  /**
   * A picture of a page as it stands, once nothing on it changes any more; says so where it is wider than its window.
   *
   * @param see.of what the picture is of, by its selector: it is scrolled to. @param see.once awaited when the page has its size,
   * which disarms a window that asks. @param see.dark that the machine is dark, whatever the other pictures are of.
   * @throws Error where it is the same as another one.
   */
  async take(
    page: Page,
    name: Picture,
    size: keyof typeof SIZES,
    see: { of?: string; once?: (page: Page) => Promise<void>; dark?: boolean } = {},
  ): Promise<void> {
    const { forcedColors, rtl } = this.#look
    const dark = see.dark ?? this.#look.dark
    const wishes = await pageWishes(this.#driver, page)
    await wishes.set({ scheme: dark ? 'dark' : 'light', forcedColours: forcedColors, language: 'en-US' })
    // Chromium's own popup is as large as what is in it, whatever is asked for.
    if (size !== 'popup' || this.#driver.name === 'firefox')
      await page.setViewport(windowOf(this.#look, SIZES[size]))
    // The direction is the browser's, which has no switch for it that both know: the page is turned around itself.
    if (rtl) await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
    if (see.of !== undefined) await page.evaluate(scrollTo, see.of)
    await see.once?.(page)
    await page.evaluate(whenStill)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (beyond > 0) console.log(`${name} is wider than its window by ${beyond}`)
    const path = join(this.#folder, `${name}.png`) as `${string}.png`
    // A window that asks is disarmed by being resized, which a picture of more than it shows does.
    const picture = await page.screenshot({ path, fullPage: size === 'control' && !rtl })
    await wishes.reset()
    this.#keep(name, picture)
  }

  /** One that is the same as another does not show its state, but where both may show only the beginning of their pages. */
  #keep(name: Picture, picture: Uint8Array): void {
    const digest = createHash('sha256').update(picture).digest('hex')
    const same = this.#seen.get(digest)
    const { rtl, zoom } = this.#look
    if (same !== undefined && !rtl && zoom === 100) throw new Error(`${name} is the same picture as ${same}`)
    this.#seen.set(digest, name)
    this.taken.push(name)
  }
}

/** Inside the page: scroll as little as shows the first of these whole, or from its top, beside bars that may lie over it. */
function scrollTo(selector: string): void {
  const shown = document.querySelector(selector)
  if (!(shown instanceof HTMLElement)) return
  const bar = 64
  shown.style.scrollMargin = `${bar}px`
  const isLong = shown.offsetHeight > innerHeight - 2 * bar
  shown.scrollIntoView({ block: isLong ? 'start' : 'nearest', behavior: 'instant' })
  shown.style.scrollMargin = ''
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
  // What moves for ever, as the sign of something under way, is taken as it is.
  const ending = document
    .getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
  await Promise.all(ending.map((one) => one.finished.catch(() => {})))
}
