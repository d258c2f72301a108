import type { Page } from 'puppeteer-core'
import { clickStill } from '../../click-still.ts'
import { eventually } from '../../eventually.ts'
import { grantSite } from '../../grant-site.ts'
import { startLoopbackServer } from '../../upstreams/loopback-server.ts'
import { addApi, inPopup, pictureOver, send, type Walk } from '../walk.ts'

/** Names below `localhost`, each a site of its own. */
const TWELVE = Array.from({ length: 12 }, (_, at) => `site-${at + 1}.localhost`)
/** Opens what Valet Key does not carry. */
const BESIDE = `new Worker('data:text/javascript,')`

/** The popup on connected sites: what they do, what was refused, what waits. */
export async function walkLive(walk: Walk): Promise<void> {
  const { stage, api, site } = walk
  await addApi(walk, 'openai', {
    chat: ['--allow', 'GET /v1/**', '--allow', 'POST /v1/**', '--deny', 'DELETE /v1/**'],
  })
  await grantSite(stage, site.origin, 'chat', '--ttl', '1h')
  const page = await stage.driver.newPage(`${site.origin}/`)
  await send(page, `${api.url}/v1/small`, 'GET')
  await pictureOver(walk, page, 'popup-live', '.session')
  await page.evaluate((url) => void fetch(url).then((one) => one.text(), String), `${api.url}/v1/clock`)
  await pictureOver(walk, page, 'popup-streaming', '.dot-streaming')
  await page.reload()
  await send(page, `${api.url}/v1/small`, 'DELETE')
  await pictureOver(walk, page, 'popup-refused', '.notice-danger, .notice-warn')
  await stage.valetkey.ask(['pause'])
  await pictureOver(walk, page, 'popup-paused', '.pause-notice')
  await stage.valetkey.ask(['resume'])
  await walkMore(walk, page)
  await walkBeside(walk)
  await walkMany(walk, page)
}

/** A session that may be longer, one that is asked about, one that went elsewhere, and one that ran out. */
async function walkMore(walk: Walk, page: Page): Promise<void> {
  const { stage, api, site } = walk
  const { valetkey } = stage
  const [grant] = (await valetkey.ask(['grant', 'list'])) as { id: string }[]
  if (grant === undefined) throw new Error('the site has no grant')
  await valetkey.ask(['grant', 'edit', grant.id, '--ask-writes'])
  await pictureOver(walk, page, 'popup-live-ask-writes', '.session .chip + .chip')
  await failOver(walk)
  // More time is offered where it is a minute more.
  await page.bringToFront()
  await pictureOver(walk, page, 'popup-extend', '.session-extend', 90_000)
  await valetkey.ask(['session', 'revoke', '--all'])
  await send(page, `${api.url}/v1/small`, 'GET')
  await pictureOver(walk, page, 'popup-refused-site', '.notice-warn')
  await spend(walk)
  const later = site.originAs('later.localhost')
  await grantSite(stage, later, 'chat', '--ttl', '1s')
  const isOver = async () =>
    ((await valetkey.ask(['session', 'list'])) as { origin: string; endReason: string | null }[]).some(
      ({ origin, endReason }) => origin === later && endReason === 'expired',
    )
  await eventually('its session ran out', isOver, Boolean)
  const waiting = await stage.driver.newPage(`${later}/`)
  await waiting.evaluate((url) => void fetch(url).catch(() => {}), `${api.url}/v1/small`)
  await pictureOver(walk, waiting, 'popup-waiting', '.waiting-answers')
  await waiting.close()
}

/** A site that may call once, and calls twice. */
async function spend(walk: Walk): Promise<void> {
  const { stage, api, site } = walk
  const once = ['--service', 'openai', '--allow', 'GET /v1/**', '--max-requests', '1']
  await stage.valetkey.ask(['capability', 'add', 'once', ...once])
  const origin = site.originAs('once.localhost')
  await grantSite(stage, origin, 'once')
  const page = await stage.driver.newPage(`${origin}/`)
  for (let turn = 0; turn < 2; turn += 1) await send(page, `${api.url}/v1/small`, 'GET')
  await pictureOver(walk, page, 'popup-refused-budget', '.notice-warn')
  await page.close()
}

/** A call that is answered elsewhere, as its own service is down. */
async function failOver(walk: Walk): Promise<void> {
  const { stage, site } = walk
  const gone = await startLoopbackServer(() => {})
  await gone.close()
  const base = ['--preset', 'openai-compatible', '--base-url', `${gone.url}/v1`, '--local', '--secret-stdin']
  await stage.valetkey.ask(['service', 'add', 'cloud', ...base], 'a-key-of-nothing')
  const rules = ['--allow', 'POST /v1/**', '--failover', 'chat']
  await stage.valetkey.ask(['capability', 'add', 'cloud', '--service', 'cloud', ...rules])
  const origin = site.originAs('cloud.localhost')
  for (const id of ['chat', 'cloud']) await grantSite(stage, origin, id)
  const page = await stage.driver.newPage(`${origin}/`)
  await send(page, `${gone.url}/v1/small`, 'POST', '{}')
  await pictureOver(walk, page, 'popup-failed-over', '.session-failover')
  await page.close()
}

/** A page that was there before it was connected, kept what it calls with, and has what Valet Key does not carry. */
async function walkBeside(walk: Walk): Promise<void> {
  const { stage, api, site } = walk
  const origin = site.originAs('beside.localhost')
  const page = await stage.driver.newPage(`${origin}/keeper`)
  await grantSite(stage, origin, 'chat')
  await eventually(
    'what is looked up at each call is carried',
    () => send(page, `${api.url}/v1/small`, 'GET'),
    (status) => status === 200,
  )
  await page.evaluate(`kept('${api.url}/v1/small').catch(() => {})`)
  await page.evaluate(`new WebSocket('${api.url.replace('http', 'ws')}/v1/realtime')`)
  await page.evaluate(BESIDE)
  await inPopup(walk, page, async (popup) => {
    await popup.waitForFunction(() => document.querySelectorAll('.notice-warn').length === 3)
    await walk.camera.take(popup, 'popup-notices', 'popup', { of: '.notice-warn' })
  })
  await page.close()
}

async function walkMany(walk: Walk, page: Page): Promise<void> {
  const { stage, site } = walk
  await stage.valetkey.ask(['session', 'revoke', '--all'])
  for (const [at, name] of TWELVE.entries())
    await stage.valetkey.ask(['grant', 'add', site.originAs(name), 'chat', '--ttl', `${at + 1}h`])
  await pictureOver(walk, page, 'popup-twelve', '.session')
  await inPopup(walk, page, async (popup) => {
    await popup.waitForSelector('.popup-foot .button-danger')
    await clickStill(popup, '.popup-foot .button-danger')
    await popup.waitForSelector('.toast')
    await walk.camera.take(popup, 'popup-revoked', 'popup')
  })
}
