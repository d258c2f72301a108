import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { approvalPage, approvalsGone, press, pressNow } from '../support/approval-window.ts'
import { clickStill } from '../support/click-still.ts'
import { reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { connectInPopup, popupText } from '../support/popup-actions.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const SITES_ROOM = 'extension/control/index.html#sites'

/** The box at connect, what it does, and its twin in the Sites room. */
onEachBrowser('being asked before each change', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let page: Page
  beforeAll(async () => {
    const key = scene.canary('asks-writes', 'sk-')
    upstream = await startEchoUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'echo', ...base], key)
    await valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', '--allow', 'GET,POST /v1/**'])
    page = await scene.open(`${site.origin}/`)
  })
  afterEach(() => approvalsGone(scene.stage.driver))
  afterAll(async () => {
    await Promise.all([upstream?.close(), site?.close()])
  })

  const write = () => {
    const headers = { 'content-type': 'application/json' }
    return call(page, `${upstream.url}/v1/echo/body`, { method: 'POST', headers, body: '{"note":1}' })
  }

  test('ticked at connect, reading goes through and each change waits for the owner', async () => {
    const { driver } = scene.stage
    await connectInPopup(driver, page, site.origin, 'echo', true)
    expect(await popupText(driver, page, null)).toContain('Asks before changes')
    await page.reload()
    expect(await call(page, `${upstream.url}/v1/echo`)).toMatchObject({ status: 200, problem: null })
    const first = write()
    const window = await approvalPage(driver)
    await reads(window, 'You want to be asked before each change of this site.')
    await reads(window, 'Or every change that this rule allows, from this site')
    expect(upstream.journal.calls.filter(({ method }) => method === 'POST')).toEqual([])
    await press(window, 'Allow once')
    expect(await first).toMatchObject({ status: 200, text: '{"note":1}' })
    await approvalsGone(driver)
    const second = write()
    await pressNow(await approvalPage(driver), 'Deny')
    expect(await second).toMatchObject({ status: 403, problem: 'approval-denied' })
  })

  test('a beacon and a kept fetch wait too, and are sent at a yes alone, though their page is gone by then', async () => {
    const { driver } = scene.stage
    const arrivals = () => upstream.journal.calls.filter(({ target }) => target.includes('sent='))
    const leave = async (name: 'beacon' | 'kept') => {
      await page.evaluate(
        (url, how) => {
          addEventListener('pagehide', () => {
            if (how === 'beacon') navigator.sendBeacon(url, 'bye')
            else void fetch(url, { method: 'POST', keepalive: true, body: 'bye' })
          })
        },
        `${upstream.url}/v1/echo/body?sent=${name}`,
        name,
      )
      await page.goto(`${site.origin}/?after=${name}`)
      return approvalPage(driver)
    }
    for (const name of ['beacon', 'kept'] as const) {
      const window = await leave(name)
      await reads(window, 'You want to be asked before each change of this site.')
      expect(arrivals()).toEqual([])
      await press(window, 'Allow once')
      const [sent] = await eventually(`the ${name} arrived`, arrivals, (calls) => calls.length === 1)
      expect([sent?.method, sent?.body.toString()]).toEqual(['POST', 'bye'])
      upstream.journal.clear()
      await approvalsGone(driver)
    }
    // One alone: three denials within half a minute would mute the site for the test after this.
    await pressNow(await leave('kept'), 'Deny')
    await approvalsGone(driver)
    // A call that came after it is answered: had the other been sent, it would be here.
    expect(await call(page, `${upstream.url}/v1/echo`)).toMatchObject({ status: 200 })
    expect(arrivals()).toEqual([])
  })

  test('unticked in the Sites room, changes go through at once, and the session goes on', async () => {
    const { driver } = scene.stage
    const before = await scene.sessions()
    const control = await driver.extensionPage(SITES_ROOM)
    await control.waitForSelector('.site-asks input:checked')
    await clickStill(control, '.site-asks input')
    await control.waitForSelector('.site-asks input:not(:checked)')
    await reads(control, 'You are not asked before changes any more.')
    expect(await write()).toMatchObject({ status: 200, problem: null })
    expect((await scene.sessions()).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    await clickStill(control, '.site-asks input')
    await control.waitForSelector('.site-asks input:checked')
    const asked = write()
    await pressNow(await approvalPage(driver), 'Deny')
    expect(await asked).toMatchObject({ status: 403, problem: 'approval-denied' })
    await control.close()
  })
})
