import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { clickStill } from '../support/click-still.ts'
import { eventually } from '../support/eventually.ts'
import { done } from '../support/hard.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { revokeButton, revokeInPopup } from '../support/popup-actions.ts'
import { launchSecond } from '../support/second-browser.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call, type Progress, progressOf, startStream } from './in-page.ts'
import { onEachBrowser, SITES } from './scene.ts'

/** Streams that run in one page when the owner clicks. */
const STREAMS = 20

onEachBrowser('revoke', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  beforeAll(async () => {
    const key = scene.canary('clock', 'sk-')
    upstream = await startFlowUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], key)
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', '--allow', 'GET /v1/**'])
  })
  afterEach(() => scene.revokeAll())
  afterAll(async () => {
    await Promise.all([site.close(), upstream.close()])
  })

  async function streamingPage() {
    await scene.grant(site.origin, 'clock')
    const page = await scene.open(`${site.origin}/`)
    const names = Array.from({ length: STREAMS }, (_, n) => `stream${n}`)
    // No more than a page on a busy machine can read: it would be behind by what it has got already, and be cut as late.
    for (const name of names) await startStream(page, name, `${upstream.url}/v1/clock?every=100`)
    const all = () => Promise.all(names.map((name) => progressOf(page, name)))
    await eventually('all stream', all, (progress) => progress.every(({ chunks }) => chunks > 2))
    return { page, all }
  }

  /** Milliseconds from a moment to the last chunk the page was given. */
  function lateness(progress: readonly Progress[], since: number): number {
    return Math.max(...progress.map(({ arrivals }) => Math.max(0, (arrivals.at(-1) ?? 0) - since)))
  }

  async function expectEnded(all: () => Promise<Progress[]>): Promise<Progress[]> {
    const cut = await eventually('all are cut', all, (progress) =>
      progress.every(({ error }) => error !== ''),
    )
    for (const { error, done: whole } of cut)
      expect({ error, whole }).toEqual({ error: 'TypeError', whole: false })
    const open = () => upstream.journal.calls.filter(({ outcome }) => outcome === 'open').length
    await eventually('the service sees it', open, (left) => left === 0)
    return cut
  }

  test('a click on Revoke in the popup ends all the streams of a page before the popup says so', async () => {
    const { page, all } = await streamingPage()
    const popup = await scene.stage.driver.popup(page)
    const button = revokeButton(site.origin)
    await popup.waitForSelector(button)
    // The moment of the click, by the clock of the popup, which is the page's too.
    await popup.evaluate((selector) => {
      document.querySelector(selector)?.addEventListener('click', () => {
        document.title = String(Date.now())
      })
    }, button)
    await clickStill(popup, button)
    const clicked = Number(await popup.title())
    await popup.waitForSelector(button, { hidden: true, timeout: 30_000 })
    const said = Date.now()
    await popup.close().catch(() => {})
    const cut = await expectEnded(all)
    expect(clicked).toBeGreaterThan(0)
    expect(lateness(cut, said)).toBe(0)
    done(`streams of a page revoked by a click, ${scene.browserName}`, cut.length)
    done(`ms from the click to the last chunk in the page, ${scene.browserName}`, lateness(cut, clicked))
    upstream.journal.clear()
    expect(await call(page, `${upstream.url}/v1/small`)).toMatchObject({
      status: 403,
      problem: 'session-ended',
    })
    expect(upstream.journal.arrivals).toEqual([])
  })

  // Where the owner asks for one browser, there is only one.
  test.skipIf(process.env.VALETKEY_E2E_BROWSER !== undefined)(
    'a click on Revoke in the popup of another browser ends all the streams of a page',
    { timeout: 300_000 },
    async () => {
      const other = await launchSecond(scene.stage, SITES)
      try {
        const { page, all } = await streamingPage()
        await revokeInPopup(other, await other.newPage(`${site.origin}/`), site.origin)
        const said = Date.now()
        const cut = await expectEnded(all)
        // No bound here: two browsers on one machine say how busy it is. What fails is that one goes on.
        done(`streams in ${scene.browserName} ended by a click in ${other.name}`, cut.length)
        done(`ms from that popup's word to the last chunk, ${scene.browserName}`, lateness(cut, said))
        upstream.journal.clear()
        expect(await call(page, `${upstream.url}/v1/small`)).toMatchObject({
          status: 403,
          problem: 'session-ended',
        })
        expect(upstream.journal.arrivals).toEqual([])
      } finally {
        await other.close()
      }
    },
  )

  test('the command ends all the streams of a page', async () => {
    const { all } = await streamingPage()
    await scene.revokeAll()
    const said = Date.now()
    const cut = await expectEnded(all)
    // No bound here either: how far a page is behind with what it has got already says how busy the machine is.
    done(
      `ms from the command's answer to the last chunk in the page, ${scene.browserName}`,
      lateness(cut, said),
    )
  })
})
