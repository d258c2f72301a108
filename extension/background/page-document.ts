import type browser from 'webextension-polyfill'
import type { CallFrameToPage, CatchFrame } from '../../shared/protocol/call-frames.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { PageNotice } from '../../shared/protocol/page-notice.ts'
import type { ProviderFrame } from '../../shared/protocol/provider-frames.ts'
import { postTogether } from './together.ts'

type FrameToDocument = CallFrameToPage | CatchFrame | ProviderFrame

/** A document with our script in it. */
export class PageDocument {
  readonly number: number
  /** Null: it can have no grant, and all its calls are denied. */
  witnessed: Witnessed | null
  /** What was witnessed of it before the owner withdrew the permission; null where that did not happen. */
  banished: Witnessed | null = null
  /** What its scripts told for the owner to know. */
  readonly notices = new Set<PageNotice>()
  /** The list of caught URLs that it was sent last; null: none yet. */
  baseUrls: readonly string[] | null = null
  /** Those whose calls wait for the owner, as this host says; null: it has not said, since the vault is locked. */
  paused: readonly string[] | null = null
  /** Whether its port is closed: nobody hears it any more. */
  isGone = false
  /** What it said while the browser is asked whether its origin is permitted; null: that is answered. */
  early: unknown[] | null
  readonly #port: browser.Runtime.Port
  #unsent: FrameToDocument[] = []
  #list = Promise.withResolvers<void>()
  #isListed = false

  constructor(number: number, port: browser.Runtime.Port, witnessed: Witnessed | null) {
    this.number = number
    this.witnessed = witnessed
    this.early = witnessed === null ? null : []
    this.#port = port
  }

  /** Send a frame, with those that the host's same message brings it; lost where the document is gone already. */
  send(frame: FrameToDocument): void {
    this.#unsent.push(frame)
    postTogether(this.#post)
  }

  /** Close the port. The content script opens another for the next call, and is witnessed anew. */
  close(): void {
    this.#post()
    this.#port.disconnect()
  }

  /** Whether it has got a list of caught URLs. */
  get hasList(): boolean {
    return this.baseUrls !== null
  }

  /** Whether `baseUrls` and `paused` are what calls are to be judged by now. */
  get isListed(): boolean {
    return this.#isListed
  }

  /** Resolved once they are. */
  get listed(): Promise<void> {
    return this.#list.promise
  }

  /** Another list is to come, and calls wait for it. @returns ends this wait, and no later one, without a list. */
  expectList(): () => void {
    if (this.#isListed) this.#list = Promise.withResolvers()
    this.#isListed = false
    const list = this.#list
    return () => {
      if (list === this.#list) this.endListWait()
    }
  }

  /** What it has is what calls are to be judged by. */
  endListWait(): void {
    this.#isListed = true
    this.#list.resolve()
  }

  sendCatchList(baseUrls: string[]): void {
    this.baseUrls = baseUrls
    this.send({ type: 'catch', baseUrls })
    this.endListWait()
  }

  /** One message for all of them: each wakes the page's process. */
  readonly #post = (): void => {
    const frames = this.#unsent
    this.#unsent = []
    if (frames.length === 0) return
    try {
      this.#port.postMessage(frames.length === 1 ? frames[0] : frames)
    } catch {
      // The port closed under us: onDisconnect tells the rest.
    }
  }
}
