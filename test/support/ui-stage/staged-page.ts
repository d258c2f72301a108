import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core'
import { findBrowser } from '../../../scripts/find-browser.ts'
import { CHROMIUM_ARGS } from '../chromium.ts'
import { whenSeen } from '../click-still.ts'
import { PATIENT_LAUNCH } from '../patient-launch.ts'
import { textsOf } from './said.ts'
import type { Scene } from './scenes.ts'
import { type PageServer, servePages } from './serve-pages.ts'
import { installStandIn, type Texts } from './stand-in-browser.ts'

/** Where each page of ours is in a built extension, and the size of the window that it is shown in, in CSS pixels. */
export const PAGES = {
  popup: { path: 'popup/index.html', width: 380, height: 600 },
  control: { path: 'control/index.html', width: 1000, height: 760 },
  approve: { path: 'popup/approve.html', width: 420, height: 612 },
  request: { path: 'popup/request.html', width: 420, height: 612 },
} as const

/** What the user's system asks of every page. Absent: as most systems are. */
export interface Wishes {
  'prefers-color-scheme'?: 'light' | 'dark'
  'prefers-reduced-motion'?: 'reduce' | 'no-preference'
  'forced-colors'?: 'active' | 'none'
}

/** One page of a browser, on which scene after scene is shown, each from a new document. */
export class StagedPage {
  readonly page: Page
  readonly #browser: Browser
  readonly #pages: PageServer
  readonly #session: CDPSession
  readonly #texts: Texts
  #shown = 0
  #installed: string | null = null

  private constructor(browser: Browser, pages: PageServer, page: Page, session: CDPSession, texts: Texts) {
    this.#browser = browser
    this.#pages = pages
    this.page = page
    this.#session = session
    this.#texts = texts
  }

  /**
   * @param folder of a built extension.
   * @param profile folder for the browser's profile and `HOME`; made where it is missing.
   * @param language of the texts, one of the build's locales. Default: the English ones.
   */
  static async open(folder: string, profile: string, language = 'en'): Promise<StagedPage> {
    const pages = await servePages(folder)
    const browser = await puppeteer.launch({
      executablePath: await findBrowser('chromium'),
      userDataDir: profile,
      ...PATIENT_LAUNCH,
      env: { ...process.env, HOME: profile },
      args: CHROMIUM_ARGS,
    })
    const page = await browser.newPage()
    const session = await page.createCDPSession()
    // Going around by the keyboard may leave a page for the browser's own window: it stays in front all the same.
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
    return new StagedPage(browser, pages, page, session, textsOf(language))
  }

  /** Show a scene in a window of its own size, and do what it does. */
  async show(scene: Scene): Promise<void> {
    if (this.#installed !== null) await this.page.removeScriptToEvaluateOnNewDocument(this.#installed)
    const { identifier } = await this.page.evaluateOnNewDocument(installStandIn, scene.world, this.#texts)
    this.#installed = identifier
    const { path, width, height } = PAGES[scene.page]
    await this.page.setViewport({ width: scene.width ?? width, height: scene.height ?? height })
    // An address of its own: going to the one it is at, with a fragment, would keep the document.
    this.#shown += 1
    await this.page.goto(`${this.#pages.origin}/extension/${path}?${this.#shown}${scene.hash ?? ''}`, {
      waitUntil: 'domcontentloaded',
    })
    if (!scene.name.endsWith('-starting')) await drawn(this.page)
    await quiet(this.page)
    if (scene.act === undefined) return
    // What has just come to stand where another button was is not to be pressed yet.
    if (scene.page === 'popup') await whenSeen(this.page)
    await scene.act(this.page)
    await quiet(this.page)
  }

  /** Have the page see a user's wishes, besides those it sees already. */
  async wish(wishes: Wishes): Promise<void> {
    const features = Object.entries(wishes).map(([name, value]) => ({ name, value }))
    await this.#session.send('Emulation.setEmulatedMedia', { features })
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.#pages.close()
  }
}

/** Until the page no longer looks for the host. */
async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('#app')?.childElementCount && !document.querySelector('.waiting'),
  )
}

/** Until what a page draws of answers that are on their way is drawn: nothing changes for four frames. A page that goes on changing is taken as it is. */
async function quiet(page: Page): Promise<void> {
  await page.evaluate(async () => {
    let changes = 0
    const observer = new MutationObserver(() => {
      changes += 1
    })
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    for (let still = 0, frames = 0; still < 4 && frames < 60; still += 1, frames += 1) {
      const before = changes
      await new Promise(requestAnimationFrame)
      if (changes !== before) still = 0
    }
    observer.disconnect()
  })
}
