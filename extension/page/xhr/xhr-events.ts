import { clock, fire, getHeader, NativeEvent, NativeProgressEvent } from '../primordials.ts'

/** `progress` and `readystatechange` come at most this often while a body streams (XMLHttpRequest standard), in milliseconds. */
const PROGRESS_MS = 50

/** Dispatch a plain event. */
export const tell = (target: EventTarget, type: string): void => void fire(target, new NativeEvent(type))

/** Dispatch a progress event; `total` 0: the length is not known. */
export function tellProgress(target: EventTarget, type: string, loaded: number, total: number): void {
  fire(target, new NativeProgressEvent(type, { lengthComputable: total > 0, loaded, total }))
}

/** Length of a body by its headers; 0 where they do not say, or say it of other bytes than the page gets. */
export function lengthIn(headers: Headers): number {
  const length = getHeader(headers, 'content-encoding') === null ? getHeader(headers, 'content-length') : null
  return Number(length ?? 0) || 0
}

/** Decides which arrivals of bytes are told. */
export class ProgressPace {
  #last = -PROGRESS_MS
  #owed = false

  /** Bytes came: whether to tell now. */
  isDue(): boolean {
    const now = clock()
    this.#owed = now - this.#last < PROGRESS_MS
    if (!this.#owed) this.#last = now
    return !this.#owed
  }

  /** Whether bytes came that were not told. */
  isOwed(): boolean {
    return this.#owed
  }
}
