import type { Page } from 'puppeteer-core'
import { press, reads } from '../../control-room-actions.ts'
import { installArguments } from '../../stage.ts'
import { addLocal, choosePreset, pressText, typeKey } from '../../ui-stage/first-run-actions.ts'
import { openRoom, pictureOver, says, type Walk } from '../walk.ts'

const PASSPHRASE = 'four words nobody would guess'
/** Nobody's key, whose beginning says that it is Stripe's and for real money. */
const LIVE_KEY = `sk_live_${'0'.repeat(24)}`
/** Nobody's key, of an administrator at another service, with a word before it. */
const ELSEWHERE = `Bearer sk-ant-admin01-${'0'.repeat(40)}`

/** From a browser that has only the extension to a vault with a first service. */
export async function walkFirstRun(walk: Walk): Promise<void> {
  const { stage, camera, site } = walk
  const page = await stage.driver.extensionPage('extension/control/index.html#welcome')
  await reads(page, says(walk, 'The host is not installed'))
  await camera.take(page, 'welcome-host', 'control')
  const tab = await stage.driver.newPage(`${site.origin}/`)
  await pictureOver(walk, tab, 'popup-missing', '.copy-text')
  await stage.valetkey.ask(installArguments(stage.browserName, stage.home))
  await page.bringToFront()
  await reads(page, says(walk, 'Make your vault'))
  await camera.take(page, 'welcome-vault', 'control')
  await pictureOver(walk, tab, 'popup-no-vault', '.empty-state')
  await makeVault(walk, page)
  await pictureOver(walk, tab, 'popup-no-keys', '.empty-state')
  await tab.close()
  await page.close()
  await lookThroughCatalogue(walk)
  await addFirst(walk)
}

async function makeVault(walk: Walk, page: Page): Promise<void> {
  const { camera } = walk
  await page.bringToFront()
  for (const field of await page.$$('input[type=password]')) await field.type(PASSPHRASE)
  await press(page, says(walk, 'Make the vault'))
  await reads(page, says(walk, 'Store your recovery code'), 30_000)
  await camera.take(page, 'welcome-recovery', 'control')
  await page.$eval('input[type=checkbox]', (box) => (box as HTMLInputElement).click())
  await press(page, says(walk, 'Continue'))
  await page.waitForSelector('.preset')
  await camera.take(page, 'welcome-preset', 'control')
}

/** What the form of a service says before anything of it is stored; each begins anew. */
async function lookThroughCatalogue(walk: Walk): Promise<void> {
  const shots = [
    ['welcome-find', (page: Page) => page.locator('input[type=search]').fill('ai')],
    ['welcome-key', choosePreset('OpenAI')],
    ['welcome-key-live', typeKey('Stripe', LIVE_KEY)],
    ['welcome-key-other', typeKey('Slack', ELSEWHERE)],
    ['welcome-values', addUnnamed],
    ['welcome-key-local', addLocal('http://192.168.1.20:1234/v1')],
    ['welcome-key-localhost', addLocal('http://localhost:1234/v1')],
    ['welcome-key-jan', choosePreset('Jan (on this machine)')],
  ] as const
  for (const [name, act] of shots) {
    const page = await openRoom(walk, 'welcome')
    await act(page)
    await walk.camera.take(page, name, 'control')
    await page.close()
  }
}

/** Add a service that needs the name of an account, without it. */
async function addUnnamed(page: Page): Promise<void> {
  await typeKey('Twilio', '0'.repeat(32))(page)
  await pressText('Add and test')(page)
}

/** A service with a key that it refuses, the same with the right one, and what comes after. */
async function addFirst(walk: Walk): Promise<void> {
  const { camera, api, key } = walk
  const page = await openRoom(walk, 'welcome')
  await choosePreset('Any OpenAI-compatible server')(page)
  await fillIn(page, api.url, 'not-its-key')
  await press(page, says(walk, 'Add and test'))
  await page.waitForSelector('[role=status] .notice', { timeout: 30_000 })
  await camera.take(page, 'welcome-refused', 'control')
  await press(page, says(walk, 'Start over with another key'))
  await fillIn(page, api.url, key)
  await press(page, says(walk, 'Add and test'))
  await page.waitForSelector('.notice-good', { timeout: 30_000 })
  await camera.take(page, 'welcome-accepted', 'control')
  await press(page, says(walk, 'Continue'))
  await reads(page, says(walk, 'Open the playground'))
  await camera.take(page, 'welcome-done', 'control')
  await tryPlayground(walk, page)
  await page.close()
}

/** A server on this machine and its key, and the tick that it is meant. */
async function fillIn(page: Page, api: string, key: string): Promise<void> {
  await page.locator('input[type=url]').fill(`${api}/v1`)
  await page.locator('input[type=password]').fill(key)
  await page.waitForSelector('.local-tick input')
  await page.$eval('.local-tick input', (box) => {
    if (!(box as HTMLInputElement).checked) (box as HTMLInputElement).click()
  })
}

async function tryPlayground(walk: Walk, page: Page): Promise<void> {
  const { camera, stage } = walk
  // A service of the owner's own that has the name of the playground's.
  const own = ['service', 'add', 'playground', '--base-url', 'https://playground.example', '--auth', 'none']
  await stage.valetkey.ask(own)
  await press(page, says(walk, 'Open the playground'))
  await page.waitForSelector('.notice-danger', { timeout: 30_000 })
  await camera.take(page, 'welcome-playground-refused', 'control')
  await stage.valetkey.ask(['service', 'remove', 'playground'])
  await press(page, says(walk, 'Open the playground'))
  await page.waitForSelector('.notice-good', { timeout: 30_000 })
  await page.bringToFront()
  await camera.take(page, 'welcome-playground', 'control')
}
