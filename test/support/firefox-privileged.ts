import type { Browser, Page } from 'puppeteer-core'
import { eventually } from './eventually.ts'

/** The part of puppeteer's BiDi connection we use; it has no public name for what follows. The version is pinned. */
interface BidiBrowser {
  connection: { send(method: string, params: unknown): Promise<{ result: unknown }> }
}

interface Evaluated {
  type: 'success' | 'exception'
  result?: { value?: unknown }
  exceptionDetails?: { text: string }
}

/** Firefox's privileged scope, over WebDriver BiDi. Needs `--remote-allow-system-access`. */
export class PrivilegedScope {
  readonly #browser: Browser
  #context: string | null = null

  constructor(browser: Browser) {
    this.#browser = browser
  }

  /** Load an extension page in a tab. The ordinary way never resolves: such pages send no load events. */
  async navigate(page: Page, url: string): Promise<void> {
    const context = (page.mainFrame() as unknown as { _id: string })._id
    await this.#send('browsingContext.navigate', { context, url, wait: 'none' })
    await eventually(
      `\`${url}\` is loaded`,
      () => page.evaluate('location.href + " " + document.readyState'),
      (state) => state === `${url} complete`,
    )
  }

  /** Run the body of an async function in the privileged scope. @returns its value, which must survive JSON. */
  async run<T>(body: string): Promise<T> {
    const answer = (await this.#send('script.callFunction', {
      functionDeclaration: `async () => JSON.stringify({ value: await (async () => { ${body} })() })`,
      target: { context: await this.#privilegedContext() },
      awaitPromise: true,
    })) as Evaluated
    if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text ?? 'failed')
    return (JSON.parse(String(answer.result?.value)) as { value: T }).value
  }

  async #privilegedContext(): Promise<string> {
    if (this.#context !== null) return this.#context
    const tree = (await this.#send('browsingContext.getTree', { 'moz:scope': 'chrome' })) as {
      contexts: { context: string }[]
    }
    const [window] = tree.contexts
    if (window === undefined) throw new Error('firefox shows no window')
    this.#context = window.context
    return window.context
  }

  async #send(method: string, params: unknown): Promise<unknown> {
    const browser = this.#browser as unknown as BidiBrowser
    return (await browser.connection.send(method, params)).result
  }
}
