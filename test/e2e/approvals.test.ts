import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  approvalPage,
  approvalPages,
  approvalsGone,
  press,
  pressNow,
  whenArmed,
} from '../support/approval-window.ts'
import { eventually } from '../support/eventually.ts'
import { mayClose } from '../support/of-closing.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { HOSTILE } from '../support/ui-stage/staged-approvals.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const DENIED = { status: 403, problem: 'approval-denied' }

onEachBrowser('the window that asks', (scene) => {
  let upstream: LoopbackServer
  let key: string
  const sites: PageServer[] = []
  const visited: Page[] = []
  beforeAll(async () => {
    key = scene.canary('asked', 'sk-')
    upstream = await startEchoUpstream(key)
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'echo', ...base], key)
    const rules = ['--allow', 'GET /v1/**', '--ask', 'POST,DELETE /v1/**']
    await valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', ...rules])
  })
  afterEach(async () => {
    await approvalsGone(scene.stage.driver)
    for (const page of visited.splice(0, visited.length - 1)) await page.close()
    upstream.journal.clear()
  })
  afterAll(async () => {
    await Promise.all([upstream.close(), ...sites.map((site) => site.close())])
  })

  /** A page of a new site, so that no denial of another test counts towards its mute, with the capability. */
  async function visit(): Promise<Page> {
    const site = await startPageServer({ pages: { '/': BLANK } })
    sites.push(site)
    await scene.grant(site.origin, 'echo')
    const page = await scene.open(`${site.origin}/`)
    visited.push(page)
    return page
  }
  const send = (page: Page, note: unknown, method = 'POST') => {
    const headers = { 'content-type': 'application/json' }
    return call(page, `${upstream.url}/v1/echo/body`, { method, headers, body: JSON.stringify({ note }) })
  }
  const asked = () => approvalPage(scene.stage.driver)
  const arrivals = () => upstream.journal.arrivals.length

  test('once: this call is sent with the key, the same one again asks again, and a no refuses it', async () => {
    const page = await visit()
    const first = send(page, 'hello')
    const window = await asked()
    expect(arrivals()).toBe(0)
    const text = await window.evaluate(() => document.body.innerText)
    for (const part of [new URL(page.url()).host, 'POST', '/v1/echo/body', '/note', 'hello'])
      expect(text).toContain(part)
    await press(window, 'Allow once')
    expect(await first).toMatchObject({ status: 200, text: '{"note":"hello"}' })
    expect(headerOf(upstream.journal.last, 'authorization')).toContain(key)
    await approvalsGone(scene.stage.driver)
    const second = send(page, 'hello')
    // A no needs no waiting.
    await pressNow(await asked(), 'Deny')
    expect(await second).toMatchObject(DENIED)
    expect(arrivals()).toBe(1)
  })

  test('for 10 minutes, for this session: the next call of the same session passes unasked', async () => {
    for (const answer of ['Allow for 10 minutes', 'Allow for this session'] as const) {
      const page = await visit()
      const first = send(page, 1)
      await press(await asked(), answer)
      expect(await first).toMatchObject({ status: 200 })
      expect(await send(page, 2)).toMatchObject({ status: 200 })
      await approvalsGone(scene.stage.driver)
    }
    expect(arrivals()).toBe(4)
  })

  test('the keyboard answers: Deny has the focus, Tab reaches each Allow, Escape denies', async () => {
    const page = await visit()
    const first = send(page, 1)
    const window = await asked()
    const focused = () => window.evaluate(() => document.activeElement?.textContent)
    expect(await focused()).toBe('Deny')
    await window.keyboard.press('Tab')
    expect(await focused()).toBe('Allow once')
    await whenArmed(window)
    await mayClose(window.keyboard.press('Enter'))
    expect(await first).toMatchObject({ status: 200 })
    await approvalsGone(scene.stage.driver)
    const second = send(page, 2)
    await mayClose((await asked()).keyboard.press('Escape'))
    expect(await second).toMatchObject(DENIED)
  })

  test('a key that is held down answers one call, not the next one in line', async () => {
    const page = await visit()
    const first = send(page, 1)
    const window = await asked()
    const second = send(page, 2)
    await showing(window, '1 of 2')
    await whenArmed(window)
    await window.keyboard.press('Tab')
    for (let turn = 0; turn < 20; turn += 1) await window.keyboard.down('Enter')
    await showing(window, '2 of 2')
    for (let turn = 0; turn < 20; turn += 1) await window.keyboard.down('Enter')
    expect(await first).toMatchObject({ status: 200 })
    expect(await showing(window, '2 of 2')).toContain('Deny')
    await window.keyboard.up('Enter')
    // Deny has the focus.
    await mayClose(window.keyboard.press('Enter'))
    expect(await second).toMatchObject(DENIED)
    expect(arrivals()).toBe(1)
  })

  test('closing the window is a no to everything that waits', async () => {
    const page = await visit()
    const both = Promise.all([send(page, 1), send(page, 2)])
    await (await asked()).close()
    expect(await both).toMatchObject([DENIED, DENIED])
  })

  test('while the window moves no Allow counts, nor does anything that a script does', async () => {
    const page = await visit()
    const answer = send(page, 1)
    const window = await asked()
    const steady = await window.evaluate(keepMoving)
    for (let turn = 0; turn < 8; turn += 1) {
      await pressNow(window, 'Allow once')
      await window.keyboard.press('Tab')
      await window.keyboard.press('Enter')
      await new Promise((done) => setTimeout(done, 200))
    }
    expect(steady).toBe(true)
    await window.evaluate(() => clearInterval((globalThis as { moving?: number }).moving))
    await whenArmed(window)
    await window.evaluate(pretendToPress)
    await new Promise((done) => setTimeout(done, 300))
    expect(arrivals()).toBe(0)
    await press(window, 'Allow once')
    expect(await answer).toMatchObject({ status: 200 })
  })

  test('without the focus no Allow counts, and for a second after it came back', async () => {
    // Chromium without a screen says of every window that it has the focus.
    if (scene.browserName === 'chromium') return
    const page = await visit()
    const answer = send(page, 1)
    const window = await asked()
    await whenArmed(window)
    await page.bringToFront()
    await eventually(
      'it lost the focus',
      () => window.evaluate(() => document.hasFocus()),
      (focused) => !focused,
    )
    await window.waitForSelector('.button-primary[aria-disabled]')
    await new Promise((done) => setTimeout(done, 1500))
    await window.waitForSelector('.button-primary[aria-disabled]')
    await window.bringToFront()
    await press(window, 'Allow once')
    expect(await answer).toMatchObject({ status: 200 })
  })

  test('a double click allows one call, not the next one in line', async () => {
    const page = await visit()
    const first = send(page, 1)
    const window = await asked()
    // Two more: the next question looks as the first one does, with each button where it was.
    const others = [send(page, 2), send(page, 3)]
    await showing(window, '1 of 3')
    await whenArmed(window)
    await window.evaluate(keepLatePresses, '2 of 3')
    await pressNow(window, 'Allow once', 20)
    expect(await first).toMatchObject({ status: 200 })
    await showing(window, '2 of 3')
    expect(arrivals()).toBe(1)
    await window.evaluate(() => Object.assign(globalThis, { isLate: null }))
    await press(window, 'Allow once')
    expect(await Promise.any(others)).toMatchObject({ status: 200 })
    await showing(window, '3 of 3')
    await pressNow(window, 'Deny')
    expect((await Promise.all(others)).map(({ status }) => status).sort()).toEqual([200, 403])
  })

  test('many calls of several sites are asked about in one window, one after the other', async () => {
    const [one, other] = [await visit(), await visit()]
    const calls = [send(one, 1), send(one, 2), send(one, 3)]
    const window = await asked()
    await showing(window, '1 of 3')
    const last = send(other, 4)
    await showing(window, '1 of 4')
    expect(await approvalPages(scene.stage.driver)).toHaveLength(1)
    await pressNow(window, 'Deny all 3 calls of this site')
    expect(await Promise.all(calls)).toMatchObject([DENIED, DENIED, DENIED])
    await showing(window, new URL(other.url()).host)
    await pressNow(window, 'Deny')
    expect(await last).toMatchObject(DENIED)
  })

  test('three denials, and the site is refused without a window', async () => {
    const page = await visit()
    // Of calls that wait in one line: three windows may take longer to open than the half minute in which three denials count.
    const calls = [send(page, 1), send(page, 2), send(page, 3)]
    const window = await asked()
    await showing(window, '1 of 3')
    for (const turn of [1, 2, 3]) {
      await showing(window, `${turn} of 3`)
      await pressNow(window, 'Deny')
    }
    expect(await Promise.all(calls)).toMatchObject([DENIED, DENIED, DENIED])
    await approvalsGone(scene.stage.driver)
    expect(await send(page, 4)).toMatchObject(DENIED)
    expect(await approvalPages(scene.stage.driver)).toEqual([])
    const [last] = (await scene.stage.valetkey.ask(['audit', 'list', '--limit', '1'])) as { reason: string }[]
    expect(last?.reason).toBe('approval-muted')
    const other = send(await visit(), 5)
    await pressNow(await asked(), 'Deny')
    expect(await other).toMatchObject(DENIED)
  })

  test('a page that goes elsewhere takes its call and the question along', async () => {
    const page = await visit()
    // Nothing waits for its end: an evaluation that is under way keeps Firefox from letting the document go.
    await page.evaluate(
      (url) => void fetch(url, { method: 'POST', body: 'x' }),
      `${upstream.url}/v1/echo/body`,
    )
    await asked()
    await page.reload()
    await approvalsGone(scene.stage.driver)
    expect(arrivals()).toBe(0)
  })

  test('a session that is revoked ends the question', async () => {
    const page = await visit()
    const answer = send(page, 1)
    const window = await asked()
    // It says so for two seconds and a half and goes, which may be before the command that revokes has ended.
    const over = window.evaluate(whenSaid, 'is over')
    await scene.revokeAll()
    expect(await answer).toMatchObject({ status: 403, problem: 'session-ended' })
    expect(await over).toContain('is over')
    await approvalsGone(scene.stage.driver)
    expect(arrivals()).toBe(0)
  })

  test('a background that the browser stops meanwhile leaves nobody waiting', async () => {
    const page = await visit()
    const answer = send(page, 1)
    await asked()
    await scene.stage.driver.stopBackground()
    expect((await answer).status).not.toBe(200)
    await approvalsGone(scene.stage.driver)
    expect(arrivals()).toBe(0)
    const again = send(page, 2)
    await press(await asked(), 'Allow once')
    expect(await again).toMatchObject({ status: 200 })
  })

  test('what the page sends is shown as text that does nothing', async () => {
    const page = await visit()
    const fields = Object.fromEntries((HOSTILE.body?.fields ?? []).map(({ path, value }) => [path, value]))
    const answer = send(page, fields, 'DELETE')
    const window = await asked()
    const found = await window.evaluate(() => ({
      text: document.body.innerText,
      strangers: document.querySelectorAll('.approve-body :is(img, script, a, iframe, svg, style)').length,
    }))
    expect(found.strangers).toBe(0)
    expect(found.text).toContain('<img src=x onerror=')
    expect(found.text).toContain('1\\u{202E}000\\u{202C}')
    expect(found.text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B-\u200F]/)
    await pressNow(window, 'Deny')
    expect(await answer).toMatchObject(DENIED)
  })

  test('what is no text is not shown, and it is said once that it is sent', async () => {
    const page = await visit()
    const url = `${upstream.url}/v1/echo/body`
    const answer = page.evaluate(async (to) => {
      const body = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0])], { type: 'image/jpeg' })
      return (await fetch(to, { method: 'POST', body })).status
    }, url)
    const window = await asked()
    const said = () =>
      window.$$eval('.approve-body .notice', (notices) => notices.map((one) => one.textContent))
    await eventually('it is said', said, ({ length }) => length > 0)
    expect(await said()).toEqual([
      'It is not text, so it cannot be shown: all of it is sent if you allow it.',
    ])
    expect(await window.evaluate(() => document.body.innerText)).toContain(
      'Or everything this rule asks about',
    )
    await pressNow(window, 'Deny')
    expect(await answer).toBe(DENIED.status)
  })

  test('no site can frame the page that asks', async () => {
    const page = await visit()
    const url = `${scene.stage.driver.extensionOrigin}/extension/popup/approve.html`
    await page.evaluate((src) => {
      const frame = document.createElement('iframe')
      frame.src = src
      document.body.append(frame)
    }, url)
    await new Promise((done) => setTimeout(done, 500))
    const places = page.frames().map((frame) => frame.evaluate(() => location.href).catch(() => ''))
    expect(await Promise.all(places)).not.toContain(url)
    expect(await approvalPages(scene.stage.driver)).toEqual([])
  })
})

/** Wait until the window shows a text. */
function showing(window: Page, text: string): Promise<string> {
  const read = () => window.evaluate(() => document.body.innerText)
  return eventually(`the window shows \`${text}\``, read, (shown) => shown.includes(text))
}

/** In the window: move it a pixel there and back, again and again. @returns whether it can be moved at all. */
async function keepMoving(): Promise<boolean> {
  const api = (globalThis as unknown as { browser?: typeof chrome; chrome: typeof chrome }).chrome
  const { id = 0, left = 0 } = await api.windows.getCurrent()
  const before = screenX
  let turn = 0
  const move = () => api.windows.update(id, { left: left - (turn++ % 2 === 0 ? 9 : 0) })
  await move()
  // A page hears of its place a moment after.
  const end = performance.now() + 30_000
  while (screenX === before && performance.now() < end) await new Promise((done) => setTimeout(done, 20))
  const canMove = screenX !== before
  Object.assign(globalThis, { moving: setInterval(move, 200) })
  return canMove
}

/** In the window: no press comes through any more some time after a text was drawn, when it may count: a slow browser is not done by then. */
function keepLatePresses(text: string): void {
  let drawn = Number.POSITIVE_INFINITY
  const look = new MutationObserver(() => {
    if (!document.body.innerText.includes(text)) return
    look.disconnect()
    drawn = performance.now()
  })
  look.observe(document, { subtree: true, childList: true, characterData: true })
  const world = globalThis as { isLate?: (() => boolean) | null }
  world.isLate = () => performance.now() - drawn > 700
  const keep = (event: Event) => world.isLate?.() === true && event.stopImmediatePropagation()
  for (const type of ['pointerdown', 'click']) addEventListener(type, keep, true)
}

/** In the window: all it shows, as soon as a text is in it. */
function whenSaid(text: string): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const shown = document.body.innerText
      if (shown.includes(text)) resolve(shown)
    }
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
    look()
  })
}

/** In the window: everything that a script can do to a button. */
function pretendToPress(): void {
  const buttons = [
    ...document.querySelectorAll<HTMLElement>(
      '.approve-pair button:not(:first-child), .approve-longer button',
    ),
  ]
  for (const button of buttons) {
    button.click()
    for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      button.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }))
    for (const kind of ['keydown', 'keypress', 'keyup'])
      button.dispatchEvent(new KeyboardEvent(kind, { key: 'Enter', code: 'Enter', bubbles: true }))
  }
}
