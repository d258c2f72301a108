import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { clickStill } from '../support/click-still.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { type CallEnd, call, callWhenHeard } from './in-page.ts'
import { badgeAsks, badgeShows, onEachBrowserByPassphrase } from './scene.ts'

const ENDED = { status: 403, problem: 'session-ended' }

onEachBrowserByPassphrase('a page that never heard of us', (scene) => {
  let upstream: LoopbackServer
  let key: string
  const sites: PageServer[] = []
  beforeAll(async () => {
    key = scene.canary('resumed', 'sk-')
    upstream = await startEchoUpstream(key)
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'echo', ...base], key)
    await valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', '--allow', '* /v1/**'])
  })
  afterEach(() => upstream.journal.clear())
  afterAll(async () => {
    await Promise.all([upstream.close(), ...sites.map((site) => site.close())])
  })

  /** A page of a new site whose session has run out. */
  async function visitLater(): Promise<Page> {
    const site = await startPageServer({ pages: { '/': BLANK } })
    sites.push(site)
    await scene.grant(site.origin, 'echo', '--ttl', '1s')
    const isOver = async () =>
      (await scene.sessions()).some(
        ({ origin, endReason }) => origin === site.origin && endReason === 'expired',
      )
    await eventually('its session ran out', isOver, Boolean)
    return scene.open(`${site.origin}/`)
  }
  const send = (page: Page, note: unknown) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-placeholder' }
    return call(page, `${upstream.url}/v1/echo/body`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ note }),
    })
  }
  const arrivals = () => upstream.journal.arrivals.length

  test('waits with its first calls after its session ran out; one press, and all of them go on', async () => {
    const page = await visitLater()
    const both = Promise.all([send(page, 1), send(page, 2)])
    await badgeShows(scene, '1')
    const popup = await scene.stage.driver.popup(page)
    await popup.waitForSelector('.waiting-answers')
    const text = await eventually(
      'both are counted',
      () => popup.evaluate(() => document.body.innerText),
      (shown) => shown.includes('2 calls'),
    )
    for (const part of ['1 site waits for you', new URL(page.url()).host, 'wants to go on with', 'echo'])
      expect(text).toContain(part)
    expect(arrivals()).toBe(0)
    await clickStill(popup, '.waiting-answers .button-primary')
    expect(await both).toMatchObject([
      { status: 200, text: '{"note":1}' },
      { status: 200, text: '{"note":2}' },
    ])
    expect(headerOf(upstream.journal.last, 'authorization')).toContain(key)
    await popup.waitForSelector('.waiting-answers', { hidden: true })
    await popup.close().catch(() => {})
  })

  test('is refused with the clear problem when the owner says no, and asks no second time', async () => {
    const page = await visitLater()
    const answer = send(page, 1)
    await badgeShows(scene, '1')
    const popup = await scene.stage.driver.popup(page)
    await popup.waitForSelector('.waiting-answers')
    await clickStill(popup, '.waiting-answers button:last-child')
    expect(await answer).toMatchObject(ENDED)
    await popup.waitForSelector('.waiting-answers', { hidden: true })
    await popup.close().catch(() => {})
    expect(await send(page, 2)).toMatchObject(ENDED)
    expect(arrivals()).toBe(0)
  })

  test('is refused at once, and asked about by nobody, after a revoke', async () => {
    const page = await visitLater()
    const { origin } = new URL(page.url())
    await scene.grant(origin, 'echo')
    await eventually(
      'it works',
      () => send(page, 0),
      ({ status }) => status === 200,
    )
    upstream.journal.clear()
    await scene.revokeAll()
    expect(await send(page, 1)).toMatchObject(ENDED)
    expect(arrivals()).toBe(0)
    await badgeShows(scene, '')
  })

  test('takes the notice along when it gives its call up, or goes elsewhere', async () => {
    const page = await visitLater()
    await page.evaluate((url) => {
      const control = new AbortController()
      Object.assign(globalThis, { control, ended: fetch(url, control).catch((error: Error) => error.name) })
    }, `${upstream.url}/v1/echo/body`)
    await badgeShows(scene, '1')
    const name = await page.evaluate(() => {
      const { control, ended } = globalThis as unknown as { control: AbortController; ended: Promise<string> }
      control.abort()
      return ended
    })
    expect(name).toBe('AbortError')
    await badgeShows(scene, '')
    await page.evaluate((url) => void fetch(url).catch(() => {}), `${upstream.url}/v1/echo/body`)
    await badgeShows(scene, '1')
    await page.reload()
    await badgeShows(scene, '')
    expect(arrivals()).toBe(0)
  })

  test('waits for the vault; the popup shows who waits beside the form that opens it', async () => {
    const page = await visitLater()
    await scene.grant(new URL(page.url()).origin, 'echo')
    await eventually(
      'it works',
      () => send(page, 0),
      ({ status }) => status === 200,
    )
    upstream.journal.clear()
    const { valetkey, passphrase, driver } = scene.stage
    await valetkey.ask(['lock'])
    let answer: Promise<CallEnd> | undefined
    try {
      answer = callWhenHeard(page, `${upstream.url}/v1/echo/body`)
      await badgeAsks(scene)
      const popup = await driver.popup(page)
      await popup.waitForSelector('.waiting-answers')
      const text = await popup.evaluate(() => document.body.innerText)
      for (const part of [new URL(page.url()).host, new URL(upstream.url).host, 'The vault is locked'])
        expect(text).toContain(part)
      expect(arrivals()).toBe(0)
      await popup.type('input[type=password]', passphrase)
      await clickStill(popup, 'form button[type=submit]')
      expect(await answer).toMatchObject({ status: 200 })
      await popup.close().catch(() => {})
    } finally {
      await valetkey.run(['unlock', '--passphrase-stdin'], `${passphrase}\n`)
    }
    await badgeShows(scene, await liveCount())
  })

  const liveCount = async () =>
    String((await scene.sessions()).filter(({ endReason }) => endReason === null).length)
})
