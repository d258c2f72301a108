import type browser from 'webextension-polyfill'
import type { CallFrameToPage, CatchFrame } from '../../shared/protocol/call-frames.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { PageNotice } from '../../shared/protocol/page-notice.ts'
import type { ProviderFrame } from '../../shared/protocol/provider-frames.ts'

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
  readonly #port: browser.Runtime.Port

  constructor(number: number, port: browser.Runtime.Port, witnessed: Witnessed | null) {
    this.number = number
    this.witnessed = witnessed
    this.#port = port
  }

  /** Send a frame; lost where the document is gone already. */
  send(frame: CallFrameToPage | CatchFrame | ProviderFrame): void {
    try {
      this.#port.postMessage(frame)
    } catch {
      // The port closed under us: onDisconnect tells the rest.
    }
  }

  /** Close the port. The content script opens another for the next call, and is witnessed anew. */
  close(): void {
    this.#port.disconnect()
  }

  /** Whether it has got a list of caught URLs. */
  get hasList(): boolean {
    return this.baseUrls !== null
  }

  sendCatchList(baseUrls: string[]): void {
    this.baseUrls = baseUrls
    this.send({ type: 'catch', baseUrls })
  }
}
