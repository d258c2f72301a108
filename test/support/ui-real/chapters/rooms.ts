import type { Page } from 'puppeteer-core'
import { openStore } from '../../../../native-host/store/open-store.ts'
import { fetchKeys } from '../../../../native-host/vault/keyholder.ts'
import { choose, press } from '../../control-room-actions.ts'
import { grantSite } from '../../grant-site.ts'
import { makeBefore, makeOlder } from '../../older-preset.ts'
import { edit, missing, reviewOf, tighten, tryACall } from '../../ui-stage/capability-actions.ts'
import { openLines } from '../../ui-stage/staged-activity.ts'
import type { Picture } from '../pictures.ts'
import { addApi, inPopup, openRoom, says, send, type Walk } from '../walk.ts'

type Shot = [name: Picture, hash: string, act?: (page: Page) => Promise<unknown>]

/** A capability with something of everything that its page shows. */
const CHAT = [
  ...['--label', 'Chat', '--allow', 'GET /v1/**', '--allow', 'POST /v1/chat/completions'],
  ...['--ask', 'POST /v1/batches', '--deny', 'DELETE /v1/**', '--model', 'gpt-5'],
  ...['--body', '/max_tokens <= 2000', '--max-requests', '500', '--max-tokens', '200000'],
  ...['--max-cost', '5', '--price', 'input=2.50,output=10'],
  ...['--failover', 'local-chat', '--failover-model', 'gpt-5=qwen3-4b'],
]

/** Each room of a control room that is in use. */
export async function walkRooms(walk: Walk): Promise<void> {
  const { valetkey } = walk.stage
  await valetkey.ask(
    ['service', 'add', 'jan', '--preset', 'jan', '--local', '--secret-stdin'],
    'k'.repeat(20),
  )
  const local = ['--service', 'jan', '--from-preset', 'jan-chat', '--model', 'qwen3-4b']
  await valetkey.ask(['capability', 'add', 'local-chat', ...local])
  await addApi(walk, 'openai', { chat: CHAT })
  await walkServices(walk)
  const { origin } = walk.site
  await grantSite(walk.stage, origin, 'chat')
  const page = await walk.stage.driver.newPage(`${origin}/`)
  await look(walk, [['room-sites', 'sites']])
  await useIt(walk, page)
  await look(walk, inUse(walk))
  await lookInLight(walk, page)
}

async function look(walk: Walk, shots: readonly Shot[]): Promise<void> {
  for (const [name, hash, act] of shots) {
    const room = await openRoom(walk, hash)
    await act?.(room)
    await walk.camera.take(room, name, 'control')
    await room.close()
  }
}

/** Calls that are carried and calls that are refused, and sites that have not called yet. */
async function useIt({ stage, api, site }: Walk, page: Page): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await send(page, `${api.url}/v1/small`, 'GET')
  await send(page, `${api.url}/v1/small`, 'DELETE')
  await send(page, `${api.url}/v1/chat/completions`, 'POST', '{"model":"gpt-5","max_tokens":9000}')
  for (const name of ['forgotten', 'frame', 'third'])
    await stage.valetkey.ask(['grant', 'add', site.originAs(`${name}.localhost`), 'chat'])
}

/** The services as they are, and one that was added when its preset had less, and when it said something else. */
async function walkServices(walk: Walk): Promise<void> {
  const { valetkey, home } = walk.stage
  await valetkey.ask(['service', 'add', 'lab', '--preset', 'modelslab', '--secret-stdin'], 'k'.repeat(60))
  await valetkey.ask(['capability', 'add', 'poll', '--service', 'lab', '--from-preset', 'modelslab-poll'])
  const pressed = (text: string) => (page: Page) => press(page, says(walk, text))
  const told = (page: Page) => page.waitForSelector('.notice')
  await look(walk, [
    ['room-services', 'services'],
    ['room-services-replace', 'services', pressed('Replace key…')],
  ])
  const keys = await fetchKeys(home.valetKeyHome)
  if (keys === null) throw new Error('the vault is locked')
  const store = openStore(home.valetKeyHome)
  try {
    makeBefore({ store, keys }, 'lab', ['modelslab-llm', 'modelslab-models'])
    await look(walk, [
      ['service-preset-offers', 'services', told],
      ['service-preset-offers-open', 'services', pressed('See what is new')],
    ])
    const denied = (paths: readonly string[]) => [...paths, '* /api/v6/voice/**']
    makeOlder({ store, keys }, 'lab', (made) => ({ denyFields: [], denyAlways: denied(made.denyAlways) }))
    await look(walk, [
      ['service-preset-changed', 'services', told],
      ['service-preset-changes', 'services', pressed('Look at the changes')],
    ])
  } finally {
    store.close()
  }
}

/** What is seen once a site has used a capability. */
function inUse(walk: Walk): Shot[] {
  const pressed = (text: string) => (page: Page) => press(page, says(walk, text))
  return [
    ['room-capabilities', 'capabilities'],
    ['room-capability', 'capabilities/chat'],
    ['room-capability-try', 'capabilities/chat', tryACall],
    ['room-capability-edit', 'capabilities/chat', edit],
    ['room-capability-missing', 'capabilities/chat', missing],
    // Of the first rule a longer path would be no pattern.
    ['room-capability-review', 'capabilities/chat', reviewOf(1)],
    ['room-capability-tighten', 'capabilities/chat', tighten],
    ['room-sites-used', 'sites', (page) => page.waitForSelector('main li')],
    ['room-budgets', 'budgets'],
    ['room-activity', 'activity', (page) => page.waitForSelector('.timeline canvas')],
    ['room-activity-detail', 'activity', openLines],
    ['room-activity-none-fits', 'activity', searchInVain],
    ['room-vault', 'vault'],
    ['room-vault-passphrase', 'vault', pressed('Change the passphrase')],
    ['room-vault-recovery', 'vault', (page) => newRecovery(walk, page)],
    ['room-settings', 'settings'],
  ]
}

async function searchInVain(page: Page): Promise<void> {
  await page.locator('input[type=search]').fill('nowhere')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.empty-state')
}

async function newRecovery(walk: Walk, page: Page): Promise<void> {
  await press(page, says(walk, 'New recovery code'))
  await page.locator('input[type=password]').fill(walk.stage.passphrase)
  await press(page, says(walk, 'Show a new code'))
  await page.waitForSelector('.recovery-code', { timeout: 30_000 })
}

/** The popup of somebody who chose light pages on a machine that has dark ones. */
async function lookInLight(walk: Walk, page: Page): Promise<void> {
  const settings = await openRoom(walk, 'settings')
  await choose(settings, says(walk, 'Colours'), 'light')
  await settings.close()
  await inPopup(walk, page, async (popup) => {
    await popup.waitForSelector('.session')
    await walk.camera.take(popup, 'popup-theme-light', 'popup', { dark: true })
  })
}
