import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { clickStill } from '../support/click-still.ts'
import { press } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type InlinePage, startPageServer } from '../support/pages/page-server.ts'
import { eagerPage } from '../support/pages/test-pages.ts'
import { connectInPopup, popupText, revokeButton } from '../support/popup-actions.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import type { Scene } from './scene.ts'

/** Takes `fetch` out before anybody can stand before it, as clients do that are made when a page starts. */
const KEEPER: InlinePage = {
  html: '<!doctype html><html lang="en"><title>Keeper</title><link rel="icon" href="data:,"><script>const kept = fetch</script></html>',
}

/** Counts what comes to the browser's own `send`, as packages that watch calls do. */
const WATCHER: InlinePage = {
  html: `<!doctype html><html lang="en"><title>Watcher</title><link rel="icon" href="data:,"><script>
    const sends = []
    const { send } = XMLHttpRequest.prototype
    XMLHttpRequest.prototype.send = function (...body) {
      sends.push(this.readyState)
      return send.apply(this, body)
    }
    const post = (url, body) => new Promise((resolve) => {
      const xhr = new XMLHttpRequest()
      xhr.onloadend = () => resolve(xhr.status)
      xhr.open('POST', url)
      xhr.send(body)
    })
  </script></html>`,
}

const WHY = 'was open before you connected it and keeps calling an API past Valet\u00a0Key'

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
      await press(popup, 'Reload the page')
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

  test('a page that loads anew the moment the popup shows it connected has its very first call carried', async () => {
    const { driver } = scene.stage
    const site = await startPageServer({ pages: { '/': eagerPage(small(), 'placeholder') } })
    try {
      const origin = site.originAs('eager.localhost')
      // Before the page is there: a tab that is only just being closed takes the focus from a popup, which closes it.
      await driver.allowRequest(origin)
      const page = await scene.open(`${origin}/`)
      const ended = (outcome: string) =>
        eventually(
          'the first call ended',
          () => page.title().catch(() => ''),
          (title) => title === outcome,
        )
      await ended('first: 401')
      const popup = await driver.popup(page)
      await popup.waitForSelector('#capability')
      await popup.select('#capability', 'clock')
      upstream().journal.clear()
      const reloaded = popup.evaluate(reloadWhenShown, revokeButton(origin), origin)
      await clickStill(popup, 'form button[type="submit"]')
      expect(await reloaded).toEqual([`content ${origin}`, `page ${origin}`])
      await ended('first: 200')
      const sent = upstream().journal.arrivals.map((arrival) => headerOf(arrival, 'authorization'))
      expect(sent).toEqual([expect.not.stringContaining('placeholder')])
      if (!popup.isClosed()) await popup.close().catch(() => {})
    } finally {
      await site.close()
    }
  })

  test('what a page put before the browser’s own send is not asked about a caught call', async () => {
    const site = await startPageServer({ pages: { '/': WATCHER, '/own': KEEPER } })
    try {
      const origin = site.originAs('watcher.localhost')
      const page = await scene.open(`${origin}/`)
      await connectInPopup(scene.stage.driver, page, origin, 'clock')
      await eventually(
        'calls are caught',
        () => call(page, small()),
        ({ status }) => status === 200,
      )
      const posted = (url: string) =>
        page.evaluate(
          `Promise.all([post('${url}', 'text'), post('${url}', new Uint8Array(3)), post('${url}', new FormData())])`,
        )
      expect(await posted('/own')).toHaveLength(3)
      expect(await page.evaluate('sends')).toEqual([1, 1, 1])
      await posted(small())
      expect(await page.evaluate('sends'), 'of the calls to the page’s own server').toEqual([1, 1, 1])
    } finally {
      await site.close()
    }
  })
}

/**
 * Runs in the popup: load the tab of `origin` anew as soon as `selector` is there, as an owner's quickest hand could.
 *
 * @returns ids of the scripts that are registered for the origin at that moment.
 */
async function reloadWhenShown(selector: string, origin: string): Promise<string[]> {
  const { tabs, scripting } = chrome
  const tab = (await tabs.query({})).find(({ url }) => url?.startsWith(`${origin}/`))
  await new Promise<void>((resolve) => {
    const look = () => document.querySelector(selector) !== null && resolve()
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
    // Or it came while the tab was looked for.
    look()
  })
  const scripts = scripting.getRegisteredContentScripts()
  await tabs.reload(tab?.id ?? -1)
  return (await scripts).flatMap(({ id }) => (id.endsWith(` ${origin}`) ? [id] : [])).sort()
}
