import type { ProblemCode } from '../../shared/model/problem.ts'
import type { CallFrameToHost, CallFrameToPage } from '../../shared/protocol/call-frames.ts'
import { MAX_CALLS_PER_DOCUMENT } from '../../shared/protocol/limits.ts'

/** Which calls of this document are open, and how far their answers are. */
export class OpenCalls {
  readonly #headed = new Map<number, boolean>()

  /** Note a frame on its way up. False: it belongs to no open call and is dropped. */
  admit(frame: CallFrameToHost): boolean {
    if (frame.type !== 'ask') return this.#headed.has(frame.id)
    if (this.#headed.has(frame.id)) return false
    this.#headed.set(frame.id, false)
    return true
  }

  /** Note a frame on its way down. False: the page does not wait for it. */
  deliver(frame: CallFrameToPage): boolean {
    if (!this.#headed.has(frame.id)) return false
    if (frame.type === 'head') this.#headed.set(frame.id, true)
    if (frame.type === 'end' || frame.type === 'cut' || frame.type === 'problem')
      this.#headed.delete(frame.id)
    return true
  }

  /** More are open than a page may have. */
  isFull(): boolean {
    return this.#headed.size >= MAX_CALLS_PER_DOCUMENT
  }

  /** Forget a call. */
  close(id: number): void {
    this.#headed.delete(id)
  }

  /** End one call: the frame that tells the page, or null where it is not open. */
  fail(id: number, code: ProblemCode): CallFrameToPage | null {
    const headed = this.#headed.get(id)
    this.#headed.delete(id)
    if (headed === undefined) return null
    return headed ? { type: 'cut', id, code } : { type: 'problem', id, code }
  }

  /** End all calls: the frames that tell the page. */
  failAll(code: ProblemCode): CallFrameToPage[] {
    return [...this.#headed.keys()].map((id) => this.fail(id, code)).filter((frame) => frame !== null)
  }
}
