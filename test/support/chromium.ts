import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, {
  type Browser,
  type CDPSession,
  type Page,
  type Target,
  TimeoutError,
} from 'puppeteer-core'
import { permissionPatternOf } from '../../extension/ui/match-pattern.ts'
import { findBrowser } from '../../scripts/find-browser.ts'
import { type Driver, type LaunchOptions, signals } from './driver.ts'
import { eventually } from './eventually.ts'
import { extensionIdOf } from './extension-id.ts'
import { isOfClosing } from './of-closing.ts'
import { PATIENT_LAUNCH } from './patient-launch.ts'

/** Switches of every Chromium that tests start. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Start Chromium with the built extension. Its native hosts are registered in `<profile>/NativeMessagingHosts`. */
export async function launchChromium(options: LaunchOptions): Promise<Driver> {
  const id = await readExtensionId(options.extension)
  await writePreferences(options, id)
  const browser = await puppeteer.launch({
    executablePath: await findBrowser('chromium'),
    headless: options.headful !== true,
    pipe: true,
    enableExtensions: [options.extension],
    userDataDir: options.profile,
    defaultViewport: null,
    env: { ...process.env, ...options.env, HOME: options.home },
    args: [...CHROMIUM_ARGS, ...languageArgs(options), ...(options.args ?? [])],
    ...PATIENT_LAUNCH,
    ...signals(options),
    networkEnabled: options.isUnwatched !== true,
  })
  return new ChromiumDriver(browser, id)
}

const languageArgs = ({ languages }: LaunchOptions) =>
  languages === undefined ? [] : [`--accept-lang=${languages}`]

async function readExtensionId(extension: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(extension, 'manifest.json'), 'utf8'))
  const { key } = manifest as { key?: string }
  if (key === undefined) throw new Error('the built manifest has no key, so its id is not known')
  return extensionIdOf(key)
}

/** Chromium takes permissions that stand in the profile's preferences before its first start for given. */
async function writePreferences(options: LaunchOptions, id: string): Promise<void> {
  const { profile, grantedOrigins = [], givenWhenAsked = [] } = options
  if (grantedOrigins.length === 0 && givenWhenAsked.length === 0) return
  const active = {
    api: [] as readonly string[],
    explicit_host: grantedOrigins.map(permissionPatternOf),
    manifest_permissions: [],
    scriptable_host: [],
  }
  const settings = {
    [id]: {
      granted_permissions: { ...active, api: givenWhenAsked },
      runtime_granted_permissions: { ...active, api: givenWhenAsked },
      active_permissions: active,
    },
  }
  await mkdir(join(profile, 'Default'), { recursive: true })
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify({ extensions: { settings } }))
}

/** What Chromium says of the pages of an extension that it does not run. @throws whatever else failed. */
function blocked(failure: unknown): Error {
  if (failure instanceof Error && failure.message.includes('net::ERR_BLOCKED_BY_CLIENT')) return failure
  throw failure
}

/** How often the popup is opened that closes itself under its user. */
const OPENINGS = 3

class ChromiumDriver implements Driver {
  readonly name = 'chromium'
  readonly browser: Browser
  readonly extensionOrigin: string
  readonly pid: number
  readonly #id: string

  constructor(browser: Browser, id: string) {
    this.browser = browser
    this.#id = id
    this.extensionOrigin = `chrome-extension://${id}`
    this.pid = browser.process()?.pid ?? 0
  }

  async newPage(url?: string): Promise<Page> {
    const page = await this.browser.newPage()
    if (url !== undefined) await page.goto(url)
    return page
  }

  async extensionPage(path: string): Promise<Page> {
    const page = await this.browser.newPage()
    // A browser that has only just started says that it has the extension before it lets its pages be opened.
    await eventually(
      `the extension's ${path} can be opened`,
      () => page.goto(`${this.extensionOrigin}/${path}`).then(() => null, blocked),
      (failure) => failure === null,
    )
    return page
  }

  async popup(page: Page): Promise<Page> {
    const url = `${this.extensionOrigin}/extension/popup/index.html`
    const extension = (await this.browser.extensions()).get(this.#id)
    if (extension === undefined) throw new Error('the extension is not loaded')
    for (let opening = 1; ; opening++) {
      try {
        await page.bringToFront()
        const opened = this.browser.waitForTarget((target) => target.url() === url, { timeout: 20_000 })
        const [target] = await Promise.all([opened, extension.triggerAction(page)])
        const popup = await target.asPage()
        await popup.waitForSelector('#app > *')
        return popup
      } catch (error) {
        // It closes itself when it loses the focus, also to a tab that is only just being closed: a person presses again.
        if (!(isOfClosing(error) || error instanceof TimeoutError) || opening === OPENINGS) throw error
      }
    }
  }

  async giveKeyboard(page: Page): Promise<void> {
    await page.bringToFront()
  }

  async grant(origin: string): Promise<void> {
    await this.allowRequest(origin)
    const given = await this.#onExtensionPage<boolean>(
      `chrome.permissions.request({ origins: ['${permissionPatternOf(origin)}'] })`,
    )
    if (!given) throw new Error(`the permission for \`${origin}\` was not given`)
  }

  async allowRequest(origin: string): Promise<void> {
    const page = await this.newPage('chrome://extensions')
    const pattern = permissionPatternOf(origin)
    await page.evaluate(`chrome.developerPrivate.addHostPermission('${this.#id}', '${pattern}')`)
    await page.close()
  }

  async withdraw(origin: string): Promise<void> {
    const page = await this.newPage('chrome://extensions')
    const pattern = permissionPatternOf(origin)
    await page.evaluate(`chrome.developerPrivate.removeHostPermission('${this.#id}', '${pattern}')`)
    await page.close()
  }

  async inBackground<T>(expression: string): Promise<T> {
    const target = await this.#worker()
    const worker = await target.worker()
    if (worker === null) throw new Error('the service worker ended at once')
    return (await worker.evaluate(expression)) as T
  }

  async stopBackground(): Promise<void> {
    const target = this.#findWorker()
    if (target === undefined) return
    // A worker that is just being stopped or started answers nobody: what counts is that its target goes. One that was being
    // started may have to be told again.
    const stop = () => target.worker().then((worker) => worker?.close())
    const isThere = () => this.browser.targets().includes(target)
    const again = setInterval(() => void stop().catch(() => {}), 5000)
    try {
      void stop().catch(() => {})
      await eventually('the background has stopped', isThere, (is) => !is, 30_000)
    } finally {
      clearInterval(again)
    }
  }

  async close(): Promise<void> {
    await this.browser.close()
  }

  /** Evaluate on a page of the extension with a user gesture, which `permissions.request` asks for. */
  async #onExtensionPage<T>(expression: string): Promise<T> {
    const page = await this.extensionPage('extension/control/index.html')
    const session: CDPSession = await page.createCDPSession()
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })
    await page.close()
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? 'failed')
    return result.value as T
  }

  #findWorker(): Target | undefined {
    const isOurs = (target: Target) =>
      target.type() === 'service_worker' && target.url().startsWith(`${this.extensionOrigin}/`)
    return this.browser.targets().find(isOurs)
  }

  async #worker(): Promise<Target> {
    const running = this.#findWorker()
    if (running !== undefined) return running
    const page = await this.extensionPage('extension/control/index.html')
    const woken = await this.browser.waitForTarget(
      (target) => target.type() === 'service_worker' && target.url().startsWith(`${this.extensionOrigin}/`),
      { timeout: 30_000 },
    )
    await page.close()
    return woken
  }
}
