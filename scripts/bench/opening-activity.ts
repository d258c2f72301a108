import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { offerKeys } from '../../native-host/vault/keyholder.ts'
import type { OwnedVault } from '../../test/support/owned-vault.ts'
import { setUpStage } from '../../test/support/stage.ts'

const TIMES = 12

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
    await page.bringToFront()
    await page.waitForSelector('a[href="#activity"]', { timeout: 60_000 })
    const times: number[] = []
    for (let n = 0; n <= TIMES; n += 1) {
      const took = await page.evaluate(openActivity)
      if (n > 0) times.push(took)
    }
    return times
  } finally {
    offer?.close()
    await stage.close()
  }
}

/** Runs in the page. Leaves the room again. */
async function openActivity(): Promise<number> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const link = document.querySelector<HTMLAnchorElement>('a[href="#activity"]')
  const started = performance.now()
  link?.click()
  while (document.querySelector('.activity-line') === null) await frame()
  await frame()
  const took = performance.now() - started
  document.querySelector<HTMLAnchorElement>('a[href="#services"]')?.click()
  while (document.querySelector('.activity-line') !== null) await frame()
  return took
}
