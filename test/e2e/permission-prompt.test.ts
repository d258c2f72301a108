import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clickStill } from '../support/click-still.ts'
import { reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { scriptsFor } from '../support/grant-site.ts'
import { mayClose } from '../support/of-closing.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type PermissionPrompt, permissionPrompt } from '../support/permission-prompt.ts'
import { closePopup } from '../support/popup-actions.ts'
import { hasPrivateDisplay, type PrivateDisplay, startPrivateDisplay } from '../support/private-display.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { BROWSERS, type ListedSession } from './scene.ts'

const KEY = 'sk-behind-the-prompt'

/** Elsewhere permissions are given beforehand: a browser without a window cannot show its prompt, and Chromium's needs a display. */
describe.each(BROWSERS)('the browser’s own prompt in %s', (browser) => {
  const isShown = browser === 'firefox' || hasPrivateDisplay()
  let display: PrivateDisplay | null = null
  let stage: Stage
  let upstream: LoopbackServer
  let site: PageServer
  let page: Page
  let prompt: PermissionPrompt
  beforeAll(async () => {
    if (!isShown) return
    display = browser === 'chromium' ? await startPrivateDisplay() : null
    upstream = await startEchoUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    const shown = display === null ? {} : { headful: true, env: { DISPLAY: display.name } }
    stage = await setUpStage({ browser, asksPermission: true, ...shown })
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'echo', ...base], KEY)
    await stage.valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', '--allow', 'GET /v1/**'])
    page = await stage.driver.newPage(`${site.origin}/`)
    prompt = permissionPrompt(stage.driver, page, display)
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site?.close(), upstream?.close(), display?.close()])
  })

  const sessions = () => stage.valetkey.ask(['session', 'list']) as Promise<ListedSession[]>
  const mayReach = () =>
    stage.driver.inBackground<boolean>(`browser.permissions.contains({ origins: ['http://127.0.0.1/*'] })`)

  /** Press Connect in the popup over the page. Chromium closes it as it asks. */
  async function pressConnect(): Promise<Page> {
    await page.bringToFront()
    const popup = await stage.driver.popup(page)
    await popup.waitForSelector('#capability')
    await popup.select('#capability', 'echo')
    await mayClose(clickStill(popup, 'form button[type="submit"]'))
    if (browser === 'chromium') await eventually('the popup is gone', async () => popup.isClosed(), Boolean)
    return popup
  }

  test.skipIf(!isShown)(
    'a no leaves the site as it was, and nothing is connected later for another reason',
    async () => {
      const popup = await pressConnect()
      await prompt.answer('Deny')
      expect([await mayReach(), await sessions(), await stage.valetkey.ask(['grant', 'list'])]).toEqual([
        false,
        [],
        [],
      ])
      await closePopup(popup)
      await page.bringToFront()
      const again = await stage.driver.popup(page)
      if (browser === 'chromium') await reads(again, 'You did not allow it in the browser')
      else await again.waitForSelector('#capability')
      await closePopup(again)
      await stage.driver.grant(site.origin)
      expect(await mayReach()).toBe(true)
      await page.reload()
      expect(await call(page, `${upstream.url}/v1/echo`)).not.toMatchObject({ status: 200 })
      expect(await sessions()).toEqual([])
      await stage.driver.withdraw(site.origin)
    },
  )

  test.skipIf(!isShown)(
    'a yes connects it, though the popup is gone by then, and its next call has the key',
    async () => {
      await pressConnect()
      await prompt.answer('Allow')
      await eventually('it is connected', sessions, ({ length }) => length === 1)
      // The host has it before the browser knows in which documents our scripts are to run.
      await scriptsFor(stage, site.origin)
      expect(await mayReach()).toBe(true)
      await page.bringToFront()
      await page.reload()
      expect(await call(page, `${upstream.url}/v1/echo`)).toMatchObject({ status: 200, problem: null })
    },
  )
})
