import browser from 'webextension-polyfill'
import { APPROVAL_HEIGHT, APPROVAL_WIDTH, approvalPlace } from './approval-place.ts'
import type { HostCommands } from './host-commands.ts'
import type { HostPort } from './host-port.ts'
import { Serial } from './serial.ts'

/** The page that asks, as the browser knows it. */
const PAGE = 'extension/popup/approve.html'
/** Where the window's id is kept: it outlives our background, and no start of the browser. */
const KEY = 'approval-window'

/**
 * The one window that asks the owner about calls of this browser: there while any waits, never twice, and its end is a no. The
 * host decides what waits; without this window nothing is allowed, and after a minute it is refused.
 */
export class ApprovalWindow {
  readonly #host: HostPort
  readonly #commands: HostCommands
  readonly #serial = new Serial()
  /** Windows we closed ourselves: their end is nobody's answer. */
  readonly #released = new Set<number>()
  /** Windows whose page has its line to us. */
  readonly #alive = new Set<number>()
  /** The window we opened last, whose page is still being loaded or is alive. */
  #opened: number | null = null
  #count = 0

  constructor(host: HostPort, commands: HostCommands) {
    this.#host = host
    this.#commands = commands
    host.onState.add(({ approvals }) => this.#follow(approvals))
  }

  /** Carry out `approval-window`. */
  async order(show: boolean): Promise<null> {
    if (show) await this.#show()
    else await this.#close()
    return null
  }

  /** Watch a port of one of our own pages, where that page is the one that asks. */
  accept(port: browser.Runtime.Port): void {
    if (port.sender?.url?.split(/[?#]/)[0] !== browser.runtime.getURL(PAGE)) return
    // SECURITY: also how a page that crashed, was loaded anew or was led elsewhere comes to its no.
    const id = port.sender?.tab?.windowId
    if (id !== undefined) this.#alive.add(id)
    port.onDisconnect.addListener(() => void this.#pageGone(id))
  }

  /** A window of the browser was closed. */
  async removed(id: number): Promise<void> {
    const wasOurs = await this.#serial.run(async () => {
      const ours = (await keptId()) === id
      if (ours) await browser.storage.session.remove(KEY)
      return ours
    })
    if (wasOurs) await this.#denyAll()
  }

  #follow(approvals: number): void {
    const isNew = approvals > this.#count
    this.#count = approvals
    // Where the browser opens no window the badge still counts, and silence is no.
    if (isNew) this.#show().catch(() => {})
  }

  #show(): Promise<void> {
    return this.#serial.run(async () => {
      // What waited may be over by the time it is our turn.
      if (this.#host.state.approvals === 0) return
      const id = await keptId()
      // One whose page crashed together with us shows nothing any more, and nobody told us.
      const isAlive = id !== null && (this.#alive.has(id) || id === this.#opened)
      if (isAlive && (await isFocused(id))) return
      await this.#remove()
      this.#opened = await openWindow()
      await browser.storage.session.set({ [KEY]: this.#opened })
    })
  }

  #close(): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#host.state.approvals === 0) await this.#remove()
    })
  }

  /** The window goes without being anybody's no. */
  async #remove(): Promise<void> {
    const id = await keptId()
    if (id === null) return
    this.#released.add(id)
    await browser.storage.session.remove(KEY)
    await browser.windows.remove(id).catch(() => {})
  }

  async #pageGone(id: number | undefined): Promise<void> {
    if (id !== undefined) this.#alive.delete(id)
    if (id === this.#opened) this.#opened = null
    if (id !== undefined && this.#released.delete(id)) return
    await this.#denyAll()
    await this.#serial.run(() => this.#remove())
  }

  async #denyAll(): Promise<void> {
    // A host that is gone has taken its calls along.
    if (this.#host.state.approvals === 0) return
    await this.#commands.send({ name: 'approval-deny-all' }).catch(() => {})
  }
}

async function keptId(): Promise<number | null> {
  const { [KEY]: id } = await browser.storage.session.get(KEY)
  return typeof id === 'number' ? id : null
}

/** Bring a window to the front. @returns false where it is no more. */
async function isFocused(id: number): Promise<boolean> {
  try {
    await browser.windows.update(id, { focused: true })
    return true
  } catch {
    return false
  }
}

async function openWindow(): Promise<number> {
  const last = await browser.windows.getLastFocused().catch(() => null)
  const place = last === null ? null : approvalPlace(last)
  const wanted = {
    url: browser.runtime.getURL(PAGE),
    type: 'popup',
    width: APPROVAL_WIDTH,
    height: APPROVAL_HEIGHT,
  } as const
  // Chromium refuses a place that is mostly off the screen.
  const opened = await browser.windows
    .create({ ...wanted, ...place })
    .catch(() => browser.windows.create(wanted))
  if (opened.id === undefined) throw new Error('the browser opened no window')
  // Firefox opens it where it likes.
  if (place !== null && (opened.left !== place.left || opened.top !== place.top)) {
    await browser.windows.update(opened.id, place).catch(() => {})
  }
  return opened.id
}
