import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { eventually } from '../../eventually.ts'
import { grantSite } from '../../grant-site.ts'
import { addApi, inPopup, openRoom, pictureOver, send, type Walk } from '../walk.ts'
import { wishing } from './windows.ts'

const FORM = 'input[type=password]'

/** Every page over a locked vault. */
export async function walkLocked(walk: Walk): Promise<void> {
  const { stage, api, site, camera } = walk
  await addApi(walk, 'openai', { chat: ['--allow', 'GET /v1/**'] })
  await grantSite(stage, site.origin, 'chat')
  const page = await stage.driver.newPage(`${site.origin}/asks`)
  await send(page, `${api.url}/v1/small`, 'GET')
  await stage.valetkey.ask(['lock'])
  await pictureOver(walk, page, 'popup-locked', FORM)
  await inPopup(walk, page, async (popup) => {
    await popup.type(FORM, 'not it')
    await popup.click('button[type=submit]')
    await popup.waitForSelector('.field-error, .notice-danger', { timeout: 30_000 })
    await camera.take(popup, 'popup-locked-wrong', 'popup')
  })
  await wishing(
    walk,
    page,
    { service: 'openai', reason: 'To draft replies in your own words.' },
    async (window) => {
      await window.waitForSelector(FORM)
      await camera.take(window, 'request-locked', 'approval')
    },
  )
  await page.bringToFront()
  await page.evaluate((url) => void fetch(url).catch(() => {}), `${api.url}/v1/small`)
  await pictureOver(walk, page, 'popup-waiting-locked', '.waiting-answers, .waiting-sites')
  await lockedRooms(walk)
  await openedByFile(walk, page)
}

async function lockedRooms(walk: Walk): Promise<void> {
  for (const [name, hash, shows] of [
    ['room-locked', 'services', FORM],
    ['room-devices-locked', 'devices', '.card'],
    ['room-settings-locked', 'settings', '.card'],
  ] as const) {
    const room = await openRoom(walk, hash)
    await room.waitForSelector(shows)
    await walk.camera.take(room, name, 'control')
    await room.close()
  }
}

/** A vault that a file opens, and the recovery code. */
async function openedByFile(walk: Walk, page: Page): Promise<void> {
  const { valetkey, home, passphrase } = walk.stage
  await valetkey.ask(['unlock', '--passphrase-stdin'], `${passphrase}\n`)
  await valetkey.ask(['slot', 'add', '--key-file', join(home.home, 'key-file')])
  const slots = (await valetkey.ask(['slot', 'list'])) as { id: string; kind: string }[]
  const typed = slots.find(({ kind }) => kind === 'passphrase')
  await valetkey.ask(['slot', 'remove', typed?.id ?? ''])
  await valetkey.ask(['lock'])
  await eventually(
    'the vault is locked',
    () => valetkey.ask(['status']) as Promise<{ vault: string }>,
    ({ vault }) => vault === 'locked',
  )
  await pictureOver(walk, page, 'popup-locked-key-file', '.popup-content h2')
}
