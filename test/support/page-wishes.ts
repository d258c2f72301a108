import type { CDPSession, Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'
import { PrivilegedScope } from './firefox-privileged.ts'

/** What somebody has set their system or browser to. */
export interface PersonalSettings {
  readonly scheme: 'light' | 'dark'
  /** Colours of their own in place of every page's. */
  readonly forcedColours: boolean
  readonly language: 'en-US' | 'de'
}

/** Has a page see what a person has set, in either browser. */
export interface PageWishes {
  /** A language counts for documents that are loaded after. */
  set(settings: PersonalSettings): Promise<void>
  /** As it was before. */
  reset(): Promise<void>
}

/** For one page in Chromium; in Firefox for the whole browser, by its preferences. */
export async function pageWishes(driver: Driver, page: Page): Promise<PageWishes> {
  return driver.name === 'firefox'
    ? inFirefox(new PrivilegedScope(driver.browser))
    : inChromium(await page.createCDPSession(), await driver.browser.userAgent())
}

function inChromium(session: CDPSession, userAgent: string): PageWishes {
  return {
    async set({ scheme, forcedColours, language }) {
      const features = [
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'forced-colors', value: forcedColours ? 'active' : 'none' },
      ]
      await session.send('Emulation.setEmulatedMedia', { features })
      await session.send('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: language })
    },
    reset: () => session.detach(),
  }
}

const SCHEME = 'layout.css.prefers-color-scheme.content-override'
const COLOURS = 'browser.display.document_color_use'
const LANGUAGES = 'intl.accept_languages'

function inFirefox(scope: PrivilegedScope): PageWishes {
  return {
    async set({ scheme, forcedColours, language }) {
      // 0 dark, 1 light; 2 never the page's own colours.
      await scope.run(`Services.prefs.setIntPref('${SCHEME}', ${scheme === 'dark' ? 0 : 1})
        Services.prefs.setIntPref('${COLOURS}', ${forcedColours ? 2 : 0})
        Services.prefs.setCharPref('${LANGUAGES}', '${language}')`)
    },
    async reset() {
      await scope.run(
        `for (const name of ['${SCHEME}', '${COLOURS}', '${LANGUAGES}']) Services.prefs.clearUserPref(name)`,
      )
    },
  }
}
