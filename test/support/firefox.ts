import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { permissionPatternOf } from '../../extension/ui/match-pattern.ts'
import { findBrowser } from '../../scripts/find-browser.ts'
import { type Driver, type LaunchOptions, signals } from './driver.ts'
import { PrivilegedScope } from './firefox-privileged.ts'
import { PATIENT_LAUNCH } from './patient-launch.ts'
import { giveStartupCache, keepStartupCache } from './startup-cache.ts'

const GECKO_ID = 'valetkey@valetkey.org'
/** Any uuid will do: fixed, so that the address of the extension's pages is known. */
const HOST_UUID = '5f0d3a52-2e4b-4c5e-9a57-6f1d6a3c9b10'

/** Start Firefox with the built extension. Its native hosts are registered in `<home>/.mozilla/native-messaging-hosts`. */
export async function launchFirefox(options: LaunchOptions): Promise<Driver> {
  await giveStartupCache(options.profile)
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: await findBrowser('firefox'),
    headless: options.headful !== true,
    userDataDir: options.profile,
    defaultViewport: null,
    env: { ...process.env, ...options.env, HOME: options.home },
    args: ['--remote-allow-system-access', ...(options.args ?? [])],
    ...PATIENT_LAUNCH,
    ...signals(options),
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [GECKO_ID]: HOST_UUID }),
      'extensions.webextOptionalPermissionPrompts': options.asksPermission === true,
      ...(options.languages === undefined ? {} : { 'intl.accept_languages': options.languages }),
    },
  })
  const driver = new FirefoxDriver(browser, options.profile)
  await browser.installExtension(options.extension)
  for (const origin of options.grantedOrigins ?? []) await driver.grant(origin)
  return driver
}

class FirefoxDriver implements Driver {
  readonly name = 'firefox'
  readonly browser: Browser
  readonly extensionOrigin = `moz-extension://${HOST_UUID}`
  readonly pid: number
  readonly #profile: string
  readonly #privileged: PrivilegedScope

  constructor(browser: Browser, profile: string) {
    this.browser = browser
    this.#profile = profile
    this.pid = browser.process()?.pid ?? 0
    this.#privileged = new PrivilegedScope(browser)
  }

  async newPage(url?: string): Promise<Page> {
    const page = await this.browser.newPage()
    if (url !== undefined) await page.goto(url)
    return page
  }

  async extensionPage(path: string): Promise<Page> {
    const page = await this.browser.newPage()
    await this.#privileged.navigate(page, `${this.extensionOrigin}/${path}`)
    return page
  }

  async popup(page: Page): Promise<Page> {
    await page.bringToFront()
    // What a click on the toolbar button gives: the right to see this one tab.
    const tabId = await this.#privileged.run<number>(
      `const { extension } = WebExtensionPolicy.getByID('${GECKO_ID}')
       const tab = Services.wm.getMostRecentWindow('navigator:browser').gBrowser.selectedTab
       extension.tabManager.addActiveTabPermission(tab)
       return extension.tabManager.getWrapper(tab).id`,
    )
    return await this.extensionPage(`extension/popup/index.html?tab=${tabId}`)
  }

  async giveKeyboard(page: Page): Promise<void> {
    await page.bringToFront()
    await this.#privileged.run(
      `const window = Services.focus.activeWindow ?? Services.wm.getMostRecentWindow('navigator:browser')
       window.gBrowser.selectedBrowser.focus()`,
    )
  }

  async grant(origin: string): Promise<void> {
    await this.#permission('add', origin)
  }

  /** Nothing to do: prompts are off in this profile, so that a click is enough. */
  async allowRequest(_origin: string): Promise<void> {}

  async withdraw(origin: string): Promise<void> {
    await this.#permission('remove', origin)
  }

  async inBackground<T>(expression: string): Promise<T> {
    const page = await this.extensionPage('extension/control/index.html')
    const value = (await page.evaluate(expression)) as T
    await page.close()
    return value
  }

  async stopBackground(): Promise<void> {
    await this.#privileged.run(
      `const { extension } = WebExtensionPolicy.getByID('${GECKO_ID}')
       await extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true })`,
    )
  }

  async close(): Promise<void> {
    await this.browser.close()
    await keepStartupCache(this.#profile)
  }

  async #permission(verb: 'add' | 'remove', origin: string): Promise<void> {
    const change = JSON.stringify({ permissions: [], origins: [permissionPatternOf(origin)] })
    await this.#privileged.run(
      `const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs')
       const { extension } = WebExtensionPolicy.getByID('${GECKO_ID}')
       await ExtensionPermissions.${verb}('${GECKO_ID}', ${change}, extension)`,
    )
  }
}
