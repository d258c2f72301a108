import type { AskFrame, CallFrameToHost } from '../../shared/protocol/call-frames.ts'
import {
  CHUNK_BYTES,
  CREDIT_BYTES,
  MAX_CALLS_PER_DOCUMENT,
  WINDOW_BYTES,
} from '../../shared/protocol/limits.ts'
import type { CallFrameToPageScript } from '../../shared/protocol/page-frames.ts'
import type { CallListener } from './call-listener.ts'
import { occupy } from './keepalive.ts'
import { fromBase64, NativePromise, sizeOf, toBase64, utf8 } from './primordials.ts'
import type { RequestBody } from './request-body.ts'
import { closeCall, isExtensionAlive, openCall, openCalls, problemOfLoss, send, sendNow } from './wire.ts'

/** What is asked for, without the wire's own fields. */
export type Ask = Omit<AskFrame, 'type' | 'id'>

/**
 * A call through the extension. It never reaches the network from here: without an extension it is answered with the
 * problem `host-unavailable`.
 */
export interface Call {
  /** Send it. The listener may hear of it before this returns. */
  start(): void
  /** Allow the other side so many further bytes. */
  credit(bytes: number): void
  /** End it. The listener hears nothing more. Does nothing once it is over. */
  cancel(): void
}

/** Calls above {@link MAX_CALLS_PER_DOCUMENT} wait here for their turn, as they do in the browser's own pool. */
const queue: (() => void)[] = []
let first = 0

/** Start a call now, or when others are over. */
export function enterQueue(begin: () => void): void {
  if (openCalls() < MAX_CALLS_PER_DOCUMENT) begin()
  else queue[queue.length] = begin
}

/** A call is over, or will not be: the next one's turn. */
export function leaveQueue(): void {
  if (first === queue.length || openCalls() >= MAX_CALLS_PER_DOCUMENT) return
  const next = queue[first] as () => void
  delete queue[first]
  first += 1
  next()
}

/** Prepare a call. @param body sent after the ask, one chunk at a time, as fast as the other side allows. */
export function callFor(ask: Ask, body: RequestBody | null, listener: CallListener): Call {
  let id = 0
  let isHeaded = false
  let isOver = false
  let uncredited = 0
  let allowance = WINDOW_BYTES
  let wake = (): void => {}
  let release = (): void => {}

  const finish = () => {
    isOver = true
    closeCall(id)
    release()
    wake()
    leaveQueue()
  }
  const cancel = () => {
    if (isOver) return
    if (id > 0) send({ type: 'cancel', id })
    finish()
  }
  const cut = (reason?: unknown) => {
    cancel()
    listener.cut(reason)
  }
  const take = (frame: CallFrameToPageScript) => {
    if (frame.type === 'head') {
      isHeaded = true
      listener.head({ ...frame, url: frame.url || ask.url })
    } else if (frame.type === 'chunk') {
      listener.chunk(frame.base64 === undefined ? utf8(frame.text as string) : fromBase64(frame.base64))
    } else if (frame.type === 'credit') {
      allowance += frame.bytes
      wake()
    } else {
      finish()
      listener[frame.type]()
    }
  }
  const lose = () => {
    const problem = problemOfLoss()
    if (isHeaded) take({ type: 'cut' } as CallFrameToPageScript)
    else for (let i = 0; i < problem.length; i++) take(problem[i] as CallFrameToPageScript)
  }
  const receive = (frame: CallFrameToPageScript | null) => {
    try {
      if (isOver) return
      if (frame === null) lose()
      else take(frame)
    } catch {
      // SECURITY: whatever goes wrong here ends this call; nothing is sent another way.
      cut()
    }
  }
  const upload = async (body: RequestBody) => {
    try {
      for (let bytes = await body.next(); bytes !== null; bytes = await body.next()) {
        const size = sizeOf(bytes)
        while (!isOver && allowance < size) {
          await new NativePromise<void>((resolve) => {
            wake = resolve
          })
        }
        if (isOver) return body.cancel()
        allowance -= size
        send({ type: 'body', id, base64: toBase64(bytes) })
        listener.sent?.(size)
      }
      if (isOver) return body.cancel()
      send({ type: 'body-end', id })
      listener.uploaded?.()
    } catch (reason) {
      // What the request's own body broke with.
      if (!isOver) cut(reason)
    }
  }
  /** Ask and body at once, for a document that may not have another turn. */
  const sendWhole = (size: number) => {
    const frames: CallFrameToHost[] = [{ type: 'ask', id, ...ask }]
    if (size > 0) frames[1] = { type: 'body', id, base64: toBase64(body?.bytes as Uint8Array) }
    if (body) frames[frames.length] = { type: 'body-end', id }
    sendNow(frames)
    if (size > 0) listener.sent?.(size)
    listener.uploaded?.()
  }
  const begin = () => {
    if (isOver) return leaveQueue()
    id = openCall(receive)
    if (!isExtensionAlive()) return receive(null)
    if (ask.keepalive) release = occupy(body?.length ?? 0)
    const size = body ? (body.bytes ? sizeOf(body.bytes) : CHUNK_BYTES + 1) : 0
    if (ask.keepalive && size <= CHUNK_BYTES) return sendWhole(size)
    send({ type: 'ask', id, ...ask })
    if (body === null) listener.uploaded?.()
    else void upload(body)
  }
  return {
    start: () => enterQueue(begin),
    credit(bytes) {
      uncredited += bytes
      if (isOver || uncredited < CREDIT_BYTES) return
      send({ type: 'credit', id, bytes: uncredited })
      uncredited = 0
    },
    cancel,
  }
}
