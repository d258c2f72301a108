import { askOf } from '../ask.ts'
import { Call } from '../call.ts'
import type { CallListener, Head } from '../call-listener.ts'
import { clock, isGecko, later, never, sizeOf, xhrTimeout } from '../primordials.ts'
import { takeBody } from '../request-body.ts'
import { headersFrom } from '../response.ts'
import { XhrBody } from './xhr-body.ts'
import { lengthIn, ProgressPace, tell, tellProgress } from './xhr-events.ts'
import type { XhrRequest } from './xhr-request.ts'
import { XhrUpload } from './xhr-upload.ts'

type Failure = 'error' | 'abort' | 'timeout'

/** What a caught XMLHttpRequest received. */
export interface XhrReceived {
  readonly head: Head
  readonly headers: Headers
  readonly body: XhrBody
}

/**
 * What a caught XMLHttpRequest shows from `send` to the next `open`. Its events are dispatched on the page's own
 * instance, in the order the XMLHttpRequest standard gives. Handlers may abort or reopen at any of them: after each
 * event a call looks whether it is over.
 */
export class XhrCall implements CallListener {
  readyState = 1
  /** Null before the response's head, and after a failure. */
  received: XhrReceived | null = null
  readonly #xhr: XMLHttpRequest
  readonly #override: () => string | null
  readonly #upload: XhrUpload
  readonly #pace = new ProgressPace()
  #call: Call | null = null
  #startedAt = 0
  #timer: number | undefined
  #over = false
  #replaced = false

  /** @param override what `overrideMimeType` was last given. */
  constructor(xhr: XMLHttpRequest, override: () => string | null) {
    this.#xhr = xhr
    this.#override = override
    this.#upload = new XhrUpload(xhr)
  }

  /** Send. `given` is the body the page passed. */
  begin(build: () => XhrRequest, given: unknown): void {
    this.#startedAt = clock()
    this.setTimer()
    try {
      const { request, total } = build()
      tellProgress(this.#xhr, 'loadstart', 0, 0)
      if (!this.#over && total !== null && total > 0) this.#upload.start(total)
      if (!this.#over) void this.#send(request, given)
    } catch {
      this.fail('error')
    }
  }

  /** `timeout` was set, before or while sending. */
  setTimer(): void {
    never(this.#timer)
    const timeout = xhrTimeout(this.#xhr)
    if (this.#over || this.#startedAt === 0 || timeout === 0) return
    this.#timer = later(() => this.fail('timeout'), this.#startedAt + timeout - clock())
  }

  /** `open` was called again: end without a word. */
  drop(): void {
    this.#replaced = true
    this.#stop()
  }

  /** End with the events of a failure; `abort` after the end only resets the state. */
  fail(failure: Failure): void {
    const running = !this.#over
    this.#stop()
    this.received = null
    if (running) this.#tellFailure(failure)
    if (failure === 'abort' && this.readyState === 4) this.readyState = 0
  }

  head(head: Head): void {
    this.#upload.end()
    if (this.#over) return
    const headers = headersFrom(head.headers)
    this.received = { head, headers, body: new XhrBody(headers, this.#override()) }
    this.#enter(2)
  }

  chunk(bytes: Uint8Array<ArrayBuffer>): void {
    this.#call?.credit(sizeOf(bytes))
    if (this.#over || this.received === null) return
    this.received.body.push(bytes)
    if (this.#pace.isDue()) this.#tellLoading()
  }

  end(): void {
    if (this.#over || this.received === null) return
    if (this.#pace.isOwed()) this.#tellLoading()
    if (this.#over) return
    const { size } = this.received.body
    if (isGecko && size === 0) tellProgress(this.#xhr, 'progress', 0, 0)
    this.#stop()
    this.#enter(4)
    this.#tellEnd('load', size)
    this.#tellEnd('loadend', size)
  }

  cut(): void {
    this.fail('error')
  }

  sent(bytes: number): void {
    this.#upload.sent(bytes)
  }

  uploaded(): void {
    this.#upload.end()
  }

  async #send(request: Request, given: unknown): Promise<void> {
    try {
      const body = await takeBody(request, given)
      if (this.#over) return body?.cancel()
      if (body !== null) this.#upload.start(body.length ?? 0)
      if (this.#over) return body?.cancel()
      this.#call = new Call(askOf(request, body), body, this)
      this.#call.start()
    } catch {
      // SECURITY: a caught call that cannot be sent through the extension is a network error, never a native one.
      if (!this.#over) this.fail('error')
    }
  }

  #enter(state: number): void {
    this.readyState = state
    tell(this.#xhr, 'readystatechange')
  }

  #tellLoading(): void {
    this.#enter(3)
    const { body, headers } = this.received ?? {}
    if (!this.#over && body && headers) tellProgress(this.#xhr, 'progress', body.size, lengthIn(headers))
  }

  /** An `abort` at the end changes what is told of the size, and the browsers differ in it. */
  #tellEnd(type: string, size: number): void {
    if (this.#replaced) return
    if (this.received) tellProgress(this.#xhr, type, size, lengthIn(this.received.headers))
    else if (type === 'loadend') tellProgress(this.#xhr, type, isGecko ? size : 0, 0)
  }

  #stop(): void {
    this.#over = true
    never(this.#timer)
    this.#call?.cancel()
  }

  #tellFailure(failure: Failure): void {
    this.#enter(4)
    this.#upload.fail(failure)
    if (!this.#replaced) tellProgress(this.#xhr, failure, 0, 0)
    if (!this.#replaced) tellProgress(this.#xhr, 'loadend', 0, 0)
  }
}
