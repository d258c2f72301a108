import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { offerKeys } from '../../native-host/vault/keyholder.ts'
import type { OwnedVault } from '../../test/support/owned-vault.ts'
import { setUpStage } from '../../test/support/stage.ts'

const TIMES = 12

/** How often the page may be hidden before it could be timed: the extension's first page opens once. */
const MOST_HIDDEN = 10

/**
 * How long the control room's Activity takes from the press on its name to its first lines on the screen, in a real browser on a
 * vault that is closed here and moved there for it. Milliseconds, the first time not among them.
 */
export async function timeOpenings(vault: OwnedVault, browser: 'chromium' | 'firefox'): Promise<number[]> {
  const stage = await setUpStage({ browser, withoutVault: true })
  vault.stopOffering()
  vault.store.close()
  // The installed host's launcher is there already.
  for (const name of await readdir(vault.home))
    await rename(join(vault.home, name), join(stage.home.valetKeyHome, name))
  const offer = await offerKeys(stage.home.valetKeyHome, vault.keys)
  try {
    const page = await stage.driver.extensionPage('extension/control/index.html#services')
    await page.waitForSelector('a[href="#activity"]', { timeout: 60_000 })
    const times: number[] = []
    for (let n = 0; n <= TIMES; n += 1) {
      const took = await timeOpening(page)
      if (n > 0) times.push(took)
    }
    return times
  } finally {
    offer?.close()
    await stage.close()
  }
}

/**
 * One opening, of a page that is in sight for all of it: a hidden one is never drawn, and the extension opens its first page
 * over this one when it comes to it.
 */
async function timeOpening(page: Page): Promise<number> {
  for (let hidden = 0; hidden < MOST_HIDDEN; hidden += 1) {
    await page.bringToFront()
    const took = await page.evaluate(openActivity)
    if (took !== null) return took
  }
  throw new Error('another page is in front of the control room again and again')
}

/** Runs in the page, and leaves the room again. @returns null where the page is hidden. */
async function openActivity(): Promise<number | null> {
  const until = async (isThere: boolean) => {
    const end = performance.now() + 30_000
    while ((document.querySelector('.activity-line') !== null) !== isThere) {
      if (performance.now() > end)
        throw new Error(
          `Activity stayed ${isThere ? 'empty' : 'open'}: ${document.body.innerText.slice(0, 200)}`,
        )
      await frame()
    }
    await frame()
  }
  const frame = () => {
    if (document.hidden) throw null
    return new Promise<void>((resolve, reject) => {
      requestAnimationFrame(() => resolve())
      document.addEventListener('visibilitychange', () => reject(null), { once: true })
    })
  }
  const go = (room: string) => document.querySelector<HTMLAnchorElement>(`a[href="#${room}"]`)?.click()
  try {
    go('services')
    await until(false)
    const started = performance.now()
    go('activity')
    await until(true)
    return performance.now() - started
  } catch (reason) {
    if (reason === null) return null
    throw reason
  }
}
