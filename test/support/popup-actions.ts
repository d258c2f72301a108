import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { clickStill } from './click-still.ts'
import type { Driver } from './driver.ts'
import { isOfClosing } from './of-closing.ts'

/** What a person does in the popup, with real clicks in the real popup. */

/**
 * Connect the site of `page`: open the popup over it, choose the capability, press Connect, and wait until the popup
 * shows the site as connected.
 *
 * @param tick also tick "ask me before each change".
 */
export async function connectInPopup(
  driver: Driver,
  page: Page,
  origin: string,
  capability: string,
  tick = false,
): Promise<void> {
  await driver.allowRequest(origin)
  await inPopup(driver, page, async (popup) => {
    const shown = await popup.waitForSelector(`#capability, ${revokeButton(origin)}`)
    if (await shown?.evaluate((element) => element.id === 'capability')) {
      await popup.select('#capability', capability)
      if (tick) await clickStill(popup, '.tick-field input')
      await clickStill(popup, 'form button[type="submit"]')
    }
    await popup.waitForSelector(revokeButton(origin), { timeout: 30_000 })
  })
}

/** Open the popup, press Revoke beside the origin's session, and wait until it is gone from the list. */
export async function revokeInPopup(driver: Driver, page: Page, origin: string): Promise<void> {
  let isPressed = false
  await inPopup(driver, page, async (popup) => {
    if (!isPressed) {
      await popup.waitForSelector(revokeButton(origin))
      await clickStill(popup, revokeButton(origin))
      isPressed = true
    }
    await popup.waitForSelector(revokeButton(origin), { hidden: true, timeout: 30_000 })
  })
}

/**
 * The lines the popup shows for the page, as a person reads them.
 *
 * @param pictures folder for a picture of it, or null.
 */
export async function popupText(driver: Driver, page: Page, pictures: string | null): Promise<string[]> {
  const text = await inPopup(driver, page, async (popup) => {
    await popup.waitForSelector('.session')
    if (pictures !== null) await popup.screenshot({ path: join(pictures, 'popup.png') })
    return await popup.evaluate(() => document.body.innerText)
  })
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** How often a popup is opened that closes itself under its user. */
const OPENINGS = 3

/** Do something in the popup. One that lost the focus to a tab that was just closed is opened again, as a person would. */
async function inPopup<T>(driver: Driver, page: Page, act: (popup: Page) => Promise<T>): Promise<T> {
  for (let opening = 1; ; opening++) {
    const popup = await driver.popup(page)
    try {
      return await act(popup)
    } catch (error) {
      if (!isOfClosing(error) || opening === OPENINGS) throw error
    } finally {
      await closePopup(popup)
    }
  }
}

/** Close a popup. One that lost the focus may have closed itself already, or just be about to. */
export async function closePopup(popup: Page): Promise<void> {
  if (!popup.isClosed()) await popup.close().catch(() => {})
}

/** Selector of the popup's Revoke beside an origin's session. */
export function revokeButton(origin: string): string {
  return `.session button[aria-label*="${origin}"]`
}
