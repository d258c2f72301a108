import type { ProblemCode } from '../../shared/model/problem.ts'
import type { CallFrameToContent, UnpackedFrame } from '../../shared/protocol/page-frames.ts'

/** Calls above MAX_CALLS_PER_DOCUMENT wait here for their turn, as they do in the browser's own pool: in the page's own process. */
export class WaitingCalls {
  readonly #calls = new Map<number, CallFrameToContent[]>()

  /** Keep a frame where its call waits, or must begin to. False: it goes on now. @param isFull more may not be open. */
  keep(frame: CallFrameToContent, isFull: boolean): boolean {
    const waiting = this.#calls.get(frame.id)
    if (waiting === undefined && (frame.type !== 'ask' || !isFull)) return false
    if (frame.type === 'cancel') this.#calls.delete(frame.id)
    else if (waiting === undefined) this.#calls.set(frame.id, [frame])
    else if (frame.type !== 'ask') waiting.push(frame)
    return true
  }

  /** Frames of the call that waits longest, which then waits no more; null where none does. */
  next(): CallFrameToContent[] | null {
    for (const [id, frames] of this.#calls) {
      this.#calls.delete(id)
      return frames
    }
    return null
  }

  /** End all: the frames that tell the page. */
  failAll(code: ProblemCode): UnpackedFrame[] {
    const ids = [...this.#calls.keys()]
    this.#calls.clear()
    return ids.map((id) => ({ type: 'problem', id, code }))
  }

  /** Forget a call. True: it waited. */
  drop(id: number): boolean {
    return this.#calls.delete(id)
  }
}
