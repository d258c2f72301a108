import browser from 'webextension-polyfill'
import { APPROVAL_HEIGHT, APPROVAL_WIDTH, approvalPlace } from './approval-place.ts'
import { Serial } from './serial.ts'
import type { SiteRequests } from './site-requests.ts'

/** The page that asks, as the browser knows it. */
const PAGE = 'extension/popup/request.html'

/** The window that shows the owner what a page asks for: there while it waits, and its end is a no. */
export class RequestWindow {
  readonly #requests: SiteRequests
  readonly #serial = new Serial()
  #id: number | null = null

  constructor(requests: SiteRequests) {
    this.#requests = requests
    requests.onChanged.add((request) => void this.#serial.run(() => this.#follow(request !== null)))
  }

  /** Bring it to the front, opened where it is not. Does nothing where nothing waits. */
  async show(): Promise<void> {
    await this.#serial.run(() => this.#follow(this.#requests.current !== null))
  }

  /** A window of the browser was closed. */
  removed(id: number): void {
    if (id !== this.#id) return
    this.#id = null
    this.#requests.deny()
  }

  /** Watch a port of one of our own pages, where that page is the one in this window. */
  accept(port: browser.Runtime.Port): void {
    if (port.sender?.url?.split(/[?#]/)[0] !== browser.runtime.getURL(PAGE)) return
    const id = port.sender?.tab?.windowId
    // SECURITY: also how a page that crashed, was loaded anew or was led elsewhere comes to its no.
    port.onDisconnect.addListener(() => {
      if (id === undefined || id !== this.#id) return
      this.#requests.deny()
    })
  }

  async #follow(isWanted: boolean): Promise<void> {
    const id = this.#id
    if (!isWanted) {
      this.#id = null
      if (id !== null) await browser.windows.remove(id).catch(() => {})
    } else if (id === null) {
      this.#id = await openWindow().catch(() => null)
      // Where the browser opens no window nobody can answer.
      if (this.#id === null) this.#requests.deny()
    } else await browser.windows.update(id, { focused: true }).catch(() => {})
  }
}

async function openWindow(): Promise<number> {
  const last = await browser.windows.getLastFocused().catch(() => null)
  const place = last === null ? null : approvalPlace(last)
  const url = browser.runtime.getURL(PAGE)
  const wanted = { url, type: 'popup', width: APPROVAL_WIDTH, height: APPROVAL_HEIGHT } as const
  // Chromium refuses a place that is mostly off the screen.
  const opened = await browser.windows
    .create({ ...wanted, ...place })
    .catch(() => browser.windows.create(wanted))
  if (opened.id === undefined) throw new Error('the browser opened no window')
  return opened.id
}
