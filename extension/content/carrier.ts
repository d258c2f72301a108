import type { CallFrameToHost, CallFrameToPage, CatchFrame } from '../../shared/protocol/call-frames.ts'
import {
  type CallFrameToContent,
  type CatchFrameToPageScript,
  problemFrames,
  type UnpackedFrame,
} from '../../shared/protocol/page-frames.ts'
import { type PageNotice, readNotice } from '../../shared/protocol/page-notice.ts'
import { PAGE_PORT, STRANGERS_PORT } from '../../shared/protocol/page-port.ts'
import { CATCH_EVENT, CHILD_EVENT } from '../../shared/protocol/pairing.ts'
import type { ProviderFrame } from '../../shared/protocol/provider-frames.ts'
import { isAmongStrangers } from './ancestors.ts'
import { extension, isContextValid, isPrerendering } from './browser.ts'
import { CallValues } from './call-values.ts'
import { CapturedCalls } from './captured-calls.ts'
import { OpenCalls } from './open-calls.ts'
import { Pace } from './pace.ts'
import { idOf, readPageFrame } from './page-frame.ts'
import { pageSide } from './page-side.ts'
import { isProviderFrame, ProviderAsks } from './provider-asks.ts'
import { senderHere } from './sender.ts'
import { unpacking } from './unpacking.ts'
import { Verification } from './verification.ts'
import { WaitingCalls } from './waiting-calls.ts'

/** Waits before background/ is sought again while the page's calls wait for their list, in milliseconds: doubled each time. */
const SEEK_FIRST_MS = 50
const SEEK_LONGEST_MS = 2000

type FrameDown = CallFrameToPage | CatchFrame | ProviderFrame

/** A list of caught URLs, and how calls of theirs are answered once nobody can be asked. */
const catchFrame = (baseUrls: string[]): CatchFrameToPageScript => ({
  type: 'catch',
  baseUrls,
  lost: problemFrames(0, 'host-unavailable'),
})

/** Carries the frames of one document between the page's script and background/, and ends calls that cannot go on. */
export class Carrier {
  /** What its calls carry, for when the owner looks. */
  readonly values = new CallValues()
  readonly #page = pageSide()
  readonly #calls = new OpenCalls()
  readonly #provider = new ProviderAsks()
  readonly #waiting = new WaitingCalls()
  readonly #verifications = new Map<number, Verification>()
  readonly #unpack = unpacking(
    (frame) => this.#unpacked(frame),
    (id) => this.#spoil(id),
  )
  readonly #pace = new Pace((frame) => this.#up(frame))
  readonly #captured = new CapturedCalls(() => this.#notice('captured'))
  readonly #notices = new Set<PageNotice>()
  #runtime: chrome.runtime.Port | null = null
  #bases: string[] | null = null
  #nextSeek = SEEK_FIRST_MS
  #isBegun = false
  /** Hidden, and its port not closed yet. */
  #isGoing = false
  /** What {@link takeNow} gathers. */
  #bundle: object[] | null = null

  /**
   * Connect as soon as the document's first task is over. To reach background/ costs a tenth of what a browser does to show an
   * empty page, and nobody misses it before: a page whose call waits for its list {@link hurry hurries}.
   */
  begin(): void {
    this.#watchLife()
    setTimeout(() => this.hurry())
  }

  /** The page waits: what {@link begin} is to do is done now. Does nothing after that. */
  hurry(): void {
    if (this.#isBegun) return
    this.#isBegun = true
    // Into the back/forward cache no open port may go: it connects when it is shown again.
    if (!this.#page.isHidden) this.connect()
    if (!isContextValid()) this.#page.give({ type: 'gone' })
  }

  /** Open the port to background/ unless it is open or the document is not shown yet. A stopped service worker starts for it. */
  connect(): void {
    this.#watchLife()
    // SECURITY: the browser does not witness a prerendered document as active, so it would be taken for a stranger for good.
    if (this.#runtime !== null || isPrerendering() || !isContextValid()) return
    try {
      const port = extension.runtime.connect({ name: isAmongStrangers() ? STRANGERS_PORT : PAGE_PORT })
      port.onMessage.addListener((frames: FrameDown | FrameDown[]) => {
        for (const frame of [frames].flat()) this.#down(port, frame)
      })
      port.onDisconnect.addListener(() => this.#disconnected(port))
      this.#runtime = port
      for (const notice of this.#notices) this.#post({ type: 'notice', notice })
    } catch {
      // The extension went away between the two lines; whoever asks is told.
    }
  }

  /** Take over the port of the page's script. */
  serve(page: MessagePort): void {
    this.#page.port = page
    page.onmessage = (event: MessageEvent<unknown>) => this.#pace.take(event.data)
    if (this.#bases !== null) this.#page.give(catchFrame(this.#bases))
    if (this.#isBegun && !isContextValid()) this.#page.give({ type: 'gone' })
  }

  /**
   * Take frames, as JSON text, of a document that may not have another turn. What is no such text is dropped. They go up as
   * one message: of a tab that is closed Firefox delivers what it said first, and perhaps nothing after that.
   */
  takeNow(json: string): void {
    const bundle: object[] = []
    this.#bundle = bundle
    try {
      for (const frame of JSON.parse(json) as unknown[]) this.#pace.take(frame)
    } catch {}
    this.#bundle = null
    if (bundle[0]) this.#post(bundle)
    // Into the back/forward cache no open port may go: what was posted has its way.
    if (this.#page.isHidden && !this.#isGoing) this.#hang()
  }

  /** Again at every connect: a second listener is none, and `document.open` takes them all away. */
  #watchLife(): void {
    addEventListener('pagehide', this.#hidden)
    addEventListener('pageshow', this.#shown)
    document.addEventListener('prerenderingchange', this.#shown)
    addEventListener(CHILD_EVENT, this.#asked, true)
  }

  /** By a frame of this document's own origin: its page's script is told at once what is caught, where that is known here. */
  readonly #asked = (event: Event): void => {
    event.stopImmediatePropagation()
    const data = this.#bases && JSON.stringify(catchFrame(this.#bases))
    if (data) (event as MessageEvent).ports[0]?.dispatchEvent(new MessageEvent(CATCH_EVENT, { data }))
  }

  /**
   * Into the back/forward cache, where nobody reads answers. Chromium closes the port without a word to this end, Firefox
   * keeps it open, so it is closed here in both.
   */
  readonly #hidden = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return
    this.#page.isHidden = true
    // What the page sends as it goes still takes this port: of a new one the browser no longer witnesses an active document.
    // Visible, it is told next that it is not, at the document first and at the window last.
    if (document.visibilityState === 'hidden') return this.#hang()
    this.#isGoing = true
    addEventListener('visibilitychange', this.#gone, { once: true })
  }

  readonly #gone = (): void => {
    if (this.#isGoing) this.#hang()
  }

  readonly #shown = (): void => {
    this.#isGoing = false
    this.#page.shown()
    this.connect()
  }

  #hang(): void {
    this.#isGoing = false
    const port = this.#runtime
    if (port === null) return
    this.#lost()
    port.disconnect()
  }

  #up(value: unknown): void {
    const notice = readNotice(value)
    if (notice !== null) return this.#notice(notice)
    if (isProviderFrame(value)) return this.#order(value)
    const frame = readPageFrame(value)
    if (frame === null) this.#refuse(value)
    else if (!this.#waiting.keep(frame, this.#calls.isFull())) this.#send(frame)
    this.#sendWaiting()
  }

  #sendWaiting(): void {
    while (!this.#calls.isFull()) {
      const frames = this.#waiting.next()
      if (frames === null) return
      for (const frame of frames) this.#send(frame)
    }
  }

  #send(given: CallFrameToContent): void {
    const frame = this.#completed(given)
    // SECURITY: bytes without credit would pile up in background/, which serves every site.
    if (frame.type === 'body' && !this.#calls.affords(frame)) return this.#refuse(frame)
    if (!this.#calls.admit(frame)) return
    if (frame.type === 'ask') {
      this.values.note(frame)
      this.connect()
    }
    if (!this.#post(frame)) return this.#end(frame.id, 'host-unavailable')
    if (frame.type !== 'cancel') return
    this.#calls.close(frame.id)
    this.#verifications.delete(frame.id)
  }

  /** With who sends it, and without what is verified here, beyond the page's reach and out of its script. */
  #completed(frame: CallFrameToContent): CallFrameToHost {
    if (frame.type !== 'ask') return frame
    const { integrity, ...rest } = frame
    const ask = { ...rest, sender: senderHere() }
    if (integrity === '' || this.#calls.has(frame.id)) return ask
    const { id } = frame
    const verification = new Verification(
      integrity,
      (each) => this.#reply(each),
      (bytes) => this.#post({ type: 'credit', id, bytes }),
    )
    this.#verifications.set(id, verification)
    return ask
  }

  /** Once: background/ is told again by {@link connect}, since it may have been stopped. */
  #notice(notice: PageNotice): void {
    if (this.#notices.has(notice)) return
    this.#notices.add(notice)
    this.#post({ type: 'notice', notice })
  }

  /** An order of the provider's. One that cannot be carried is answered here. */
  #order(value: Record<string, unknown>): void {
    const id = idOf(value)
    if (id === null) return
    const ask = this.#provider.read(value, id)
    if (typeof ask === 'string') return this.#page.give({ type: 'provided', id, code: ask })
    this.connect()
    if (this.#post(ask)) return
    for (const frame of this.#provider.failAll()) this.#page.give(frame)
  }

  /** A frame outside the contract ends the call it names, at both ends. */
  #refuse(value: unknown): void {
    const id = idOf(value)
    if (id === null) return
    const isNew = (value as { type?: unknown }).type === 'ask' && !this.#calls.has(id)
    if (this.#waiting.drop(id) || isNew) return this.#tell({ type: 'problem', id, code: 'malformed' })
    this.#spoil(id, 'malformed')
  }

  #post(frame: object): boolean {
    try {
      if (this.#runtime === null || !isContextValid()) return false
      if (this.#bundle === null) this.#runtime.postMessage(frame)
      else this.#bundle.push(frame)
      return true
    } catch {
      return false
    }
  }

  #down(port: chrome.runtime.Port, frame: FrameDown): void {
    if (port !== this.#runtime) return
    this.#nextSeek = SEEK_FIRST_MS
    if (frame.type === 'catch') {
      this.#bases = frame.baseUrls
      this.#captured.watch(frame.baseUrls)
      this.#page.give(catchFrame(frame.baseUrls))
    } else if (frame.type === 'provided') {
      if (this.#provider.deliver(frame)) this.#page.give(frame)
    } else this.#unpack(frame)
  }

  #unpacked(frame: UnpackedFrame): void {
    if (!this.#calls.deliver(frame)) return
    this.#tell(frame)
    this.#sendWaiting()
  }

  #disconnected(port: chrome.runtime.Port): void {
    if (port !== this.#runtime) return
    this.#lost()
    this.#seek()
  }

  #lost(): void {
    this.#runtime = null
    const ended = [...this.#calls.failAll('host-unavailable'), ...this.#waiting.failAll('host-unavailable')]
    for (const frame of ended) this.#tell(frame)
    for (const frame of this.#provider.failAll()) this.#page.give(frame)
  }

  /**
   * background/ stopped, or the extension is gone. Without a list the page's calls wait: look until there is one.
   * SECURITY: only an extension that is gone lets them go; however often background/ stops, they are not sent unasked.
   */
  #seek(): void {
    if (this.#bases !== null || this.#runtime !== null) return
    if (!isContextValid()) return this.#page.give({ type: 'gone' })
    const wait = this.#nextSeek
    this.#nextSeek = Math.min(wait * 2, SEEK_LONGEST_MS)
    setTimeout(() => {
      this.connect()
      this.#seek()
    }, wait)
  }

  #end(id: number, code: 'host-unavailable' | 'internal' | 'malformed'): void {
    const frame = this.#calls.fail(id, code)
    if (frame !== null) this.#tell(frame)
  }

  /** What came for a call makes no sense: it is over for both sides. */
  #spoil(id: number, code: 'internal' | 'malformed' = 'internal'): void {
    if (this.#calls.has(id)) this.#post({ type: 'cancel', id })
    this.#end(id, code)
  }

  #tell(frame: UnpackedFrame): void {
    const verification = this.#verifications.get(frame.id)
    if (verification === undefined) return this.#reply(frame)
    verification.take(frame)
  }

  /** A problem goes to the page as the response that it is. */
  #reply(frame: UnpackedFrame): void {
    if (frame.type === 'end' || frame.type === 'cut') this.#verifications.delete(frame.id)
    if (frame.type !== 'problem') return this.#page.give(frame)
    const { id, code, instance, detail } = frame
    for (const each of problemFrames(id, code, instance, detail)) this.#page.give(each)
  }
}
