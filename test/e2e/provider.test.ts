import { readFileSync } from 'node:fs'
import type { Frame, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Grant } from '../../shared/model/grant.ts'
import type { ProviderRequest, ValetKeyProvider } from '../../shared/provider/types.ts'
import {
  approvalPage,
  approvalsGone,
  press,
  pressNow,
  requestPage,
  requestPages,
  requestsGone,
  whenArmed,
} from '../support/approval-window.ts'
import { clickStill } from '../support/click-still.ts'
import { reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { mayClose } from '../support/of-closing.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const GUIDE = readFileSync(new URL('../../shared/provider/README.md', import.meta.url), 'utf8')
const EXAMPLE = /```js\n([\s\S]*?)```/.exec(GUIDE)?.[1] ?? ''

/** What became of an order, as the page saw it. */
type End = { value: unknown } | { code: string; isError: boolean }

/** A page with a button that asks. The provider announced itself to it before anything else ran, or it is not there. */
const PAGE = `<!doctype html><html lang="en"><title>Asks</title><link rel="icon" href="data:,"><body>
<button id="button">Ask</button><output id="output"></output><script>
  globalThis.announced = []
  addEventListener('valetkey:announce-provider', (event) => announced.push(event.detail))
  dispatchEvent(new Event('valetkey:request-provider'))
  globalThis.endOf = (promise) => promise.then((value) => ({ value }), (error) => ({ code: error.code, isError: error instanceof Error }))
</script></body></html>`

interface PageGlobals {
  announced: { provider: ValetKeyProvider; info: object }[]
  endOf(promise: Promise<unknown>): Promise<End>
  asked: Promise<End>
}

onEachBrowser('a page that asks', (scene) => {
  let upstream: LoopbackServer
  let key: string
  const sites: PageServer[] = []
  const visited: Page[] = []
  beforeAll(async () => {
    key = scene.canary('asked', 'sk-')
    upstream = await startEchoUpstream(key)
    const { valetkey } = scene.stage
    for (const id of ['wanted', 'had']) {
      const base = ['--base-url', `${upstream.url}/${id}`, '--auth', 'bearer', '--local', '--secret-stdin']
      await valetkey.ask(['service', 'add', id, ...base], key)
      await valetkey.ask(['capability', 'add', id, '--service', id, '--allow', '* /**'])
    }
  })
  afterEach(async () => {
    for (const page of visited.splice(0, visited.length - 1)) await page.close()
    for (const left of await requestPages(scene.stage.driver)) await left.close().catch(() => {}) // It may just go by itself.
    await requestsGone(scene.stage.driver)
    upstream.journal.clear()
  })
  afterAll(async () => {
    await Promise.all([upstream.close(), ...sites.map((site) => site.close())])
  })

  /** A page of a new site, which has something else already: only there is our script. */
  async function visit(html = PAGE): Promise<{ page: Page; site: PageServer }> {
    const site = await startPageServer({ pages: { '/': { html }, '/else': { html: PAGE } } })
    sites.push(site)
    await scene.grant(site.origin, 'had')
    const page = await scene.open(`${site.origin}/`)
    visited.push(page)
    return { page, site }
  }
  const order = (
    page: Page | Frame,
    name: 'availability' | 'sessions' | 'release' | 'request',
    wish?: object,
  ) =>
    page.evaluate(
      (method, given) => {
        const { announced, endOf } = globalThis as unknown as PageGlobals
        const provider = announced[0]?.provider as unknown as Record<
          string,
          (wish: unknown) => Promise<unknown>
        >
        return endOf((provider[method] as (wish: unknown) => Promise<unknown>)(given))
      },
      name,
      wish,
    )
  /** Ask by a click of the user's. @returns how it ends. */
  async function ask(page: Page, wish: unknown, times = 1): Promise<{ end: Promise<End> }> {
    await page.evaluate(
      (given, turns) => {
        const { announced, endOf } = globalThis as unknown as PageGlobals
        const button = document.getElementById('button') as HTMLElement
        button.onclick = () => {
          const all = Array.from({ length: turns }, () =>
            endOf((announced[0] as PageGlobals['announced'][0]).provider.request(given as ProviderRequest)),
          )
          Object.assign(globalThis, { asked: all[0], rest: Promise.all(all.slice(1)) })
        }
      },
      wish,
      times,
    )
    await page.bringToFront()
    await page.click('#button')
    const end = page.evaluate(() => (globalThis as unknown as PageGlobals).asked)
    // Of a page that goes before the end nobody may want to know it.
    end.catch(() => {})
    return { end }
  }
  const window = () => requestPage(scene.stage.driver)
  const none = async () => expect(await requestPages(scene.stage.driver)).toEqual([])
  const denied = { code: 'user-denied', isError: true }

  test('the example of the guide works: a window asks, and the call carries the key', async () => {
    expect(EXAMPLE.split('\n').length).toBeLessThanOrEqual(13)
    // Its service is that of this test, and its path one that the upstream knows.
    const code = EXAMPLE.replace("'openai'", "'wanted'").replace('/v1/models', '/echo/body')
    const { page, site } = await visit(PAGE.replace('</body>', `<script>${code}</script></body>`))
    await page.bringToFront()
    await page.click('#button')
    const asks = await window()
    const parts = [new URL(site.origin).host, 'wants to use wanted', 'In its own words', 'To answer you.']
    await eventually(
      'the window says who asks, for what and why',
      () => asks.evaluate(() => document.body.innerText),
      (text) => parts.every((part) => text.includes(part)),
    )
    expect(upstream.journal.arrivals).toEqual([])
    await press(asks, 'Allow')
    const output = () => page.evaluate(() => document.getElementById('output')?.textContent)
    await eventually('the page has its answer', output, (status) => status === '200')
    expect(headerOf(upstream.journal.last, 'authorization')).toBe(`Bearer ${key}`)
    const live = (await scene.sessions()).filter(({ endReason }) => endReason === null)
    expect(live.filter(({ origin }) => origin === site.origin).map(({ capability }) => capability)).toContain(
      'wanted',
    )
  })

  test('the box to be asked before each change binds what the window gives, where it is ticked and there alone', async () => {
    const { driver } = scene.stage
    const given = async (tick: boolean) => {
      const { page, site } = await visit()
      const { end } = await ask(page, { service: 'wanted' })
      const asks = await window()
      if (tick) await clickStill(asks, '.tick-field input')
      await press(asks, 'Allow')
      expect(await end).toHaveProperty('value')
      await requestsGone(driver)
      const grants = (await scene.stage.valetkey.ask(['grant', 'list'])) as Grant[]
      const its = grants.filter(({ origin, capability }) => origin === site.origin && capability === 'wanted')
      expect(its.map(({ askWrites }) => askWrites)).toEqual([tick])
      return page
    }
    const headers = { 'content-type': 'application/json' }
    const url = `${upstream.url}/wanted/echo`
    const write = (page: Page) => call(page, `${url}/body`, { method: 'POST', headers, body: '{"note":1}' })
    const free = await given(false)
    expect(await write(free)).toMatchObject({ status: 200, problem: null })

    const bound = await given(true)
    upstream.journal.clear()
    expect(await call(bound, url)).toMatchObject({ status: 200, problem: null })
    const waiting = write(bound)
    const approval = await approvalPage(driver)
    await reads(approval, 'You want to be asked before each change of this site.')
    expect(upstream.journal.calls.filter(({ method }) => method === 'POST')).toEqual([])
    await press(approval, 'Allow once')
    expect(await waiting).toMatchObject({ status: 200, problem: null })
    expect(upstream.journal.calls.filter(({ method }) => method === 'POST')).toHaveLength(1)
    await approvalsGone(driver)
  })

  test('a page finds one frozen provider, no global, and a session that it gives back', async () => {
    const { page } = await visit()
    const found = await page.evaluate(() => {
      const { announced } = globalThis as unknown as PageGlobals
      dispatchEvent(new Event('valetkey:request-provider'))
      const [first, second] = announced
      return {
        same: announced.length === 2 && first?.provider === second?.provider,
        info: first?.info,
        frozen: [first, first?.info, first?.provider, Object.getPrototypeOf(first?.provider)].every(
          Object.isFrozen,
        ),
        globals: Object.getOwnPropertyNames(globalThis).filter((name) =>
          /valet|announce-|keyprovider/i.test(name),
        ),
      }
    })
    const info = { name: 'Valet Key', rdns: 'org.valetkey', version: 1 }
    expect(found).toEqual({ same: true, info, frozen: true, globals: [] })
    expect(await order(page, 'availability')).toEqual({ value: 'available' })
    expect(await order(page, 'availability', { service: 'had' })).toEqual({ value: 'available' })
    expect(await order(page, 'availability', { service: upstream.url })).toEqual({ value: 'available' })
    const sessions = [
      {
        service: 'had',
        capability: 'had',
        baseUrls: [`${upstream.url}/had`],
        placeholder: expect.any(String),
        expiresAt: expect.any(Number),
      },
    ]
    expect(await order(page, 'sessions')).toEqual({ value: sessions })
    await page.evaluate(() => {
      const { provider } = (globalThis as unknown as PageGlobals).announced[0] as PageGlobals['announced'][0]
      const ended: unknown[] = []
      provider.onended = ({ detail }) => ended.push(['on', detail.service])
      provider.addEventListener('ended', ({ detail }) => ended.push(['listener', detail.service]))
      Object.assign(globalThis, { ended })
    })
    expect(await order(page, 'release')).toEqual({ value: null })
    const ended = () => page.evaluate(() => (globalThis as unknown as { ended: unknown[] }).ended)
    await eventually('it is told', ended, ({ length }) => length > 1)
    expect(await ended()).toEqual([
      ['on', 'had'],
      ['listener', 'had'],
    ])
    expect(await order(page, 'sessions')).toEqual({ value: [] })
    expect(await order(page, 'availability')).toEqual({ value: 'needs-grant' })
    expect(await call(page, `${upstream.url}/had/echo/body`)).toMatchObject({
      status: 403,
      problem: 'session-ended',
    })
  })

  test('tells a service the owner has from one they do not have in no way', async () => {
    const { page } = await visit()
    for (const service of ['wanted', 'nobody-has-this', 'https://nobody.example'])
      expect(await order(page, 'availability', { service })).toEqual({ value: 'needs-grant' })
    const { end } = await ask(page, { service: 'nobody-has-this' })
    const asks = await window()
    await eventually(
      'the owner is told',
      () => asks.evaluate(() => document.body.innerText),
      (text) => text.includes('You have no key for this'),
    )
    await pressNow(asks, 'Deny')
    expect(await end).toEqual(denied)
  })

  test('without a click of the user’s no window opens, whatever the page says of itself', async () => {
    // By the page's own script: what a test evaluates counts as the user's act in Chromium.
    const script = `<script>
      const isActive = { isActive: true, hasBeenActive: true }
      Object.defineProperty(navigator, 'userActivation', { value: isActive, configurable: true })
      Object.defineProperty(Navigator.prototype, 'userActivation', { get: () => isActive })
      const { provider } = announced[0]
      const asks = () => endOf(provider.request({ service: 'wanted', active: true }))
      document.getElementById('button').onclick = () => { globalThis.clicked = asks() }
      document.getElementById('button').click()
      Promise.all([asks(), clicked]).then((ends) => { location.hash = ends.map(({ code }) => code) })
    </script></body>`
    const { page } = await visit(PAGE.replace('</body>', script))
    await eventually(
      'both have ended',
      () => page.url(),
      (url) => url.endsWith('#not-activated,not-activated'),
    )
    await none()
  })

  test('closing the window is a no, and so is Escape; right after it the site is not asked about', async () => {
    const { page } = await visit()
    const first = await ask(page, { service: 'wanted' })
    await (await window()).close()
    expect(await first.end).toEqual(denied)
    const second = await ask(page, { service: 'wanted' })
    expect(await second.end).toEqual({ code: 'muted', isError: true })
    await none()
    const { page: other } = await visit()
    const third = await ask(other, { service: 'wanted' })
    const asks = await window()
    await eventually(
      'a no has the focus',
      () => asks.evaluate(() => document.activeElement?.textContent),
      (text) => text === 'Deny',
    )
    await mayClose(asks.keyboard.press('Escape'))
    expect(await third.end).toEqual(denied)
  })

  test('the keyboard gives it: Tab reaches Allow, which counts once it was in front for a while', async () => {
    const { page } = await visit()
    const { end } = await ask(page, { service: 'wanted', capability: 'wanted' })
    const asks = await window()
    await asks.waitForSelector('#capability')
    await asks.focus('#capability')
    const focused = () => asks.evaluate(() => document.activeElement?.textContent)
    for (let turn = 0; turn < 12 && (await focused()) !== 'Allow'; turn += 1) await asks.keyboard.press('Tab')
    expect(await focused()).toBe('Allow')
    await whenArmed(asks)
    await mayClose(asks.keyboard.press('Enter'))
    expect(await end).toMatchObject({ value: { service: 'wanted', capability: 'wanted' } })
    // What it has now it gets without a window.
    const again = await ask(page, { service: 'wanted' })
    expect(await again.end).toMatchObject({ value: { service: 'wanted' } })
  })

  test('of a thousand requests in a loop one is asked about; the others are refused', async () => {
    const { page } = await visit()
    const { end } = await ask(page, { service: 'wanted' }, 1000)
    const asks = await window()
    const rest = (await page.evaluate(() => (globalThis as unknown as { rest: Promise<End[]> }).rest)) as {
      code: string
    }[]
    expect(rest).toHaveLength(999)
    expect(new Set(rest.map(({ code }) => code))).toEqual(new Set(['busy']))
    expect(await requestPages(scene.stage.driver)).toHaveLength(1)
    await pressNow(asks, 'Deny')
    expect(await end).toEqual(denied)
    expect(await order(page, 'availability')).toEqual({ value: 'available' })
  })

  test('a second tab is told that another request is asked about', async () => {
    const [one, other] = [await visit(), await visit()]
    const { end } = await ask(one.page, { service: 'wanted' })
    const asks = await window()
    const second = await ask(other.page, { service: 'wanted' })
    expect(await second.end).toEqual({ code: 'busy', isError: true })
    expect(await requestPages(scene.stage.driver)).toHaveLength(1)
    await pressNow(asks, 'Deny')
    expect(await end).toEqual(denied)
  })

  test('a page that goes elsewhere takes the window along, and is told nothing in its next document', async () => {
    const { page, site } = await visit()
    const { end } = await ask(page, { service: 'wanted' })
    end.catch(() => {})
    await window()
    await page.goto(`${site.origin}/else`)
    await requestsGone(scene.stage.driver)
    expect(await order(page, 'availability', { service: 'wanted' })).toEqual({ value: 'needs-grant' })
    // Nobody said no.
    const again = await ask(page, { service: 'wanted' })
    await pressNow(await window(), 'Deny')
    expect(await again.end).toEqual(denied)
  })

  test('the window begins at its top, however much there is to choose and whatever the page says', async () => {
    const { valetkey } = scene.stage
    await valetkey.ask(['service', 'add', 'long', '--preset', 'modelslab', '--secret-stdin'], 'k'.repeat(60))
    const image = ['--service', 'long', '--from-preset', 'modelslab-image', '--model', 'flux']
    await valetkey.ask(['capability', 'add', 'long', ...image])
    const { page } = await visit()
    await ask(page, { service: 'long', reason: 'A long reason. '.repeat(20) })
    const asks = await window()
    const answers = await asks.$eval('.request-answers', ({ scrollTop, scrollHeight, clientHeight }) => ({
      scrolled: scrollTop,
      isLonger: scrollHeight > clientHeight,
    }))
    expect(answers).toEqual({ scrolled: 0, isLonger: true })
    expect(await asks.evaluate(() => [scrollY, document.activeElement?.textContent])).toEqual([0, 'Deny'])
  })

  test('a reason is shown as text that does nothing, and one that is too long is refused', async () => {
    const { page } = await visit()
    const malformed = { code: 'malformed', isError: true }
    for (const wish of [
      { service: 'wanted', reason: 'x'.repeat(10_000) },
      { service: 'wanted', reason: {} },
      {},
      null,
      7,
    ])
      expect(await (await ask(page, wish)).end).toEqual(malformed)
    for (const service of ['no such name!', 'javascript:alert(1)', ''])
      expect(await (await ask(page, { service })).end).toEqual({ code: 'unknown-service', isError: true })
    await none()
    const reason = '<img src=x onerror=alert(1)><a href=//evil.example>Allow</a>\u202Egnp.exe\u202C\u200B\n'
    const { end } = await ask(page, { service: 'wanted', reason })
    const asks = await window()
    const shown = await asks.evaluate(() => ({
      text: document.body.innerText,
      strangers: document.querySelectorAll('.approve-body :is(img, script, a, iframe, svg, style)').length,
    }))
    expect(shown.strangers).toBe(0)
    expect(shown.text).toContain('<img src=x onerror=')
    expect(shown.text).toContain('\\u{202E}gnp.exe\\u{202C}\\u{200B}')
    expect(shown.text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B-\u200F]/)
    await pressNow(asks, 'Deny')
    expect(await end).toEqual(denied)
  })

  test('a frame of another site asks for nothing new, and one without an origin finds no provider', async () => {
    const { site } = await visit()
    const inner = site.originAs('localhost')
    await scene.grant(inner, 'had')
    const frames = `<iframe src="${inner}/else"></iframe><iframe sandbox="allow-scripts" src="${site.origin}/else"></iframe></body>`
    const { page } = await visit(PAGE.replace('</body>', frames))
    const all = await eventually(
      'the frames are there',
      () => page.frames().filter((frame) => frame !== page.mainFrame() && frame.url().endsWith('/else')),
      ({ length }) => length === 2,
    )
    const counts = () =>
      Promise.all(
        all.map((frame) => frame.evaluate(() => (globalThis as unknown as PageGlobals).announced.length)),
      )
    expect(
      (await eventually('both have loaded', counts, (n) => n.some((count) => count > 0))).sort(),
    ).toEqual([0, 1])
    const framed = all.find((frame) => frame.url().startsWith(inner)) as Frame
    expect(await order(framed, 'sessions')).toEqual({ value: [] })
    expect(await order(framed, 'availability')).toEqual({ value: 'needs-grant' })
    await page.bringToFront()
    const button = await framed.waitForSelector('#button')
    await framed.evaluate(() => {
      const { announced, endOf } = globalThis as unknown as PageGlobals
      const ask = () =>
        endOf((announced[0] as PageGlobals['announced'][0]).provider.request({ service: 'wanted' }))
      const button = document.getElementById('button') as HTMLElement
      button.onclick = () => Object.assign(globalThis, { asked: ask() })
    })
    await button?.click()
    const end = await framed.evaluate(() => (globalThis as unknown as PageGlobals).asked)
    expect(end).toEqual({ code: 'not-allowed', isError: true })
    await none()
  })
})
