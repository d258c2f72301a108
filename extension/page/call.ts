import { problemReply } from '../../shared/model/problem.ts'
import type { AskFrame, CallFrameToPage } from '../../shared/protocol/call-frames.ts'
import { MAX_CALLS_PER_DOCUMENT, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { CallListener } from './call-listener.ts'
import { bare, fromBase64, utf8 } from './primordials.ts'
import type { RequestBody } from './request-body.ts'
import { Upload } from './upload.ts'
import { closeCall, type FrameReceiver, isExtensionAlive, openCall, openCalls, send } from './wire.ts'

/** What is asked for, without the wire's own fields. */
export type Ask = Omit<AskFrame, 'type' | 'id'>

type ProblemFrame = Extract<CallFrameToPage, { type: 'problem' }>

/** Credit goes back in portions of this many bytes: a frame for every chunk would double the traffic. */
const CREDIT_PORTION = WINDOW_BYTES / 4

const queue: Record<number, () => void> = bare()
let first = 0
let last = 0

/** Calls above {@link MAX_CALLS_PER_DOCUMENT} wait for their turn, as they do in the browser's own pool. */
function enterQueue(start: () => void): void {
  if (openCalls() < MAX_CALLS_PER_DOCUMENT) start()
  else {
    queue[last] = start
    last += 1
  }
}

function leaveQueue(): void {
  const next = queue[first]
  if (next === undefined || openCalls() >= MAX_CALLS_PER_DOCUMENT) return
  delete queue[first]
  first += 1
  next()
}

/**
 * A call through the extension. It never reaches the network from here: without an extension it is answered with the
 * problem `host-unavailable`.
 */
export class Call implements FrameReceiver {
  readonly #ask: Ask
  readonly #listener: CallListener
  readonly #upload: Upload | null
  #id = 0
  #headed = false
  #over = false
  #uncredited = 0

  constructor(ask: Ask, body: RequestBody | null, listener: CallListener) {
    this.#ask = ask
    this.#listener = listener
    this.#upload = body && new Upload(body, listener)
  }

  /** Send it. The listener may hear of it before this returns. */
  start(): void {
    enterQueue(() => {
      if (this.#over) return leaveQueue()
      this.#id = openCall(this)
      if (!isExtensionAlive()) return this.lost()
      send({ type: 'ask', id: this.#id, ...this.#ask })
      if (this.#upload === null) this.#listener.uploaded?.()
      else this.#upload.run(this.#id, (reason) => this.#cut(reason))
    })
  }

  /** Allow the other side so many further bytes. */
  credit(bytes: number): void {
    this.#uncredited += bytes
    if (this.#over || this.#uncredited < CREDIT_PORTION) return
    send({ type: 'credit', id: this.#id, bytes: this.#uncredited })
    this.#uncredited = 0
  }

  /** End it. The listener hears nothing more. Does nothing once it is over. */
  cancel(): void {
    if (this.#over) return
    if (this.#id > 0) send({ type: 'cancel', id: this.#id })
    this.#finish()
  }

  frame(frame: CallFrameToPage): void {
    if (!this.#over) this.#guarded(() => this.#take(frame))
  }

  lost(): void {
    if (this.#over) return
    this.#guarded(() => {
      if (!this.#headed) return this.#problem({ type: 'problem', id: this.#id, code: 'host-unavailable' })
      this.#finish()
      this.#listener.cut()
    })
  }

  #take(frame: CallFrameToPage): void {
    switch (frame.type) {
      case 'head':
        this.#headed = true
        return this.#listener.head(frame)
      case 'chunk':
        return this.#listener.chunk(
          frame.text === undefined ? fromBase64(frame.base64 as string) : utf8(frame.text),
        )
      case 'credit':
        return this.#upload?.allow(frame.bytes)
      case 'problem':
        return this.#problem(frame)
      case 'end':
        this.#finish()
        return this.#listener.end()
      case 'cut':
        this.#finish()
        return this.#listener.cut()
    }
  }

  #problem({ code, instance, detail }: ProblemFrame): void {
    this.#finish()
    const reply = problemReply(code, instance, detail)
    this.#listener.head({ ...reply, statusText: '', url: this.#ask.url, redirected: false })
    this.#listener.chunk(utf8(reply.body))
    this.#listener.end()
  }

  #guarded(run: () => void): void {
    try {
      run()
    } catch {
      // SECURITY: whatever goes wrong here ends this call; nothing is sent another way.
      this.#cut()
    }
  }

  #cut(reason?: unknown): void {
    this.cancel()
    this.#listener.cut(reason)
  }

  #finish(): void {
    this.#over = true
    closeCall(this.#id)
    this.#upload?.stop()
    leaveQueue()
  }
}
