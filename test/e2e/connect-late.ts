import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type InlinePage, startPageServer } from '../support/pages/page-server.ts'
import { connectInPopup, popupText } from '../support/popup-actions.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import type { Scene } from './scene.ts'

/** Takes `fetch` out before anybody can stand before it, as clients do that are made when a page starts. */
const KEEPER: InlinePage = {
  html: '<!doctype html><html lang="en"><title>Keeper</title><link rel="icon" href="data:,"><script>const kept = fetch</script></html>',
}

const WHY = 'was open before you connected it and keeps calling an API past Valet Key'

/** A page that was open before it was connected. @param upstream has a capability `clock`. */
export function defineConnectLate(scene: Scene, upstream: () => LoopbackServer): void {
  const small = () => `${upstream().url}/v1/small`
  const keptCall = (page: Page) =>
    page.evaluate(`kept('${small()}').then((r) => r.status, (e) => e.name)`) as Promise<number | string>

  test('a page that keeps an older fetch goes past without a key, and the popup says why and reloads it', async () => {
    const { driver } = scene.stage
    const site = await startPageServer({ pages: { '/': KEEPER } })
    try {
      // A name that no other test's grant is for: the browser's patterns for our scripts know no ports.
      const origin = site.originAs('localhost')
      const page = await scene.open(`${origin}/`)
      const said = async () => (await popupText(driver, page, null)).join(' ')
      await connectInPopup(driver, page, origin, 'clock')
      await eventually(
        'what looks fetch up at each call works',
        () => call(page, small()),
        ({ status }) => status === 200,
      )
      expect(await said()).not.toContain(WHY)
      expect(await keptCall(page)).toBe(401)
      expect(headerOf(upstream().journal.last, 'authorization')).toBeNull()
      await eventually('the popup says it', said, (text) => text.includes(WHY))
      const popup = await driver.popup(page)
      const button = await popup.waitForSelector('::-p-text(Reload the page)')
      await button?.click()
      await eventually(
        'the page is loaded anew and caught',
        () => keptCall(page).catch(() => 0),
        (status) => status === 200,
      )
      if (!popup.isClosed()) await popup.close().catch(() => {})
      expect(await said()).not.toContain(WHY)
    } finally {
      await site.close()
    }
  })
}
