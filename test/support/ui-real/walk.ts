import type { Page } from 'puppeteer-core'
import { approvalPage, whenArmed } from '../approval-window.ts'
import { press, reads } from '../control-room-actions.ts'
import type { PageServer } from '../pages/page-server.ts'
import { connectInPopup } from '../popup-actions.ts'
import { installArguments, type Stage } from '../stage.ts'
import { saidIn } from '../ui-stage/said.ts'
import type { LoopbackServer } from '../upstreams/loopback-server.ts'
import type { Camera } from './camera.ts'

/** Everything that the walk goes through. */
export interface Walk {
  stage: Stage
  camera: Camera
  api: LoopbackServer
  /** What the API takes. */
  key: string
  site: PageServer
  language: string
}

const PASSPHRASE = 'four words nobody would guess'
/** A key of no one, which looks like one. */
const STRAY = `gsk_${'Zy9xWv8u'.repeat(6)}`

/** From a browser that has only the extension to a vault with a first service. */
export async function walkFirstRun({ stage, camera, site, language }: Walk): Promise<void> {
  const says = (text: string) => saidIn(language, text)
  const page = await stage.driver.extensionPage('extension/control/index.html#welcome')
  await reads(page, says('The host is not installed'))
  await camera.take(page, 'first-run-1-no-host', 'control')
  const tab = await stage.driver.newPage(`${site.origin}/`)
  await inPopup(stage, tab, (popup) => camera.take(popup, 'popup-no-host', 'popup'))
  await stage.valetkey.ask(installArguments(stage.browserName, stage.home))
  await page.bringToFront()
  await reads(page, says('Make your vault'))
  await camera.take(page, 'first-run-2-vault', 'control')
  await inPopup(stage, tab, async (popup) => {
    await popup.waitForSelector('.empty-state')
    await camera.take(popup, 'popup-no-vault', 'popup')
  })
  await page.bringToFront()
  for (const field of await page.$$('input[type=password]')) await field.type(PASSPHRASE)
  await press(page, says('Make the vault'))
  await reads(page, says('Store your recovery code'), 30_000)
  await camera.take(page, 'first-run-3-recovery', 'control')
  await page.$eval('input[type=checkbox]', (box) => (box as HTMLInputElement).click())
  await press(page, says('Continue'))
  await reads(page, says('Which service is the key for?'))
  await camera.take(page, 'first-run-4-service', 'control')
  await page.close()
  await tab.close()
}

/** The popup over one site, from the first connection to a key of the page's own. */
export async function walkPopup(walk: Walk): Promise<void> {
  const { stage, camera, api, key, site } = walk
  const { valetkey } = stage
  const base = ['--preset', 'openai', '--base-url', `${api.url}/v1`, '--local', '--secret-stdin']
  await valetkey.ask(['service', 'add', 'openai', ...base], key)
  const rules = ['--allow', 'GET /v1/**', '--ask', 'POST /v1/**']
  await valetkey.ask(['capability', 'add', 'chat', '--service', 'openai', ...rules])
  const page = await stage.driver.newPage(`${site.origin}/`)
  const picture = (name: string, shows: string) =>
    inPopup(stage, page, async (popup) => {
      await popup.waitForSelector(shows)
      await camera.take(popup, `popup-${name}`, 'popup')
    })
  await picture('connect', '#capability')
  await connectInPopup(stage.driver, page, site.origin, 'chat')
  await page.reload()
  await send(page, `${api.url}/v1/small`, 'GET')
  await picture('live', '.session')
  await page.evaluate((url) => void fetch(url).then((one) => one.text(), String), `${api.url}/v1/clock`)
  await picture('streaming', '.dot-streaming')
  await walkApproval(walk, page, () => picture('pending', '.pending'))
  await send(page, `${api.url}/v1/small`, 'DELETE')
  await picture('refused', '.notice')
  await page.evaluate((stray) => localStorage.setItem('settings', JSON.stringify({ apiKey: stray })), STRAY)
  await picture('rescue', '.page-key-buttons')
  await page.evaluate(() => localStorage.clear())
  await valetkey.ask(['pause'])
  await picture('paused', '.pause-notice')
  await valetkey.ask(['resume'])
}

async function walkApproval({ stage, camera, api }: Walk, page: Page, pending: () => Promise<void>) {
  const sent = send(page, `${api.url}/v1/small`, 'POST')
  const window = await approvalPage(stage.driver)
  await pending()
  await window.bringToFront()
  await whenArmed(window)
  await camera.take(window, 'approval', 'approval')
  const [waiting] = (await stage.valetkey.ask(['approval', 'list'])) as { id: string }[]
  if (waiting !== undefined) await stage.valetkey.ask(['approval', 'answer', waiting.id, 'once'])
  await sent
}

/** Each room of the control room, and the locked vault. */
export async function walkControlRoom({ stage, camera, site }: Walk): Promise<void> {
  const page = await stage.driver.extensionPage('extension/control/index.html#services')
  await page.bringToFront()
  for (const room of ['services', 'capabilities', 'sites', 'budgets', 'activity', 'vault']) {
    await page.evaluate((name) => {
      location.hash = name
    }, room)
    await page.waitForSelector('.waiting', { hidden: true })
    if (room === 'activity') await page.waitForSelector('.timeline canvas')
    await camera.take(page, `room-${room}`, 'control')
  }
  await stage.valetkey.ask(['lock'])
  await page.waitForSelector('input[type=password]')
  await camera.take(page, 'room-locked', 'control')
  const tab = await stage.driver.newPage(`${site.origin}/`)
  await inPopup(stage, tab, async (popup) => {
    await popup.waitForSelector('input[type=password]')
    await camera.take(popup, 'popup-locked', 'popup')
  })
}

/** Make a call of the page's own, whatever becomes of it. */
function send(page: Page, url: string, method: string): Promise<number> {
  return page.evaluate(
    async (to, verb) => {
      const body = verb === 'POST' ? JSON.stringify({ model: 'gpt-5', messages: [] }) : null
      const headers: HeadersInit = body === null ? {} : { 'content-type': 'application/json' }
      const answer = await fetch(to, { method: verb, headers, body })
      await answer.text()
      return answer.status
    },
    url,
    method,
  )
}

async function inPopup(stage: Stage, page: Page, act: (popup: Page) => Promise<void>): Promise<void> {
  const popup = await stage.driver.popup(page)
  try {
    await act(popup)
  } finally {
    if (!popup.isClosed()) await popup.close().catch(() => {})
  }
}
