import type { Page } from 'puppeteer-core'
import { connectInPopup } from '../../popup-actions.ts'
import { addApi, inPopup, pictureOver, type Walk } from '../walk.ts'

const LONG_NAME = `a-very-long-and-chosen-name-for-a-subdomain.of.some.studio.a-part-that-is-long-too.localhost`

/** The popup on sites that have nothing, from none in front to the first connection. */
export async function walkConnect(walk: Walk): Promise<void> {
  const { stage, site } = walk
  const { valetkey } = stage
  await addServices(walk)
  const own = await stage.driver.extensionPage('extension/control/index.html#vault')
  await pictureOver(walk, own, 'popup-other-page', '.card .soft')
  await valetkey.ask(['pause'])
  await pictureOver(walk, own, 'popup-paused-nothing-live', '.pause-notice')
  await valetkey.ask(['resume'])
  await own.close()
  const page = await stage.driver.newPage(`${site.origin}/`)
  await chooseFor(walk, page)
  await connectInPopup(stage.driver, page, site.origin, 'chat')
  await pictureOver(walk, page, 'popup-fresh', '.session')
  await valetkey.ask(['session', 'revoke', '--all'])
  await walkOtherSites(walk)
}

async function addServices(walk: Walk): Promise<void> {
  const { valetkey } = walk.stage
  await addApi(walk, 'openai', {
    chat: ['--allow', 'GET /v1/**', '--allow', 'POST /v1/chat/**', '--ask', 'POST /v1/batches'],
  })
  await valetkey.ask(['service', 'add', 'lab', '--preset', 'modelslab', '--secret-stdin'], 'k'.repeat(60))
  const image = ['--service', 'lab', '--from-preset', 'modelslab-image', '--model', 'flux']
  await valetkey.ask(['capability', 'add', 'images', ...image])
  await valetkey.ask(
    ['service', 'add', 'jan', '--preset', 'jan', '--local', '--secret-stdin'],
    'k'.repeat(20),
  )
  const local = ['--service', 'jan', '--from-preset', 'jan-chat', '--model', 'qwen3-4b']
  await valetkey.ask(['capability', 'add', 'local-chat', ...local])
}

/** What the form says of each choice. */
async function chooseFor(walk: Walk, page: Page): Promise<void> {
  const over = (
    name: Parameters<typeof pictureOver>[2],
    act: (popup: Page) => Promise<unknown>,
    of?: string,
  ) =>
    inPopup(walk, page, async (popup) => {
      await popup.waitForSelector('#capability')
      await popup.select('#capability', 'chat')
      await act(popup)
      await walk.camera.take(popup, name, 'popup', of === undefined ? {} : { of })
    })
  await over('popup-not-connected', async () => {})
  const tick = (popup: Page) => popup.$eval('.tick-field input', (box) => (box as HTMLInputElement).click())
  await over('popup-ask-writes', tick, '.tick-field')
  const moment = 'input[type=datetime-local]'
  const until = async (popup: Page) => {
    await popup.$$eval('.duration input', (all) => all.at(-1)?.click())
    await popup.waitForSelector(moment)
  }
  await over('popup-until', until, moment)
  await over('popup-local-choice', (popup) => popup.select('#capability', 'local-chat'))
  await over('popup-connect-long', (popup) => popup.select('#capability', 'images'))
}

/** One with a name that fits nowhere, and one that the browser does not let us work on. */
async function walkOtherSites(walk: Walk): Promise<void> {
  const { stage, site } = walk
  for (const [name, host, shows] of [
    ['popup-long-site', LONG_NAME, '.session'],
    ['popup-unreachable', 'localhost', '.notice-warn'],
  ] as const) {
    await stage.valetkey.ask(['grant', 'add', site.originAs(host), 'chat'])
    const page = await stage.driver.newPage(`${site.originAs(host)}/`)
    await pictureOver(walk, page, name, shows)
    await page.close()
  }
}
