import type { ProblemCode } from '../../shared/model/problem.ts'
import type { CallFrameToHost, CallFrameToPage } from '../../shared/protocol/call-frames.ts'
import { MAX_CALLS_PER_DOCUMENT, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { UnpackedFrame } from '../../shared/protocol/page-frames.ts'

interface OpenCall {
  /** Whether the page has the head of the response. */
  headed: boolean
  /** Body bytes the page may still send before there is credit. */
  window: number
}

/** Which calls of this document are open, and how far their answers and bodies are. */
export class OpenCalls {
  readonly #calls = new Map<number, OpenCall>()

  /** Note a frame on its way up. False: it belongs to no open call and is dropped. */
  admit(frame: CallFrameToHost): boolean {
    if (frame.type !== 'ask') return this.#calls.has(frame.id)
    if (this.#calls.has(frame.id)) return false
    this.#calls.set(frame.id, { headed: false, window: WINDOW_BYTES })
    return true
  }

  /** Note a piece of body. False: its call is open and has no credit for it. */
  affords(frame: Extract<CallFrameToHost, { type: 'body' }>): boolean {
    const call = this.#calls.get(frame.id)
    if (call === undefined) return true
    // As background/ counts: at least the bytes it holds, padding left out.
    call.window -= Math.floor((frame.base64.length / 4) * 3) - 2
    return call.window >= 0
  }

  /** Note a frame on its way down. False: the page does not wait for it. */
  deliver(frame: CallFrameToPage | UnpackedFrame): boolean {
    const call = this.#calls.get(frame.id)
    if (call === undefined) return false
    if (frame.type === 'head') call.headed = true
    if (frame.type === 'credit') call.window += frame.bytes
    if (frame.type === 'end' || frame.type === 'cut' || frame.type === 'problem') this.#calls.delete(frame.id)
    return true
  }

  /** Whether a call of this id is open. */
  has(id: number): boolean {
    return this.#calls.has(id)
  }

  /** More are open than a page may have. */
  isFull(): boolean {
    return this.#calls.size >= MAX_CALLS_PER_DOCUMENT
  }

  /** Forget a call. */
  close(id: number): void {
    this.#calls.delete(id)
  }

  /** End one call: the frame that tells the page, or null where it is not open. */
  fail(id: number, code: ProblemCode): UnpackedFrame | null {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (call === undefined) return null
    return call.headed ? { type: 'cut', id, code } : { type: 'problem', id, code }
  }

  /** End all calls: the frames that tell the page. */
  failAll(code: ProblemCode): UnpackedFrame[] {
    return [...this.#calls.keys()].map((id) => this.fail(id, code)).filter((frame) => frame !== null)
  }
}
