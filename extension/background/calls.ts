import type { ProblemCode } from '../../shared/model/problem.ts'
import type { AskFrame, CallFrameToHost, CallFrameToPage } from '../../shared/protocol/call-frames.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { MAX_CALLS_PER_DOCUMENT } from '../../shared/protocol/limits.ts'
import type { FrameToBackground, FrameToHost, NativeHead } from '../../shared/protocol/native-frames.ts'
import { belowBase } from './below-base.ts'
import { CallTable, type CarriedCall } from './call-table.ts'
import type { Debts } from './debts.ts'
import type { HostPort } from './host-port.ts'
import { lateFrames } from './late.ts'
import type { Listeners } from './listeners.ts'
import type { PageDocument } from './page-document.ts'
import type { WaitingCalls } from './waiting-calls.ts'

/** The part of the host's port that calls need. */
export type HostLine = Pick<HostPort, 'state' | 'open' | 'send'>

/** Which sessions the owner ends: one of the three, as in the order. */
export type EndingSessions = Omit<Extract<Command, { name: 'session-revoke' }>, 'name'>

type Frame = Exclude<CallFrameToHost, AskFrame>

interface Parts {
  host: HostLine
  /** The document of a number, while it is there. */
  find: (document: number) => PageDocument | undefined
  waiting: WaitingCalls
  /** Revocations that bind before the host has carried them out. */
  debts: Pick<Debts, 'isRead' | 'ready' | 'binds'>
  /** Told of each call that goes to the host. */
  onAsk: Listeners<AskedCall>
}

/** What a document asks for. */
export interface AskedCall {
  document: PageDocument
  ask: Pick<AskFrame, 'headers' | 'url'>
}

/** Carries the frames of calls between documents and the host: checks, counts and renumbers them, and decides nothing. */
export class Calls {
  readonly #table: CallTable
  readonly #waiting: WaitingCalls
  /** Sessions whose end was ordered and is not answered yet. */
  readonly #ending = new Set<string>()
  readonly #host: HostLine
  readonly #find: (document: number) => PageDocument | undefined
  readonly #debts: Parts['debts']
  readonly #onAsk: Parts['onAsk']

  constructor({ host, find, waiting, debts, onAsk }: Parts) {
    this.#host = host
    this.#find = find
    this.#waiting = waiting
    this.#debts = debts
    this.#onAsk = onAsk
    this.#table = new CallTable((call) => waiting.drop(call))
  }

  /** Take a message of a content script. One that is no frame is refused where it names a call, and dropped where not. */
  fromPage(document: PageDocument, message: unknown): void {
    const frame = lateFrames().readCallFrame(message)
    if (frame === null) this.#refuseMalformed(document, message)
    else if (frame.type === 'ask') this.#ask(document, frame)
    else this.#forward(document, frame)
  }

  /** Take a frame of the host; one of a call that is over is dropped. */
  fromHost(frame: FrameToBackground): void {
    if (!('id' in frame) || frame.type === 'reply' || frame.type === 'refusal') return
    const call = this.#table.fromHost(frame.id)
    if (call === undefined) return
    if (frame.type === 'credit') call.window += frame.bytes
    if (frame.type === 'head') return this.#head(call, frame)
    if (frame.type === 'end' || frame.type === 'cut' || frame.type === 'problem') this.#table.remove(call)
    this.#find(call.document)?.send({ ...frame, id: call.pageId })
  }

  /**
   * The owner ends sessions, or pauses everything: their calls are over for their pages now, and what the host has sent for them already is
   * dropped. The host is not told here, since it gets the order itself.
   *
   * @param code what their pages learn of it.
   * @returns to be called when the host has answered the order: ends with it what it may not have ended.
   */
  cutFirst(sessions: EndingSessions, code: 'session-ended' | 'paused' = 'session-ended'): () => void {
    const cut = this.#table.removeWhere((call) => this.#isEnding(call, sessions))
    for (const call of cut) this.#end(call, code)
    if (sessions.id !== undefined) this.#ending.add(sessions.id)
    return () => {
      if (sessions.id !== undefined) this.#ending.delete(sessions.id)
      for (const { hostId } of cut) this.#host.send({ type: 'cancel', id: hostId })
    }
  }

  /** The host sent nonsense for a call: it is over for both sides. */
  spoil(hostId: number): void {
    const call = this.#table.fromHost(hostId)
    if (call === undefined) return
    this.#host.send({ type: 'cancel', id: hostId })
    this.#end(call, 'internal')
  }

  /** The document is gone, and with it whoever waits for its calls. @param all also those that outlive it. */
  abandon({ number }: PageDocument, all: boolean): void {
    const calls = this.#table.removeWhere((call) => call.document === number && (all || !call.isKept))
    for (const { hostId } of calls) this.#host.send({ type: 'cancel', id: hostId })
  }

  /** Calls of a document that are not over. */
  countOf(document: PageDocument): number {
    return this.#table.countOf(document.number)
  }

  /** End all calls of a document that is still there. */
  cutAll(document: PageDocument, code: ProblemCode): void {
    for (const call of this.#table.removeAll(document.number)) {
      this.#host.send({ type: 'cancel', id: call.hostId })
      this.#end(call, code)
    }
  }

  /** No host any more: everything it was to answer is answered here. What waits for the owner waits for the next host. */
  hostLost(): void {
    const comesBack = this.#host.state.host === 'connecting'
    const lost = this.#table.removeWhere((call) => !comesBack || !this.#waiting.has(call))
    for (const call of lost) this.#end(call, 'host-unavailable')
  }

  /** The vault was opened, or a list changed: what has waited for that goes on. */
  reconsider(): void {
    if (this.#host.state.vault !== 'unlocked') return
    for (const call of this.#waiting.calls()) {
      const paused = this.#find(call.document)?.paused ?? null
      if (paused !== null && belowBase(call.url, paused) === null) this.#goOn(call)
    }
  }

  /** The owner will not go on with what waits under a notice: its calls are refused. */
  refuseWaiting(notice: number): void {
    for (const call of this.#waiting.refuse(notice)) this.#end(call, 'session-ended')
  }

  #isEnding({ document, session }: CarriedCall, { id, origin, all }: EndingSessions): boolean {
    if (all === true || (id !== undefined && session === id)) return true
    const witnessed = this.#find(document)?.witnessed
    return origin !== undefined && (witnessed?.origin === origin || witnessed?.topOrigin === origin)
  }

  // SECURITY: the session goes no further; a page is not to know one call's from another's.
  #head(call: CarriedCall, { session, ...head }: NativeHead): void {
    if (this.#ending.has(session)) {
      this.#host.send({ type: 'cancel', id: call.hostId })
      return this.#end(call, 'session-ended')
    }
    call.hasHead = true
    call.session = session
    this.#find(call.document)?.send({ ...head, id: call.pageId })
  }

  #ask(document: PageDocument, ask: AskFrame): void {
    if (document.witnessed === null) return this.#problem(document, ask.id, 'denied')
    if (this.#table.countOf(document.number) >= MAX_CALLS_PER_DOCUMENT) {
      return this.#problem(document, ask.id, 'rate-limited')
    }
    const call = this.#table.add(document.number, ask.id, ask.url)
    // The answer to a second call of the same id would be taken for that of the first.
    if (call === null) return
    const { keepalive, ...rest } = ask
    call.isKept = keepalive === true
    this.#pass(call, { ...rest, id: call.hostId, document: document.number })
    const isReady = this.#host.state.host === 'connected' && this.#debts.isRead && document.isListed
    if (isReady) this.#begin(call)
    else void this.#prepareFor(call, document)
  }

  /** A script that opens a port for its call asks before anybody could say whether that is to wait for the owner. */
  async #prepareFor(call: CarriedCall, document: PageDocument): Promise<void> {
    const connected = await this.#host.open()
    if (connected) await Promise.all([this.#debts.ready(), document.listed])
    if (this.#table.fromHost(call.hostId) !== call) return
    if (connected) this.#begin(call)
    else this.#end(call, 'host-unavailable')
  }

  /** To the host, or to where it waits for the owner. */
  #begin(call: CarriedCall): void {
    const document = this.#find(call.document)
    if (this.#isRevoked(call)) return this.#end(call, 'session-ended')
    const base = document === undefined ? null : this.#waitsFor(document, call.url)
    const { witnessed = null } = document ?? {}
    const goOn = () => this.#goOn(call)
    if (base === null || witnessed === null || !this.#waiting.hold(call, witnessed, base, goOn)) goOn()
  }

  /**
   * The base URL whose calls wait now, where this is one of them. While the vault is locked nobody knows what ran out: all
   * that was caught with the last list waits; what had been revoked before is not in it.
   */
  #waitsFor({ baseUrls, paused }: PageDocument, url: string): string | null {
    const { vault } = this.#host.state
    if (vault !== 'locked' && vault !== 'unlocked') return null
    return belowBase(url, (vault === 'locked' ? baseUrls : paused) ?? [])
  }

  #goOn(call: CarriedCall): void {
    this.#waiting.drop(call)
    if (this.#isRevoked(call)) return this.#end(call, 'session-ended')
    const queue = call.queue ?? []
    call.queue = null
    for (const frame of queue) this.#pass(call, frame)
    const document = this.#find(call.document)
    const [ask] = queue
    if (document !== undefined && ask?.type === 'ask') this.#onAsk.tell({ document, ask })
  }

  // SECURITY: a revocation that is owed binds now. The host hears of it in its own time, which may be after this call. Of a
  // document that nobody knows any more nobody can say whether it is bound.
  #isRevoked(call: CarriedCall): boolean {
    const witnessed = this.#find(call.document)?.witnessed ?? null
    return witnessed === null || this.#debts.binds(witnessed)
  }

  #forward(document: PageDocument, frame: Frame): void {
    const call = this.#table.fromPage(document.number, frame.id)
    if (call === undefined) return
    if (frame.type === 'body') {
      call.window -= Math.floor((frame.base64.length / 4) * 3) - 2
      // SECURITY: a page that sends without credit would fill the host's memory, or ours.
      if (call.window < 0) return this.#overrun(call)
    }
    this.#pass(call, { ...frame, id: call.hostId })
    if (frame.type === 'cancel') this.#table.remove(call)
  }

  #overrun(call: CarriedCall): void {
    this.#pass(call, { type: 'cancel', id: call.hostId })
    this.#end(call, 'malformed')
  }

  #pass(call: CarriedCall, frame: FrameToHost): void {
    if (call.queue !== null) call.queue.push(frame)
    else if (!this.#host.send(frame)) this.#end(call, 'host-unavailable')
  }

  #refuseMalformed(document: PageDocument, message: unknown): void {
    const { type, id } = (message ?? {}) as { type?: unknown; id?: unknown }
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return
    const call = this.#table.fromPage(document.number, id)
    if (call !== undefined) this.#overrun(call)
    else if (type === 'ask') this.#problem(document, id, 'malformed')
  }

  #problem(document: PageDocument, id: number, code: ProblemCode): void {
    document.send({ type: 'problem', id, code })
  }

  #end(call: CarriedCall, code: ProblemCode): void {
    this.#table.remove(call)
    const frame: CallFrameToPage = { type: call.hasHead ? 'cut' : 'problem', id: call.pageId, code }
    this.#find(call.document)?.send(frame)
  }
}
