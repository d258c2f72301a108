import { CHUNK_BYTES, CREDIT_BYTES, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type {
  AskFrameToContent,
  CallFrameToContent,
  CallFrameToPageScript,
} from '../../shared/protocol/page-frames.ts'
import type { CallListener } from './call-listener.ts'
import { occupy } from './keepalive.ts'
import { fromBase64, later, NativePromise, sizeOf, toBase64, utf8 } from './primordials.ts'
import type { RequestBody } from './request-body.ts'
import { closeCall, isExtensionAlive, openCall, problemOfLoss, send, sendNow } from './wire.ts'

/** What is asked for, without the wire's own fields. */
export type Ask = Omit<AskFrameToContent, 'type' | 'id'>

/** A call that is under way, or over. */
export interface Call {
  /** Allow the other side so many further bytes. */
  more(bytes: number): void
  /** End it. The listener hears nothing more. Does nothing once it is over. */
  giveUp(): void
}

/**
 * Make a call through the extension. It never reaches the network from here: without an extension it is answered with the
 * problem `host-unavailable`. The listener hears of a response or an end only after this has returned.
 *
 * @param body sent after the ask, one chunk at a time, as fast as the other side allows.
 */
export function callFor(ask: Ask, body: RequestBody | null, listener: CallListener): Call {
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
  }
  const cancel = () => {
    if (isOver) return
    send({ type: 'cancel', id })
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
      listener.came(frame.base64 === undefined ? utf8(frame.text as string) : fromBase64(frame.base64))
    } else if (frame.type === 'credit') {
      allowance += frame.bytes
      wake()
    } else {
      finish()
      listener[frame.type]()
    }
  }
  const receive = (frame: CallFrameToPageScript | null) => {
    if (isOver) return
    try {
      if (frame) take(frame)
      else if (isHeaded) cut()
      else for (let i = 0; !isOver; i++) take(problemOfLoss()[i] as CallFrameToPageScript)
    } catch {
      // SECURITY: whatever goes wrong here ends this call; nothing is sent another way.
      cut()
    }
  }
  const upload = async () => {
    try {
      for (;;) {
        const bytes = body && (await body.next())
        const size = bytes ? sizeOf(bytes) : 0
        while (!isOver && allowance < size) {
          await new NativePromise<void>((resolve) => {
            wake = resolve
          })
        }
        if (isOver) return body?.giveUp()
        if (!bytes) break
        allowance -= size
        send({ type: 'body', id, base64: toBase64(bytes) })
        listener.sent?.(size)
      }
      if (body) send({ type: 'body-end', id })
      listener.sentAll?.()
    } catch (reason) {
      // What the request's own body broke with.
      if (!isOver) cut(reason)
    }
  }
  /** Ask and body at once, for a document that may not have another turn. */
  const sendWhole = (size: number) => {
    const frames: CallFrameToContent[] = [{ type: 'ask', id, ...ask }]
    if (size > 0) frames[1] = { type: 'body', id, base64: toBase64(body?.bytes as Uint8Array) }
    if (body) frames[frames.length] = { type: 'body-end', id }
    sendNow(frames)
    if (size > 0) listener.sent?.(size)
    listener.sentAll?.()
  }

  const id = openCall(receive)
  if (!isExtensionAlive()) later(() => receive(null), 0)
  else {
    if (ask.keepalive) release = occupy(body?.length ?? 0)
    const size = body ? (body.bytes ? sizeOf(body.bytes) : CHUNK_BYTES + 1) : 0
    if (ask.keepalive && size <= CHUNK_BYTES) sendWhole(size)
    else {
      send({ type: 'ask', id, ...ask })
      void upload()
    }
  }
  return {
    more(bytes) {
      uncredited += bytes
      if (isOver || uncredited < CREDIT_BYTES) return
      send({ type: 'credit', id, bytes: uncredited })
      uncredited = 0
    },
    giveUp: cancel,
  }
}
