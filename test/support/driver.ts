import type { Browser, Page } from 'puppeteer-core'

/** What a driver is started with, for either browser. */
export interface LaunchOptions {
  /** Absolute path of the built extension: `dist/chrome` or `dist/firefox`. */
  extension: string
  /** Folder of the browser's profile. */
  profile: string
  /** `HOME` of the browser and of the hosts it starts. */
  home: string
  /** Origins whose permission the extension has from the start. */
  grantedOrigins?: readonly string[]
  /** Optional permissions that Chromium gives when it is asked for them, without its prompt, which a headless one cannot show. */
  givenWhenAsked?: readonly string[]
  /** Environment of the browser, `HOME` aside. Default: this process's. */
  env?: Record<string, string>
  /** Show the browser. Default: headless. */
  headful?: boolean
  /** Firefox asks the owner for optional permissions in its own window. Default: it gives them unasked. Chromium always asks, where it is shown. */
  asksPermission?: boolean
  /** What the user reads, as `de-CH,fr`. Default: the browser's own. */
  languages?: string
  /** Further switches for the browser. */
  args?: readonly string[]
  /** Chromium is not asked to tell of requests: whoever measures pages that make their own would pay for that. Default: it is. */
  isUnwatched?: boolean
  /** The caller ends the browser on SIGINT, SIGTERM and SIGHUP: the driver would end this process with it, before anything else has ended. */
  keepsSignals?: boolean
}

/** One running browser with the built extension in it. The same for both browsers, so that one suite serves both. */
export interface Driver {
  readonly name: 'chromium' | 'firefox'
  readonly browser: Browser
  /** `chrome-extension://…` or `moz-extension://…`, without a slash at the end. */
  readonly extensionOrigin: string
  /** Process id of the browser. */
  readonly pid: number
  /** Open a tab, at `url` where one is given, and wait for its load event. */
  newPage(url?: string): Promise<Page>
  /** Open a page of the extension in a tab, e.g. `extension/control/index.html#welcome`. */
  extensionPage(path: string): Promise<Page>
  /**
   * Open the popup over `page`, as a click on the toolbar button does. In Firefox its panel cannot be driven: the popup's
   * page opens in a tab of its own there, told the tab it is for by `?tab=<id>`.
   */
  popup(page: Page): Promise<Page>
  /**
   * Bring a page to the front and give it the keyboard, as a hand in front of it has. In Firefox that is the browser's to give: it
   * keeps it where the Tab key went on past the last stop of a page into its toolbar, and a tab that is in front already takes it
   * from nobody. `document.hasFocus()` is false meanwhile, and no ring is drawn.
   */
  giveKeyboard(page: Page): Promise<void>
  /** Give the extension the permission for an origin, as if the owner had said yes to the browser's prompt. */
  grant(origin: string): Promise<void>
  /** Let the next `permissions.request` for an origin succeed: headless browsers cannot show the prompt. */
  allowRequest(origin: string): Promise<void>
  /** Take the permission for an origin away. */
  withdraw(origin: string): Promise<void>
  /**
   * Evaluate an expression (a promise is awaited) where the extension's own interfaces are: in the service worker, which is
   * started where it was stopped; in Firefox, whose event page cannot be reached, in an extension page opened for it.
   */
  inBackground<T>(expression: string): Promise<T>
  /** Stop the service worker or event page, as the browser does when it is idle. */
  stopBackground(): Promise<void>
  /** Close the browser and wait for its process to end. */
  close(): Promise<void>
}

/** What puppeteer is told of `keepsSignals`. */
export function signals({ keepsSignals = false }: LaunchOptions) {
  return { handleSIGINT: !keepsSignals, handleSIGTERM: !keepsSignals, handleSIGHUP: !keepsSignals }
}
