import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { type BrowserName, type Harness, startHarness } from './browsers.ts'
import { both, openCaughtPage } from './probe.ts'
import { startServer, type TestServer } from './server.ts'

/** What the tests of one family share: a server, a browser with the harness in it, and a page whose calls are caught. */
export interface CaughtSuite {
  readonly browserName: BrowserName
  readonly server: TestServer
  readonly harness: Harness
  readonly page: Page
  /** Run a probe in the page with the browser's own call and with a caught one. */
  both<T>(probe: (base: string) => Promise<T>): Promise<{ plain: T; caught: T }>
}

/** Both browsers, or the one that `VALETKEY_E2E_BROWSER` names. */
const BROWSERS = (['chromium', 'firefox'] as const).filter(
  (name) => (process.env.VALETKEY_E2E_BROWSER ?? name) === name,
)

/** Tests that run in both browsers. After each, nothing caught may have reached the network. */
export function inEachBrowser(family: string, define: (suite: CaughtSuite) => void): void {
  describe.each(BROWSERS)(`${family} in %s`, (browserName) => {
    const made = {} as { server: TestServer; harness: Harness; page: Page }
    beforeAll(async () => {
      made.server = await startServer()
      made.harness = await startHarness(browserName)
      made.page = await openCaughtPage(made.harness.browser, made.server)
    })
    afterAll(async () => {
      await made.harness?.close()
      await made.server?.close()
    })
    afterEach(() => expect(made.server.leaks.splice(0)).toEqual([]))
    define({
      browserName,
      get server() {
        return made.server
      },
      get harness() {
        return made.harness
      },
      get page() {
        return made.page
      },
      both: (probe) => both(made.page, probe),
    })
  })
}
