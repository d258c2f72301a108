import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { type Stage, setUpStage } from '../support/stage.ts'

const CONTROL = 'extension/control/index.html'
const ROOMS = ['#welcome', '#services', '#sites', '#budgets', '#activity', '#devices', '#vault', '#settings']

/** Everything a page says on its console from its first line on, advice aside. */
function complaintsOf(page: Page): string[] {
  const said: string[] = []
  page.on('console', (message) => {
    if (['error', 'warn', 'assert'].includes(message.type()))
      said.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => said.push(`uncaught: ${String(error)}`))
  return said
}

/** The visible name of what has the focus, and whether one sees that it has. */
async function focused(page: Page): Promise<{ name: string; visible: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    // A round choice hides its own control: its neighbour shows the focus.
    const shown =
      element instanceof HTMLInputElement && element.type === 'radio' ? element.nextElementSibling : element
    const { outlineStyle, outlineWidth } = getComputedStyle(shown ?? element)
    const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
    return { name: name.trim(), visible: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0 }
  })
}

// Firefox's driver cannot listen to a page of the extension before it loads.
describe('the owner’s pages in chromium', () => {
  let stage: Stage
  let site: PageServer
  beforeAll(async () => {
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser: 'chromium', grantedOrigins: ['http://127.0.0.1'] })
    const secret = ['--preset', 'openai', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'openai', ...secret], 'sk-not-a-real-key-0123456789')
    const chat = ['--service', 'openai', '--from-preset', 'openai-chat']
    await stage.valetkey.ask(['capability', 'add', 'chat', ...chat])
    const page = await stage.driver.newPage(`${site.origin}/`)
    await connectInPopup(stage.driver, page, site.origin, 'chat')
  })
  afterAll(async () => {
    await stage?.close()
    await site.close()
  })

  /** An own page in a tab, listened to from its first line on. */
  async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await stage.driver.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${stage.driver.extensionOrigin}/${path}`)
    return { page, complaints }
  }

  test('open, render and work without one complaint on the console', async () => {
    for (const path of ['extension/popup/index.html', ...ROOMS.map((room) => CONTROL + room)]) {
      const { page, complaints } = await open(path)
      await eventually(
        `${path} shows something`,
        () => page.evaluate(() => document.querySelectorAll('h1, h2, li, button').length),
        (count) => count > 2,
      )
      await eventually(
        `${path} has its styles`,
        () => page.evaluate(() => getComputedStyle(document.body).marginTop),
        (margin) => margin === '0px',
      )
      expect(complaints, path).toEqual([])
      await page.close()
    }
  })

  test('a script or a style that was slipped into them is refused by their policy', async () => {
    const { page, complaints } = await open(`${CONTROL}#vault`)
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.slippedIn = true'
      document.body.append(script)
      await fetch('https://example.com/').catch(() => null)
      return 'slippedIn' in globalThis
    })
    expect(ran).toBe(false)
    await eventually(
      'the console says so: that is how the test above would notice',
      () => complaints.length,
      (count) => count > 0,
    )
    await page.close()
  })

  test('the popup is worked by the keyboard alone, in the order it is read, and the focus is seen', async () => {
    const { page } = await open('extension/popup/index.html')
    await page.waitForSelector('.session')
    await page.bringToFront()
    const order: string[] = []
    for (let press = 0; press < 12 && !order.some((name) => name.startsWith('Revoke the')); press += 1) {
      await page.keyboard.press('Tab')
      const { name, visible } = await focused(page)
      expect(visible, name).toBe(true)
      order.push(name)
    }
    expect(order.at(0)).toBe('Control room')
    expect(order.at(-1)).toBe(`Revoke the session of ${site.origin}`)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.session', { hidden: true })
    // The list may hear of it before the order is answered.
    await eventually(
      'it says so',
      () => page.$eval('[role=status].toast-room', (room) => room.textContent),
      (said) => said.includes('has ended'),
    )
    await page.close()
  })
})
