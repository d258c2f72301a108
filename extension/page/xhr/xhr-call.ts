import { askOf } from '../ask.ts'
import { attempt } from '../attempt.ts'
import { type Call, callFor } from '../call.ts'
import type { CallListener, Head } from '../call-listener.ts'
import { permits } from '../csp.ts'
import { clock, isGecko, later, never, requestUrl, sizeOf, xhrTimeout } from '../primordials.ts'
import { takeBody } from '../request-body.ts'
import { headersFrom } from '../response.ts'
import { whenStopped } from '../stop.ts'
import { bodyWith, type XhrBody } from './xhr-body.ts'
import { LOAD_END, lengthIn, PROGRESS, paceFrom, tell, tellProgress } from './xhr-events.ts'
import type { XhrRequest } from './xhr-request.ts'
import { uploadOf } from './xhr-upload.ts'

/** What a caught XMLHttpRequest received. */
export interface XhrReceived {
  readonly head: Head
  readonly fields: Headers
  readonly body: XhrBody
}

/**
 * What a caught XMLHttpRequest shows from `send` to the next `open`. Its events are dispatched on the page's own
 * instance, in the order the XMLHttpRequest standard gives. Handlers may abort or reopen at any of them: after each
 * event a call looks whether it is over.
 */
export interface XhrCall {
  /** What its instance shows for `readyState`. */
  phase: number
  /** Null before the response's head, and after a failure. */
  received: XhrReceived | null
  /**
   * Send. `given` is the body the page passed.
   *
   * @param hold what is waited for before anything leaves: false, and the call is somebody else's, or over.
   */
  begin(build: () => XhrRequest, given: unknown, hold?: () => Promise<boolean>): void
  /** `timeout` was set, before or while sending. */
  setTimer(): void
  /** `open` was called again: end without a word. */
  drop(): void
  /** End with the events of a failure; `abort` after the end only resets the state. @param isStopped by `window.stop()`: the state stays. */
  fail(failure: 'error' | 'abort' | 'timeout', isStopped?: boolean): void
}

/** A call that was not begun. @param override what `overrideMimeType` was last given. */
export function xhrCallFor(xhr: XMLHttpRequest, override: () => string | null): XhrCall {
  let call: Call | null = null
  let startedAt = 0
  let timer: number | undefined
  let isOver = false
  let isReplaced = false
  let isHeld = false
  let endStop: (() => void) | undefined

  const enter = (state: number) => {
    shown.phase = state
    tell(xhr, 'readystatechange')
  }
  const stop = () => {
    isOver = true
    never(timer)
    endStop?.()
    call?.giveUp()
  }
  const tellLoading = () => {
    if (isOver) return
    const isFirst = shown.phase === 2
    enter(3)
    const { received } = shown
    if (!isOver && received) tellProgress(xhr, PROGRESS, received.body.size(), lengthIn(received.fields))
    else if (isFirst && !isGecko) tellProgress(xhr, PROGRESS)
  }
  const pace = paceFrom(tellLoading)
  /** A handler that aborts or reopens at the end changes what is told from there on, and the browsers differ in it. */
  const tellEnd = (size: number, total: number) => {
    const isGone = () => isReplaced || !shown.received
    if (!isGecko && isGone()) return
    const left = isReplaced ? 0 : size
    tellProgress(xhr, 'load', left, total)
    const isTold = isGecko || !isGone()
    tellProgress(xhr, LOAD_END, isTold ? left : 0, isTold ? total : 0)
  }
  const tellStart = () => {
    isHeld = false
    tellProgress(xhr, 'loadstart')
    if (!isOver) uploadOf(xhr)?.start()
  }
  const listener: CallListener = {
    head(head) {
      if (isOver) return
      uploadOf(xhr)?.end()
      if (isOver) return
      const fields = headersFrom(head.headers)
      shown.received = { head, fields, body: bodyWith(fields, override) }
      enter(2)
    },
    came(bytes) {
      call?.more(sizeOf(bytes))
      if (isOver || !shown.received) return
      shown.received.body.push(bytes)
      pace.came()
    },
    end() {
      pace.end()
      if (isOver || !shown.received) return
      const { body, fields } = shown.received
      const [size, total] = [body.size(), lengthIn(fields)]
      if (isGecko && size === 0) tellProgress(xhr, PROGRESS)
      stop()
      enter(4)
      tellEnd(size, total)
    },
    cut: () => shown.fail('error'),
    sent(bytes) {
      if (!isOver) uploadOf(xhr)?.sent(bytes)
    },
    sentAll() {
      if (!isOver) uploadOf(xhr)?.end()
    },
  }
  const send = async (request: Request, given: unknown, hold?: () => Promise<boolean>) => {
    try {
      if (hold) {
        if (!(await hold())) return
        tellStart()
      }
      const body = await takeBody(request, given)
      if (!isOver && !(await permits(requestUrl(request)))) return shown.fail('error')
      if (isOver) return body?.giveUp()
      call = callFor(askOf(request, body), body, listener)
    } catch {
      // SECURITY: a caught call that cannot be sent through the extension is a network error, never a native one.
      if (!isOver) shown.fail('error')
    }
  }
  const shown: XhrCall = {
    phase: 1,
    received: null,
    begin(build, given, hold) {
      // Undefined where the platform's `Request` refuses what XMLHttpRequest took.
      const built = attempt(build)
      startedAt = clock()
      endStop = whenStopped(() => later(() => isOver || shown.fail('abort', !isGecko), 0))
      uploadOf(xhr)?.expect(built?.total ?? null, built?.isQuiet)
      shown.setTimer()
      // Of a call that is held nobody knows yet who will tell of its start.
      isHeld = hold !== undefined
      if (!isHeld) tellStart()
      // Where there is no request, looking for its body fails.
      if (!isOver) void send(built?.request as Request, given, hold)
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
    fail(failure, isStopped) {
      if (!isOver && isHeld) tellStart()
      const wasRunning = !isOver
      stop()
      shown.received = null
      if (wasRunning) {
        enter(4)
        // A handler that reopens changes nothing of what is told (XMLHttpRequest standard, "request error steps").
        uploadOf(xhr)?.fail(failure)
        tellProgress(xhr, failure)
        tellProgress(xhr, LOAD_END)
      }
      if (failure === 'abort' && !isStopped && shown.phase === 4) shown.phase = 0
    },
  }
  return shown
}
