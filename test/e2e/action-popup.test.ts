import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openActionPopup } from '../support/action-popup.ts'
import { eventually } from '../support/eventually.ts'
import { grantSite } from '../support/grant-site.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { progressOf, startStream } from './in-page.ts'
import { BROWSERS, type ListedSession, SITES } from './scene.ts'

const KEY = 'a-key-only-the-clock-knows'
/** The largest popup that a browser shows, in CSS pixels. */
const MOST = { width: 800, height: 600 }

/** The popup that the browser itself opens below its toolbar button, not the page of it in a tab. */
describe.each(BROWSERS)('the toolbar button’s popup in %s', (browser) => {
  let stage: Stage
  let upstream: LoopbackServer
  let site: PageServer
  beforeAll(async () => {
    upstream = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: SITES })
    const { valetkey } = stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], KEY)
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', '--allow', 'GET /v1/**'])
  })
  afterEach(() => revokeAll())
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site.close(), upstream.close()])
  })

  const revokeAll = () => stage.valetkey.ask(['session', 'revoke', '--all'])

  test('fits, shows what is live as it goes on, and harms nothing by closing', async () => {
    await grantSite(stage, site.origin, 'clock')
    const page = await stage.driver.newPage(`${site.origin}/`)
    await startStream(page, 'ticks', `${upstream.url}/v1/clock`)
    const chunks = () => progressOf(page, 'ticks').then((progress) => progress.chunks)
    await eventually('it streams', chunks, (count) => count > 3)
    const popup = await openActionPopup(stage.driver, page)
    const shown = await eventually(
      'the popup shows the session that streams',
      () => popup.look(),
      ({ sessions, streaming }) => sessions === 1 && streaming === 1,
    )
    expect(shown.text).toContain(new URL(site.origin).host)
    expect(shown.widest).toBeLessThanOrEqual(shown.width)
    expect(shown.width).toBeLessThanOrEqual(MOST.width)
    expect(shown.height).toBeLessThanOrEqual(MOST.height)
    await revokeAll()
    await eventually(
      'the popup notices that it was revoked elsewhere',
      () => popup.look(),
      ({ sessions }) => sessions === 0,
    )
    await grantSite(stage, site.origin, 'clock')
    await eventually(
      'and that there is another',
      () => popup.look(),
      ({ sessions }) => sessions === 1,
    )
    await startStream(page, 'more', `${upstream.url}/v1/clock`)
    const more = () => progressOf(page, 'more').then((progress) => progress.chunks)
    await eventually('it streams again', more, (count) => count > 3)
    await popup.close()
    const before = await more()
    await eventually('it streams on without the popup', more, (count) => count > before + 3)
    const live = ((await stage.valetkey.ask(['session', 'list'])) as ListedSession[]).filter(
      ({ endReason }) => endReason === null,
    )
    expect(live).toHaveLength(1)
  })

  test('begins with the head that it keeps, before any script', async () => {
    const page = await stage.driver.newPage(`${site.origin}/`)
    const popup = await stage.driver.popup(page)
    await popup.waitForSelector('.popup-head button')
    const file = new URL('../../extension/popup/index.html', import.meta.url)
    const seen = await popup.evaluate(
      compareHeads,
      (await readFile(file, 'utf8')).replaceAll('vite-ignore ', ''),
    )
    expect(seen).toEqual({ heads: 1, begun: ['IMG', 'H1'], kept: [true, true] })
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  // Firefox’s driver has no say in an extension’s page before its first script.
  if (browser === 'chromium')
    test('is whole in a tab that the browser draws no picture of', async () => {
      const page = await stage.driver.newPage()
      await page.evaluateOnNewDocument(() => Object.assign(globalThis, { requestAnimationFrame: () => 0 }))
      await page.goto(`${stage.driver.extensionOrigin}/extension/popup/index.html`)
      await page.waitForSelector('.popup-head button')
      await page.close()
    })

  test('keeps within the browser’s limits with more sessions than fit', async () => {
    const origins = Array.from({ length: 7 }, (_, at) => `https://a-long-name-of-a-site-${at}.example.com`)
    for (const origin of origins) await stage.valetkey.ask(['grant', 'add', origin, 'clock'])
    const page = await stage.driver.newPage(`${site.origin}/`)
    const popup = await openActionPopup(stage.driver, page)
    const shown = await eventually(
      'the popup shows all of them',
      () => popup.look(),
      ({ sessions }) => sessions === 7,
    )
    expect(shown.widest).toBeLessThanOrEqual(shown.width)
    expect(shown.width).toBeLessThanOrEqual(MOST.width)
    expect(shown.height).toBeLessThanOrEqual(MOST.height)
    await popup.close()
  })
})

/** Inside the popup: what its file begins with, and whether each of it is the same in what is drawn. */
function compareHeads(file: string): { heads: number; begun: string[]; kept: boolean[] } {
  const written = new DOMParser().parseFromString(file, 'text/html').querySelector('.popup-head')
  const drawn = document.querySelectorAll('.popup-head')
  const begun = [...(written?.children ?? [])]
  return {
    heads: drawn.length,
    begun: begun.map(({ tagName }) => tagName),
    kept: begun.map((each, at) => each.isEqualNode(drawn[0]?.children[at] ?? null)),
  }
}
