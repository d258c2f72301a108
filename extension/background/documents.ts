import type browser from 'webextension-polyfill'
import type { FrameToBackground, Witnessed } from '../../shared/protocol/native-frames.ts'
import { readNotice } from '../../shared/protocol/page-notice.ts'
import { PAGE_PORT, STRANGERS_PORT } from '../../shared/protocol/page-port.ts'
import { type AskedCall, Calls, type EndingSessions } from './calls.ts'
import { Debts } from './debts.ts'
import { DocumentLists } from './document-lists.ts'
import { DocumentTable } from './document-table.ts'
import type { HostPort } from './host-port.ts'
import { Listeners } from './listeners.ts'
import { PageDocument } from './page-document.ts'
import { isPermitted } from './permitted.ts'
import { together } from './together.ts'
import { WaitingCalls } from './waiting-calls.ts'
import { witness } from './witness.ts'

/** How long calls may outlive their document, in milliseconds: as long as Chromium has it. */
const KEPT_MS = 30_000

/** The documents with our script in them: announced to the host as the browser witnesses them, and fed by it. */
export class Documents {
  /** Told the number of documents when it changes. */
  readonly onCount = new Listeners<number>()
  /** Told when there is something new for the owner to know of a page. */
  readonly onNotice = new Listeners<void>()
  /** Told of each call that goes to the host. */
  readonly onAsk = new Listeners<AskedCall>()
  /** Told of a document that is gone. */
  readonly onGone = new Listeners<PageDocument>()
  /** Told of a document that is there and served no more: see {@link banish}. */
  readonly onBanished = new Listeners<PageDocument>()
  /** Takes what is no frame of a call. False: it is that. */
  takeOther: (document: PageDocument, message: unknown) => boolean = () => false
  /** Those that are there. */
  readonly table = new DocumentTable()
  readonly #host: HostPort
  readonly #lists: DocumentLists
  readonly #calls: Calls
  readonly #withdrawn = new Set<string>()
  /** Gone, with calls that go on. */
  readonly #leaving = new Map<PageDocument, ReturnType<typeof setTimeout>>()
  #nextNumber = 1

  constructor(host: HostPort, waiting = new WaitingCalls(), debts = new Debts()) {
    this.#host = host
    this.#lists = new DocumentLists(host, waiting)
    const find = (document: number) => this.table.get(document)
    this.#calls = new Calls({ host, find, waiting, debts, onAsk: this.onAsk })
    host.onState.add(() => this.#calls.reconsider())
    host.onFrame.add((frame) => this.#fromHost(frame))
    host.onConnected.add(() => this.#announceAll())
    host.onLost.add(() => this.#hostLost())
    host.onBadCall.add((hostId) => this.#calls.spoil(hostId))
  }

  get count(): number {
    return this.table.size
  }

  /** Take a runtime port, where it is a content script's. */
  accept(port: browser.Runtime.Port): void {
    if (port.name !== PAGE_PORT && port.name !== STRANGERS_PORT) return
    // SECURITY: a grant is for an origin in a tab of another's, or of its own, with nobody between them.
    const witnessed = port.name === PAGE_PORT ? witness(port.sender) : null
    const document = this.#admit(port, witnessed)
    this.table.set(document.number, document)
    port.onMessage.addListener((message) => {
      // A document that is being left says all it has to say at once.
      for (const each of Array.isArray(message) ? message : [message]) this.#take(document, each)
    })
    port.onDisconnect.addListener(() => this.#gone(document))
    this.onCount.tell(this.count)
    if (document.witnessed !== null) void this.#welcome(document)
    else if (document.banished !== null) void this.#lists.sendLastKnown(document)
    else document.sendCatchList([])
  }

  // SECURITY: a script that stays in its page opens a new port; the host knows of the withdrawal only a moment later.
  #admit(port: browser.Runtime.Port, witnessed: Witnessed | null): PageDocument {
    const isBanished = witnessed !== null && this.#isWithdrawn(witnessed)
    const document = new PageDocument(this.#nextNumber++, port, isBanished ? null : witnessed)
    if (isBanished) document.banished = witnessed
    return document
  }

  /** End the calls of sessions the owner ends, before the host is asked: see {@link Calls.cutFirst}. */
  cutFirst(sessions: EndingSessions, code?: 'session-ended' | 'paused'): () => void {
    return together(() => this.#calls.cutFirst(sessions, code))
  }

  /** Refuse the calls that wait under a notice of `WaitingCalls`. */
  refuseWaiting(notice: number): void {
    this.#calls.refuseWaiting(notice)
  }

  /** Origins that were banished and not readmitted. */
  get withdrawn(): string[] {
    return [...this.#withdrawn]
  }

  /**
   * End the calls of the origins' documents and deny what they ask until they are readmitted, also through a port that they
   * open later: the owner withdrew the permission.
   */
  banish(origins: readonly string[]): void {
    for (const origin of origins) this.#withdrawn.add(origin)
    for (const document of this.table.values()) {
      const { witnessed } = document
      if (witnessed === null || !this.#isWithdrawn(witnessed)) continue
      together(() => this.#calls.cutAll(document, 'session-ended'))
      if (document.early === null) this.#host.send({ type: 'document-gone', document: document.number })
      document.witnessed = null
      document.banished = witnessed
      this.onBanished.tell(document)
    }
  }

  /** The permission is back: the next call of a document that was banished is that of a new document. */
  readmit(origins: readonly string[]): void {
    for (const origin of origins) this.#withdrawn.delete(origin)
    for (const document of this.table.values()) {
      const { banished } = document
      if (banished === null || this.#isWithdrawn(banished)) continue
      document.close()
      this.#gone(document)
    }
  }

  #isWithdrawn({ origin, topOrigin }: Witnessed): boolean {
    return this.#withdrawn.has(origin) || this.#withdrawn.has(topOrigin)
  }

  #take(document: PageDocument, message: unknown): void {
    if (document.early !== null) return void document.early.push(message)
    if (this.takeOther(document, message)) return
    const notice = readNotice(message)
    if (notice === null) return this.#calls.fromPage(document, message)
    if (document.notices.has(notice)) return
    document.notices.add(notice)
    this.onNotice.tell()
  }

  // SECURITY: scripts stay in pages whose permission was withdrawn before we were started, and a grant may be another browser's.
  async #welcome(document: PageDocument): Promise<void> {
    this.#lists.expect(document)
    const opening = this.#host.open()
    const { witnessed } = document
    const isServed = witnessed !== null && (await isPermitted(witnessed.origin).catch(() => false))
    if (!isServed && witnessed !== null) this.banish([witnessed.origin])
    const early = document.early ?? []
    document.early = null
    if (this.#host.state.host === 'connected') this.#announce(document)
    for (const message of early) this.#take(document, message)
    if (document.isGone) this.#leave(document)
    if (!isServed || !(await opening)) await this.#lists.sendLastKnown(document)
  }

  #announceAll(): void {
    for (const document of this.table.values()) this.#announce(document)
  }

  #announce(document: PageDocument): void {
    const { number, witnessed, early } = document
    if (witnessed === null || early !== null) return
    document.paused = null
    this.#host.send({ type: 'document', document: number, witnessed })
    // A locked host knows no sessions. Its document's calls are to be refused, not let through with their placeholder.
    if (this.#host.state.vault !== 'unlocked') void this.#lists.sendLastKnown(document)
    else this.#lists.expect(document)
  }

  #fromHost(frame: FrameToBackground): void {
    if (frame.type === 'catch') this.#caught(frame)
    else this.#calls.fromHost(frame)
    this.#sweep()
  }

  #caught({ document: number, baseUrls, paused = [] }: Extract<FrameToBackground, { type: 'catch' }>): void {
    const document = this.table.get(number)
    if (document === undefined) return
    this.#lists.caught(document, baseUrls, paused)
    this.#calls.reconsider()
  }

  #hostLost(): void {
    together(() => this.#calls.hostLost())
    this.#sweep()
    for (const document of this.table.values()) void this.#lists.sendLastKnown(document)
  }

  #gone(document: PageDocument): void {
    document.isGone = true
    this.onGone.tell(document)
    // What it said as it went is heard first.
    if (document.early === null) this.#leave(document)
  }

  #leave(document: PageDocument): void {
    this.#calls.abandon(document, false)
    if (this.#calls.countOf(document) === 0) return this.#forget(document)
    const timer = setTimeout(() => this.#forget(document), KEPT_MS)
    this.#leaving.set(document, timer)
  }

  /** Forget documents that are gone and whose last call is over. */
  #sweep(): void {
    for (const [document, timer] of this.#leaving) {
      if (this.#calls.countOf(document) > 0) continue
      clearTimeout(timer)
      this.#forget(document)
    }
  }

  #forget(document: PageDocument): void {
    this.#leaving.delete(document)
    this.table.delete(document.number)
    this.#calls.abandon(document, true)
    if (document.witnessed !== null) this.#host.send({ type: 'document-gone', document: document.number })
    this.onCount.tell(this.count)
  }
}
