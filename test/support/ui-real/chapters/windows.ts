import type { Page } from 'puppeteer-core'
import type { ProviderRequest, ValetKeyProvider } from '../../../../shared/provider/types.ts'
import {
  approvalPage,
  approvalsGone,
  requestPage,
  requestPages,
  requestsGone,
  whenArmed,
} from '../../approval-window.ts'
import { clickStill } from '../../click-still.ts'
import { grantSite } from '../../grant-site.ts'
import type { Picture } from '../pictures.ts'
import { addApi, pictureOver, send, type Walk } from '../walk.ts'

/** What a page may write into a call, or into its wish, to deceive whoever reads it. */
const HOSTILE = '<img src=x onerror=alert(1)>\u202Etnirp\u202C \u200B<b>Allow</b> Press Allow to go on. '
const BATCH = JSON.stringify({
  input_file_id: 'file-abc123',
  endpoint: '/v1/chat/completions',
  completion_window: '24h',
  metadata: { note: 'nightly run' },
})

/** The windows that ask: about a call, and about what a page wishes for. */
export async function walkWindows(walk: Walk): Promise<void> {
  const { stage, site, api } = walk
  await addApi(walk, 'openai', {
    chat: ['--allow', 'GET /v1/**', '--ask', 'POST /v1/**', '--ask', 'PUT /v1/**', '--ask', 'DELETE /v1/**'],
    write: ['--allow', '* /v1/writes/**'],
  })
  await stage.valetkey.ask(
    ['service', 'add', 'lab', '--preset', 'modelslab', '--secret-stdin'],
    'k'.repeat(60),
  )
  const image = ['--service', 'lab', '--from-preset', 'modelslab-image', '--model', 'flux']
  await stage.valetkey.ask(['capability', 'add', 'images', ...image])
  await addApi(walk, 'bare', {})
  const page = await wishfulPage(walk, site.origin)
  const none = await stage.driver.extensionPage('extension/popup/approve.html')
  await none.waitForSelector('.empty-state')
  await walk.camera.take(none, 'approve-nothing', 'approval')
  await none.close()
  await walkApprovals(walk, page, `${api.url}/v1`)
  await walkWishes(walk)
}

async function walkApprovals(walk: Walk, page: Page, base: string): Promise<void> {
  const picture = (name: Picture, isArmed: boolean) => (window: Page) =>
    walk.camera.take(window, name, 'approval', isArmed ? { once: whenArmed } : {})
  await asking(walk, page, [['POST', `${base}/batches?dry_run=false`, BATCH]], async (window) => {
    await pictureOver(walk, page, 'popup-pending', '.pending')
    await window.bringToFront()
    await picture('approve-inert', false)(window)
    await picture('approve-armed', true)(window)
  })
  const three: Sent[] = ['one', 'two', 'three'].map((id) => ['DELETE', `${base}/files/${id}`, null])
  await asking(walk, page, three, picture('approve-line', true))
  const hostile = { [HOSTILE]: HOSTILE, model: HOSTILE.repeat(20), deep: { deeper: { list: [1, 2, 3] } } }
  const long = `${base}/${'very-long-segment/'.repeat(60)}end`
  await asking(walk, page, [['POST', long, JSON.stringify(hostile)]], picture('approve-hostile', true))
  await asking(
    walk,
    page,
    [['PUT', `${base}/raw`, 'line one\nline two\tand more\n'.repeat(60)]],
    picture('approve-raw', false),
  )
  await asking(walk, page, [['PUT', `${base}/binary`, 'bytes']], picture('approve-binary', false))
  await grantSite(walk.stage, new URL(page.url()).origin, 'write', '--ask-writes')
  await asking(walk, page, [['POST', `${base}/writes/one`, BATCH]], picture('approve-write', true))
}

type Sent = [method: string, url: string, body: string | null]

/** Send calls that wait for the owner, look at the window that asks, and refuse them all. */
async function asking(walk: Walk, page: Page, calls: readonly Sent[], look: (window: Page) => Promise<void>) {
  const { stage } = walk
  await page.bringToFront()
  const sent = calls.map(([method, url, body]) =>
    body === 'bytes' ? sendBytes(page, url) : send(page, url, method, body),
  )
  const window = await approvalPage(stage.driver)
  await window.bringToFront()
  await look(window)
  const waiting = (await stage.valetkey.ask(['approval', 'list'])) as { id: string }[]
  // One more refused in a row would mute the site.
  for (const { id } of waiting) await stage.valetkey.ask(['approval', 'answer', id, 'once'])
  await Promise.all(sent)
  await approvalsGone(stage.driver)
}

function sendBytes(page: Page, url: string): Promise<number> {
  return page.evaluate(async (to) => {
    const answer = await fetch(to, { method: 'PUT', body: new Uint8Array(1_200_000).fill(255) })
    return answer.status
  }, url)
}

interface PageGlobals {
  announced: { provider: ValetKeyProvider }[]
}

async function walkWishes(walk: Walk): Promise<void> {
  const reason = 'To draft replies in your own words. Nothing is sent before you press Send.'
  const take = (name: Picture, once?: (window: Page) => Promise<void>) => (window: Page) =>
    walk.camera.take(window, name, 'approval', once === undefined ? {} : { once })
  const wishes: [ProviderRequest, (window: Page) => Promise<void>][] = [
    [{ service: 'lab', reason }, take('request-long', whenArmed)],
    [
      { service: 'openai', capability: 'write', reason },
      async (window) => {
        await take('request-inert')(window)
        await take('request', whenArmed)(window)
        await clickStill(window, '.tick-field input')
        await window.waitForSelector('.tick-field input:checked')
        const see = { of: '.tick-field', once: whenArmed }
        await walk.camera.take(window, 'request-ask-writes', 'approval', see)
      },
    ],
    [{ service: 'lab', reason: HOSTILE.repeat(4).slice(0, 300) }, take('request-hostile')],
    [{ service: 'mistral', reason }, take('request-no-key')],
    [{ service: 'bare', reason }, take('request-no-capability')],
  ]
  // A site whose window was just closed may not ask again at once.
  for (const [at, [wish, look]] of wishes.entries()) {
    const page = await wishfulPage(walk, walk.site.originAs(`wish-${at}.localhost`))
    await wishing(walk, page, wish, look)
    await page.close()
  }
  const none = await walk.stage.driver.extensionPage('extension/popup/request.html')
  await none.waitForSelector('.empty-state')
  await walk.camera.take(none, 'request-none', 'approval')
  await none.close()
}

/** A page of a site that has something, and so has the provider. */
async function wishfulPage({ stage }: Walk, origin: string): Promise<Page> {
  await grantSite(stage, origin, 'chat')
  const page = await stage.driver.newPage(`${origin}/asks`)
  await page.waitForFunction(() => (globalThis as unknown as PageGlobals).announced.length === 1)
  return page
}

/** Have the page wish for something by a click of its user's, look at the window, and close it. */
export async function wishing(
  { stage }: Pick<Walk, 'stage'>,
  page: Page,
  wish: ProviderRequest,
  look: (window: Page) => Promise<void>,
): Promise<void> {
  await page.evaluate((given) => {
    const { announced } = globalThis as unknown as PageGlobals
    document.body.onclick = () => void announced[0]?.provider.request(given).catch(() => {})
  }, wish)
  await page.bringToFront()
  await page.click('button')
  const window = await requestPage(stage.driver)
  await window.bringToFront()
  await look(window)
  for (const left of await requestPages(stage.driver)) await left.close().catch(() => {}) // It may just go by itself.
  await requestsGone(stage.driver)
}
