import { clock, fire, getHeader, NativeEvent, NativeProgressEvent } from '../primordials.ts'

/** `progress` and `readystatechange` come at most this often while a body streams (XMLHttpRequest standard), in milliseconds. */
const PROGRESS_MS = 50

/** Dispatch a plain event. */
export const tell = (target: EventTarget, type: string): void => void fire(target, new NativeEvent(type))

/** Dispatch a progress event; `total` 0: the length is not known. */
export function tellProgress(target: EventTarget, type: string, loaded = 0, total = 0): void {
  fire(target, new NativeProgressEvent(type, { lengthComputable: total > 0, loaded, total }))
}

/** Length of a body by its headers; 0 where they do not say, or say it of other bytes than the page gets. */
export const lengthIn = (headers: Headers): number =>
  getHeader(headers, 'content-encoding') === null ? Number(getHeader(headers, 'content-length')) || 0 : 0

/** Decides which arrivals of bytes are told. */
export interface ProgressPace {
  /** Bytes came: whether to tell now. */
  isDue(): boolean
  /** Whether bytes came that were not told. */
  isOwed(): boolean
}

/** A pace whose first arrival is told at once. */
export function paceFrom(): ProgressPace {
  let last = -PROGRESS_MS
  let isOwed = false
  return {
    isDue() {
      const now = clock()
      isOwed = now - last < PROGRESS_MS
      if (!isOwed) last = now
      return !isOwed
    },
    isOwed: () => isOwed,
  }
}
