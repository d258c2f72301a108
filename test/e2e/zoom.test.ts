import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { press } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { PrivilegedScope } from '../support/firefox-privileged.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { cutTexts, overlapping, tooWide, widerThanWindow } from '../support/ui-stage/look-at-page.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { BROWSERS, SITES } from './scene.ts'

/**
 * Pages of ours twice as large as usual, in a window of 1280 by 800: by the browser's own zoom, and with text alone made larger. No
 * text is cut, nothing lies over anything else, and nothing is scrolled sideways (WCAG 1.4.4 and 1.4.10).
 */
const KEY = 'a-key-only-the-clock-knows'
const CONTROL = 'extension/control/index.html'
const SCREEN = {
  chromium: ['--screen-info={1280x800}', '--window-size=1280,800'],
  firefox: ['--width=1280', '--height=800'],
}
const ROOMS = [
  'services',
  'capabilities',
  'sites',
  'budgets',
  'activity',
  'devices',
  'vault',
  'settings',
  'welcome',
]
/** What each page is called, and what is pressed there before it is looked at. */
const PLACES: readonly (readonly [string, string | null])[] = [
  ...ROOMS.map((room) => [room, null] as const),
  ['services', 'Add a service'],
  ['capabilities/clock', 'Change…'],
]

describe.each(BROWSERS)('twice as large in %s', (browser) => {
  let stage: Stage
  let upstream: LoopbackServer
  let site: PageServer
  let page: Page
  beforeAll(async () => {
    upstream = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: SITES, args: SCREEN[browser] })
    const { valetkey } = stage
    const base = ['--preset', 'openai', '--base-url', `${upstream.url}/v1`, '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], KEY)
    const rules = ['--allow', 'GET /v1/**', '--ask', 'POST /v1/**', '--max-requests', '20']
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', ...rules])
    page = await stage.driver.newPage(`${site.origin}/`)
    await connectInPopup(stage.driver, page, site.origin, 'clock')
    await page.reload()
    await call(page, `${upstream.url}/v1/small`)
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site?.close(), upstream?.close()])
  })

  /** Open a page of ours, make it larger, and say what is amiss on each place of the control room. */
  const faultsOf = async (enlarge: (shown: Page) => Promise<void>) => {
    const found: Record<string, string[]> = {}
    for (const [place, button] of PLACES) {
      const shown = await stage.driver.extensionPage(`${CONTROL}#${place}`)
      await enlarge(shown)
      await shown.waitForSelector('h1:not(.aloud)')
      await shown.waitForSelector('.waiting', { hidden: true })
      if (button !== null) await press(shown, button)
      const faults = await faultsAtRest(shown)
      if (faults.length > 0) found[`${place} ${button ?? ''}`] = faults
      await shown.close()
    }
    return found
  }

  test('the control room fits at a zoom of 200 %, by the browser’s own zoom', async () => {
    expect(await faultsOf((shown) => zoomed(shown, browser))).toEqual({})
  })

  test('the popup fits at the zoom that its origin has', async () => {
    const shown = await stage.driver.extensionPage(CONTROL)
    await zoomed(shown, browser)
    const popup = await stage.driver.popup(page)
    await popup.waitForSelector('.session')
    // Chromium 156 gives its own popup none of it; Firefox's is looked at in a tab, which has it.
    expect(await popup.evaluate(() => devicePixelRatio)).toBe(browser === 'firefox' ? 2 : 1)
    expect(await faultsAtRest(popup)).toEqual([])
    await popup.close().catch(() => {})
    const inTab = await stage.driver.extensionPage('extension/popup/index.html')
    await inTab.waitForSelector('.session')
    expect(await inTab.evaluate(() => devicePixelRatio)).toBe(2)
    expect(await faultsAtRest(inTab)).toEqual([])
    await inTab.close()
    await shown.evaluate(setZoom, 1)
    await shown.close()
  })

  test('the control room and the popup fit with text of twice the size that the browser is set to', async () => {
    const back = await withLargeText(stage)
    const large = async (shown: Page) => {
      await back.also(shown)
      await eventually(
        'text is twice as large',
        () => shown.evaluate(() => getComputedStyle(document.documentElement).fontSize),
        (size) => size === '32px',
      )
    }
    expect(await faultsOf(large)).toEqual({})
    const popup = await stage.driver.popup(page)
    await large(popup)
    await popup.waitForSelector('.session')
    expect(await faultsAtRest(popup)).toEqual([])
    await popup.close().catch(() => {})
    await back.end()
  })
})

/** What is amiss once nothing moves any more; what only goes by in between is not. */
async function faultsAtRest(shown: Page): Promise<string[]> {
  const look = async () => [
    ...(await shown.evaluate(tooWide)),
    ...(await shown.evaluate(widerThanWindow)),
    ...(await shown.evaluate(cutTexts)),
    ...(await shown.evaluate(overlapping)),
  ]
  let last: string[] | null = null
  await eventually(
    'the page is at rest',
    async () => {
      const now = await look()
      const isSame = JSON.stringify(now) === JSON.stringify(last)
      last = now
      return isSame
    },
    (isSame) => isSame,
  )
  return last ?? []
}

/** Inside a page of ours: give its own tab this zoom, as a person does in the browser's menu. */
async function setZoom(factor: number): Promise<void> {
  const api = (globalThis as unknown as { browser?: typeof chrome }).browser ?? chrome
  const tab = await api.tabs.getCurrent()
  await api.tabs.setZoom(tab?.id as number, factor)
}

async function zoomed(shown: Page, browser: 'chromium' | 'firefox'): Promise<void> {
  await shown.bringToFront()
  await shown.evaluate(setZoom, 2)
  await eventually(
    `${browser} shows it twice as large`,
    () => shown.evaluate(() => [devicePixelRatio, innerWidth] as const),
    ([ratio, width]) => ratio === 2 && width === 640,
  )
}

/** Text as a person sets it: in Firefox in its settings, in Chromium by what its settings come to for each page. */
async function withLargeText(stage: Stage) {
  const { driver } = stage
  if (driver.name === 'chromium')
    return {
      also: async (shown: Page) => {
        const session = await shown.createCDPSession()
        await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
      },
      end: async () => {},
    }
  const scope = new PrivilegedScope(driver.browser)
  const name = 'font.size.variable.x-western'
  await scope.run(`Services.prefs.setIntPref('${name}', 32)`)
  return { also: async () => {}, end: () => scope.run<void>(`Services.prefs.clearUserPref('${name}')`) }
}
