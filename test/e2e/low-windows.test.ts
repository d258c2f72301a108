import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approvalPage, pressNow } from '../support/approval-window.ts'
import { clickStill } from '../support/click-still.ts'
import { grantSite } from '../support/grant-site.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { closePopup } from '../support/popup-actions.ts'
import { pressInSight } from '../support/press-in-sight.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { BROWSERS, SITES } from './scene.ts'

/**
 * The popup and the window that asks where a browser gives them less height than they would like: on small screens, in Firefox's
 * menu of what does not fit its toolbar, and zoomed in. What gives, ends and answers stays in sight; what there is to read scrolls.
 */
const LOW = { width: 380, height: 320 }
/** A screen on which a popup of Chromium's comes out at less than that: 640 by 380 points, as 1280 by 760 at 200 % are. */
const SCREEN = ['--screen-info={1280x800 devicePixelRatio=2}', '--window-size=640,400']
const IN_SIGHT = { whole: true, onTop: true }
const KEY = 'a-key-only-the-clock-knows'

describe.each(BROWSERS)('in a low window in %s', (browser) => {
  let stage: Stage
  let upstream: LoopbackServer
  let site: PageServer
  let page: Page
  beforeAll(async () => {
    upstream = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: SITES, args: browser === 'chromium' ? SCREEN : [] })
    const { valetkey } = stage
    const base = ['--preset', 'openai', '--base-url', `${upstream.url}/v1`, '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], KEY)
    const rules = ['--allow', 'GET /v1/**', '--ask', 'POST /v1/**']
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', ...rules])
    for (const at of [1, 2]) {
      await valetkey.ask(['grant', 'add', `https://site-${at}.example.com`, 'clock'])
    }
    page = await stage.driver.newPage(`${site.origin}/`)
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site.close(), upstream.close()])
  })

  /** Chromium's own popup is as large as its screen allows; Firefox's panel cannot be driven, and is shown in a tab of that size. */
  const lowPopup = async () => {
    await stage.driver.allowRequest(site.origin)
    const popup = await stage.driver.popup(page)
    if (browser === 'firefox') await popup.setViewport(LOW)
    return popup
  }

  test('the popup shows what gives and what ends, wherever what is read is scrolled to', async () => {
    const popup = await lowPopup()
    await popup.waitForSelector('#capability')
    // What is below the form may push it out at last.
    const connect = await pressInSight(popup, 'Connect', '.popup-body', [0, 0.2])
    expect(connect).toMatchObject(IN_SIGHT)
    expect(connect.height).toBeLessThanOrEqual(LOW.height)
    expect(await pressInSight(popup, 'Revoke all', '.popup-body')).toMatchObject(IN_SIGHT)
    await clickStill(popup, 'form button[type="submit"]')
    await popup.waitForSelector(`.session button[aria-label*="${site.origin}"]`)
    expect(await pressInSight(popup, 'Revoke all', '.popup-body')).toMatchObject(IN_SIGHT)
    await closePopup(popup)
  })

  test('the window that asks shows the no and the short yes', async () => {
    await grantSite(stage, site.origin, 'clock')
    await page.bringToFront()
    const url = `${upstream.url}/v1/small`
    await page.reload()
    const asked = page.evaluate(
      (to) => fetch(to, { method: 'POST', body: '{}' }).then((answer) => answer.status),
      url,
    )
    const window = await approvalPage(stage.driver)
    await window.setViewport(LOW)
    for (const text of ['Deny', 'Allow once']) {
      expect(await pressInSight(window, text, ':root'), text).toEqual({ ...IN_SIGHT, height: LOW.height })
    }
    await pressNow(window, 'Deny')
    expect(await asked).toBe(403)
  })
})
