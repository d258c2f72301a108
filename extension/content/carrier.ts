import type { CallFrameToPage, CatchFrame } from '../../shared/protocol/call-frames.ts'
import type { GoneFrame } from '../../shared/protocol/pairing.ts'
import { extension, isContextValid } from './browser.ts'
import { OpenCalls } from './open-calls.ts'
import { idOf, readPageFrame } from './page-frame.ts'

type FrameToPage = CallFrameToPage | CatchFrame | GoneFrame

/** Carries the frames of one document between the page's script and background/, and ends calls that cannot go on. */
export class Carrier {
  readonly #calls = new OpenCalls()
  #runtime: chrome.runtime.Port | null = null
  #page: MessagePort | null = null
  #bases: string[] | null = null
  #retried = false

  /** Open the port to background/ unless it is open. A stopped service worker starts for it. */
  connect(): void {
    if (this.#runtime !== null || !isContextValid()) return
    try {
      const port = extension.runtime.connect({ name: 'page' })
      port.onMessage.addListener((frame: CallFrameToPage | CatchFrame) => this.#down(port, frame))
      port.onDisconnect.addListener(() => this.#disconnected(port))
      this.#runtime = port
    } catch {
      // The extension went away between the two lines; whoever asks is told.
    }
  }

  /** Take over the port of the page's script. */
  serve(page: MessagePort): void {
    this.#page = page
    page.onmessage = (event: MessageEvent<unknown>) => this.#up(event.data)
    if (this.#bases !== null) this.#tell({ type: 'catch', baseUrls: this.#bases })
    if (!isContextValid()) this.#tell({ type: 'gone' })
  }

  #up(value: unknown): void {
    const frame = readPageFrame(value)
    if (frame === null) return this.#refuse(value)
    if (frame.type === 'ask' && this.#calls.isFull()) {
      return this.#tell({ type: 'problem', id: frame.id, code: 'rate-limited' })
    }
    if (!this.#calls.admit(frame)) return
    if (frame.type === 'ask') this.connect()
    if (!this.#post(frame)) return this.#end(frame.id, 'host-unavailable')
    if (frame.type === 'cancel') this.#calls.close(frame.id)
  }

  /** A frame outside the contract ends the call it names, at both ends. */
  #refuse(value: unknown): void {
    const id = idOf(value)
    if (id === null) return
    if (this.#calls.admit({ type: 'cancel', id })) this.#post({ type: 'cancel', id })
    else if ((value as { type?: unknown }).type === 'ask')
      this.#tell({ type: 'problem', id, code: 'malformed' })
    this.#end(id, 'malformed')
  }

  #post(frame: object): boolean {
    try {
      if (this.#runtime === null || !isContextValid()) return false
      this.#runtime.postMessage(frame)
      return true
    } catch {
      return false
    }
  }

  #down(port: chrome.runtime.Port, frame: CallFrameToPage | CatchFrame): void {
    if (port !== this.#runtime) return
    this.#retried = false
    if (frame.type === 'catch') {
      this.#bases = frame.baseUrls
      this.#tell(frame)
    } else if (this.#calls.deliver(frame)) this.#tell(frame)
  }

  /** background/ stopped or the extension is gone. Without a list yet, try once more: the page's calls wait for it. */
  #disconnected(port: chrome.runtime.Port): void {
    if (port !== this.#runtime) return
    this.#runtime = null
    for (const frame of this.#calls.failAll('host-unavailable')) this.#tell(frame)
    if (this.#bases !== null) return
    if (!this.#retried) {
      this.#retried = true
      this.connect()
    }
    if (this.#runtime === null) this.#tell({ type: 'gone' })
  }

  #end(id: number, code: 'host-unavailable' | 'malformed'): void {
    const frame = this.#calls.fail(id, code)
    if (frame !== null) this.#tell(frame)
  }

  #tell(frame: FrameToPage): void {
    this.#page?.postMessage(frame)
  }
}
