import type { Page } from 'puppeteer-core'
import { expect } from 'vitest'
import { reads } from './control-room-actions.ts'
import type { Driver } from './driver.ts'
import { type PersonalSettings, pageWishes } from './page-wishes.ts'
import { CONTRAST, violations } from './ui-stage/axe.ts'
import { focusedStop, numberTabStops, tooWide, withoutBorder } from './ui-stage/look-at-page.ts'

const WIDE = { width: 900, height: 800 }
/** A window of 640 CSS pixels at 200 %. */
const NARROW = { width: 320, height: 600 }
const PLAIN: PersonalSettings = { scheme: 'light', forcedColours: false, language: 'en-US' }

/**
 * A page as it stands, and once more in German, breaks no rule, can be gone through by the keyboard, and fits at 200 %. It is
 * loaded anew by that: what its scripts had is gone.
 *
 * @param german what it says in German, to know when that is there.
 */
export async function expectGoodPage(driver: Driver, page: Page, german: string): Promise<void> {
  await page.bringToFront()
  const wishes = await pageWishes(driver, page)
  try {
    await page.setViewport(WIDE)
    await wishes.set(PLAIN)
    expect(await violations(page), 'light').toEqual([])
    await expectKeyboard(page)
    await wishes.set({ ...PLAIN, scheme: 'dark' })
    expect(await violations(page, CONTRAST), 'dark').toEqual([])
    await wishes.set({ ...PLAIN, forcedColours: true })
    expect(await violations(page), 'forced colours').toEqual([])
    expect(await page.evaluate(withoutBorder, 'button'), 'forced colours').toEqual([])
    await wishes.set(PLAIN)
    await expectRoom(page)
    await wishes.set({ ...PLAIN, language: 'de' })
    await page.reload()
    await reads(page, german)
    expect(await violations(page), 'German').toEqual([])
    await expectRoom(page)
  } finally {
    await wishes.reset()
    await page.setViewport(null)
    await page.reload()
  }
}

async function expectRoom(page: Page): Promise<void> {
  await page.setViewport(NARROW)
  expect(await page.evaluate(tooWide), 'at 200 %').toEqual([])
  expect(await violations(page), 'at 200 %').toEqual([])
  await page.setViewport(WIDE)
}

/** From the first to the last, in the document's order, each with a mark that is seen. */
async function expectKeyboard(page: Page): Promise<void> {
  const wanted = await page.evaluate(numberTabStops)
  if (wanted.length === 0) return
  await page.evaluate(() => document.querySelector<HTMLElement>('[data-stop="0"]')?.focus())
  const stops = []
  for (const _ of wanted.slice(1)) {
    await page.keyboard.press('Tab')
    stops.push(await page.evaluate(focusedStop))
  }
  expect(stops.map((stop) => stop?.what)).toEqual(wanted.slice(1).map(({ what }) => what))
  expect(stops.filter((stop) => stop?.mark === '' || stop?.under !== '')).toEqual([])
}
