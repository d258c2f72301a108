import { askOf } from '../ask.ts'
import { type Call, callFor } from '../call.ts'
import type { CallListener, Head } from '../call-listener.ts'
import { permits } from '../csp.ts'
import { clock, isGecko, later, never, requestUrl, sizeOf, xhrTimeout } from '../primordials.ts'
import { takeBody } from '../request-body.ts'
import { headersFrom } from '../response.ts'
import { bodyWith, type XhrBody } from './xhr-body.ts'
import { lengthIn, paceFrom, tell, tellProgress } from './xhr-events.ts'
import type { XhrRequest } from './xhr-request.ts'
import { uploadOf } from './xhr-upload.ts'

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
export interface XhrCall {
  readyState: number
  /** Null before the response's head, and after a failure. */
  received: XhrReceived | null
  /** Send. `given` is the body the page passed. */
  begin(build: () => XhrRequest, given: unknown): void
  /** `timeout` was set, before or while sending. */
  setTimer(): void
  /** `open` was called again: end without a word. */
  drop(): void
  /** End with the events of a failure; `abort` after the end only resets the state. */
  fail(failure: 'error' | 'abort' | 'timeout'): void
}

/** A call that was not begun. @param override what `overrideMimeType` was last given. */
export function xhrCallFor(xhr: XMLHttpRequest, override: () => string | null): XhrCall {
  const upload = uploadOf(xhr)
  const pace = paceFrom()
  let call: Call | null = null
  let startedAt = 0
  let timer: number | undefined
  let isOver = false
  let isReplaced = false

  const enter = (state: number) => {
    shown.readyState = state
    tell(xhr, 'readystatechange')
  }
  const stop = () => {
    isOver = true
    never(timer)
    call?.cancel()
  }
  const tellLoading = () => {
    enter(3)
    const { received } = shown
    if (!isOver && received) tellProgress(xhr, 'progress', received.body.size(), lengthIn(received.headers))
  }
  /** An `abort` at the end changes what is told of the size, and the browsers differ in it. */
  const tellEnd = (type: string, size: number) => {
    if (isReplaced) return
    if (shown.received) tellProgress(xhr, type, size, lengthIn(shown.received.headers))
    else if (type === 'loadend') tellProgress(xhr, type, isGecko ? size : 0)
  }
  const listener: CallListener = {
    head(head) {
      upload.end()
      if (isOver) return
      const headers = headersFrom(head.headers)
      shown.received = { head, headers, body: bodyWith(headers, override()) }
      enter(2)
    },
    chunk(bytes) {
      call?.credit(sizeOf(bytes))
      if (isOver || shown.received === null) return
      shown.received.body.push(bytes)
      if (pace.isDue()) tellLoading()
    },
    end() {
      if (!isOver && pace.isOwed()) tellLoading()
      if (isOver || shown.received === null) return
      const size = shown.received.body.size()
      if (isGecko && size === 0) tellProgress(xhr, 'progress')
      stop()
      enter(4)
      tellEnd('load', size)
      tellEnd('loadend', size)
    },
    cut: () => shown.fail('error'),
    sent: upload.sent,
    uploaded: upload.end,
  }
  const send = async (request: Request, given: unknown) => {
    try {
      const body = await takeBody(request, given)
      if (!isOver && !(await permits(requestUrl(request)))) return shown.fail('error')
      if (!isOver && body) upload.start(body.length ?? 0)
      if (isOver) return body?.cancel()
      call = callFor(askOf(request, body), body, listener)
    } catch {
      // SECURITY: a caught call that cannot be sent through the extension is a network error, never a native one.
      if (!isOver) shown.fail('error')
    }
  }
  const shown: XhrCall = {
    readyState: 1,
    received: null,
    begin(build, given) {
      startedAt = clock()
      shown.setTimer()
      try {
        const { request, total } = build()
        tellProgress(xhr, 'loadstart')
        if (!isOver && total) upload.start(total)
        if (!isOver) void send(request, given)
      } catch {
        shown.fail('error')
      }
    },
    setTimer() {
      never(timer)
      const timeout = xhrTimeout(xhr)
      if (isOver || startedAt === 0 || timeout === 0) return
      timer = later(() => shown.fail('timeout'), startedAt + timeout - clock())
    },
    drop() {
      isReplaced = true
      stop()
    },
    fail(failure) {
      const wasRunning = !isOver
      stop()
      shown.received = null
      if (wasRunning) {
        enter(4)
        upload.fail(failure)
        if (!isReplaced) tellProgress(xhr, failure)
        if (!isReplaced) tellProgress(xhr, 'loadend')
      }
      if (failure === 'abort' && shown.readyState === 4) shown.readyState = 0
    },
  }
  return shown
}
