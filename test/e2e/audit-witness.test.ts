import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyVault } from '../support/copy-vault.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { BROWSERS, Scene, SITES } from './scene.ts'

/** Of the badge where somebody waits for the owner: red of its red, green and blue. */
const ASKS_RED = 180

describe.each(BROWSERS)('a log put back in %s', (browserName) => {
  const scene = new Scene(browserName)
  let upstream: LoopbackServer
  let site: PageServer
  beforeAll(async () => {
    await scene.setUp({ grantedOrigins: SITES, withPassphrase: true })
    const key = scene.canary('small', 'sk-')
    upstream = await startFlowUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'small', ...base], key)
    await valetkey.ask(['capability', 'add', 'small', '--service', 'small', '--allow', 'GET /v1/**'])
  })
  afterAll(async () => {
    await Promise.all([site.close(), upstream.close(), scene.tearDown()])
  })

  const heads = () =>
    scene.stage.driver.inBackground<string>(
      'browser.storage.local.get("heads").then(({ heads }) => JSON.stringify(heads ?? []))',
    )

  const unlock = () =>
    scene.stage.valetkey.ask(['unlock', '--passphrase-stdin'], `${scene.stage.passphrase}\n`)

  /** Until a call of the page waits for its vault, by the colour of the badge; it is given up then. */
  async function waitsForVault(page: Page, url: string): Promise<void> {
    const giveUp = () => page.evaluate(() => (globalThis as { held?: AbortController }).held?.abort())
    await eventually(
      'a call of the page waits',
      async () => {
        await giveUp()
        await page.evaluate((target) => {
          const held = new AbortController()
          Object.assign(globalThis, { held })
          fetch(target, held).catch(() => {})
        }, url)
        await new Promise((done) => setTimeout(done, 300))
        return scene.stage.driver.inBackground<number[]>('browser.action.getBadgeBackgroundColor({})')
      },
      ([red]) => red === ASKS_RED,
    )
    await giveUp()
  }

  test('the extension remembers more than the log has: no call is sent until the owner accepts it', {
    timeout: 300_000,
  }, async () => {
    const { valetkey, home, driver } = scene.stage
    await scene.grant(site.origin, 'small')
    const page = await scene.open(`${site.origin}/`)
    const url = `${upstream.url}/v1/small`
    const answers = (status: number) =>
      eventually(
        `the page’s call is answered with ${status}`,
        () => call(page, url),
        (answer) => answer.status === status,
      )
    await answers(200)
    const kept = await eventually('the extension keeps a head', heads, (text) => text !== '[]')
    expect(JSON.parse(kept)).toHaveLength(1)

    await valetkey.ask(['lock'])
    await waitsForVault(page, url)
    copyVault(home.valetKeyHome, home.home)
    await unlock()
    // A head is told once a second at most: after three that differ, the last is of a log with these calls in it.
    let before = kept
    for (const turn of [1, 2, 3]) {
      await answers(200)
      before = await eventually(`it keeps a newer one (${turn})`, heads, (text) => text !== before)
    }
    await valetkey.ask(['lock'])
    await waitsForVault(page, url)
    copyVault(home.home, home.valetKeyHome)
    await unlock()
    const refused = await answers(500)
    expect(refused.problem).toBe('audit-failed')
    const arrived = upstream.journal.arrivals.length
    expect(await call(page, url)).toMatchObject({ status: 500 })
    expect(upstream.journal.arrivals).toHaveLength(arrived)
    const control = await driver.extensionPage('extension/control/index.html#activity')
    await eventually(
      'the control room says so',
      () => control.evaluate(() => document.body.innerText),
      (text) => text.includes('put back to an older state') && text.includes('audit accept-rollback'),
    )
    expect((await valetkey.run(['audit', 'verify'])).code).toBe(1)
    await valetkey.ask(['audit', 'accept-rollback'])
    await answers(200)
    expect((await valetkey.run(['audit', 'verify'])).code).toBe(0)
  })
})
