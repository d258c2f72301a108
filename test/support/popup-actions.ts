import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'

/** What a person does in the popup, with real clicks in the real popup. */

/**
 * Connect the site of `page`: open the popup over it, choose the capability, press Connect, and wait until the popup
 * shows the site as connected.
 */
export async function connectInPopup(
  driver: Driver,
  page: Page,
  origin: string,
  capability: string,
): Promise<void> {
  await driver.allowRequest(origin)
  const popup = await driver.popup(page)
  await popup.waitForSelector('#capability')
  await popup.select('#capability', capability)
  await popup.click('form button[type="submit"]')
  await popup.waitForSelector(revokeButton(origin), { timeout: 15_000 })
  await closePopup(popup)
}

/** Open the popup, press Revoke beside the origin's session, and wait until it is gone from the list. */
export async function revokeInPopup(driver: Driver, page: Page, origin: string): Promise<void> {
  const popup = await driver.popup(page)
  await popup.waitForSelector(revokeButton(origin))
  await popup.click(revokeButton(origin))
  await popup.waitForSelector(revokeButton(origin), { hidden: true, timeout: 10_000 })
  await closePopup(popup)
}

/**
 * The lines the popup shows for the page, as a person reads them.
 *
 * @param pictures folder for a picture of it, or null.
 */
export async function popupText(driver: Driver, page: Page, pictures: string | null): Promise<string[]> {
  const popup = await driver.popup(page)
  await popup.waitForSelector('.session')
  if (pictures !== null) await popup.screenshot({ path: join(pictures, 'popup.png') })
  const text = await popup.evaluate(() => document.body.innerText)
  await closePopup(popup)
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** A popup that lost the focus may have closed itself already. */
async function closePopup(popup: Page): Promise<void> {
  if (!popup.isClosed()) await popup.close().catch(() => {})
}

/** Selector of the popup's Revoke beside an origin's session. */
export function revokeButton(origin: string): string {
  return `.session button[aria-label*="${origin}"]`
}
