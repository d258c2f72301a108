import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { buildAll } from '../../../scripts/build.ts'
import { PRESENT_EVENT } from '../../../shared/protocol/pairing.ts'
import { launchBare } from '../../support/bare-browser.ts'
import { done } from '../../support/hard.ts'
import { startPageServer } from '../../support/pages/page-server.ts'
import { call } from '../in-page.ts'
import type { Scene } from '../scene.ts'
import { PORTRAYED, type Portrait, portray } from './portrait.ts'
import { type PageSide, PLACEHOLDER } from './stage.ts'

/** A page without a grant sees the world of a browser without the extension. */
export function defineUntouched(scene: Scene, side: () => PageSide): void {
  /** Firefox's patterns know no ports: a site with a grant at another port has our script there, which catches nothing. */
  const hasScript = (name: string) => scene.browserName === 'firefox' && name === 'bank.localhost'

  test('a page without a grant sees what it sees where the extension is not installed', {
    timeout: 300_000,
  }, async () => {
    const { upstream } = side()
    const server = await startPageServer({ pages: { '/': PORTRAYED } })
    const bare = await launchBare(scene.browserName, join(scene.stage.home.home, 'bare'))
    try {
      const urls = await extensionUrls(scene)
      let calls = 0
      const see = async (page: Page, origin: string) => {
        const nth = ++calls
        await page.goto(`${origin}/`)
        await call(page, `${upstream.url}/v1/small?untouched=${nth}`, {
          headers: { authorization: `Bearer ${PLACEHOLDER}` },
        })
        // Only this call's: what an earlier page of the scene sends late is not told apart from it by its time.
        const own = upstream.journal.arrivals.filter(({ target }) => target.endsWith(`?untouched=${nth}`))
        const sent = own.map(({ method, headers }) => [method, headers])
        const portrait: Portrait = await page.evaluate(portray, PRESENT_EVENT, urls)
        const timeline = portrait.timeline.map((entry) => entry.replace(`?untouched=${nth}`, ''))
        return { ...portrait, timeline, sent }
      }
      let looked = 0
      for (const name of ['localhost', 'bank.localhost']) {
        const origin = server.originAs(name)
        const [bareTab, ourTab] = [await bare.newPage(), await scene.stage.driver.newPage()]
        const [without, having] = [await see(bareTab, origin), await see(ourTab, origin)]
        expect(differences(without.platform, having.platform), origin).toEqual([])
        const expected = Object.entries(compared(without, hasScript(name)))
        const seen = compared(having, hasScript(name)) as Record<string, unknown>
        for (const [what, value] of expected) expect(seen[what], `${what} at ${origin}`).toEqual(value)
        expect(having.isAnswered, origin).toBe(hasScript(name))
        expect(without.isAnswered, origin).toBe(false)
        expect(having.sent.length, origin).toBeGreaterThan(1)
        looked += having.platform.split('\n').length
        await Promise.all([bareTab.close(), ourTab.close()])
      }
      expect(looked).toBeGreaterThan(10_000)
      done(`properties of a page without a grant, as without the extension, in ${scene.browserName}`, looked)
    } finally {
      await Promise.all([bare.close(), server.close()])
    }
    // What is looked for is there to be seen: a page with the grant has the script that answers.
    const granted = await scene.open(`${side().sites.bank}/`)
    const isThere = await granted.evaluate(
      (type) => !dispatchEvent(new Event(type, { cancelable: true })),
      PRESENT_EVENT,
    )
    expect(isThere).toBe(true)
    await granted.close()
  })
}

/**
 * What must be equal beside the platform. With our script in it, the order in which the window's properties are listed and the
 * stacks of errors are not the browser's own in Firefox.
 */
function compared(
  { platform: _, isAnswered: _asked, ...rest }: Portrait & { sent: unknown },
  hasScript: boolean,
) {
  return hasScript ? { ...rest, order: '', errors: [] } : rest
}

/** Where a page would look for the extension's files, were they to be had. */
async function extensionUrls(scene: Scene): Promise<string[]> {
  const target = scene.browserName === 'chromium' ? 'chrome' : 'firefox'
  const folder = (await buildAll({ targets: [target] }))[target]
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length))
  return paths.map((path) => `${scene.stage.driver.extensionOrigin}${path}`)
}

/** Lines that only one of two texts has, each with where it is. */
function differences(bare: string, ours: string): string[] {
  const [without, having] = [bare.split('\n'), ours.split('\n')]
  const [these, those] = [new Set(without), new Set(having)]
  return [
    ...without.filter((line) => !those.has(line)).map((line) => `only without it: ${line}`),
    ...having.filter((line) => !these.has(line)).map((line) => `only with it: ${line}`),
  ]
}
