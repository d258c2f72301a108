import { clock, fire, getHeader, later, NativeEvent, NativeProgressEvent } from '../primordials.ts'

/** `progress` and `readystatechange` come at most this often while a body streams (XMLHttpRequest standard), in milliseconds. */
const PROGRESS_MS = 50

/** Names of progress events that are told in several places. */
export const PROGRESS = 'progress'
export const LOAD_END = 'loadend'

/** Dispatch a plain event. */
export const tell = (target: EventTarget, type: string): void => void fire(target, new NativeEvent(type))

/** Dispatch a progress event; `total` 0: the length is not known. */
export function tellProgress(target: EventTarget, type: string, loaded = 0, total = 0): void {
  fire(target, new NativeProgressEvent(type, { lengthComputable: total > 0, loaded, total }))
}

/** Length of a body by its headers; 0 where they do not say, or say it of other bytes than the page gets. */
export const lengthIn = (headers: Headers): number =>
  getHeader(headers, 'content-encoding') ? 0 : Number(getHeader(headers, 'content-length')) || 0

/** Tells of arrivals of bytes, the last of a burst too: browsers tell of it once the time is over, also where no more come. */
export interface ProgressPace {
  /** Bytes came: they are told now or soon. */
  came(): void
  /** No more will come: tell now what was not told yet. */
  end(): void
}

/** A pace whose first arrival is told at once. @param say is called once more after the end where that came in between. */
export function paceFrom(say: () => void): ProgressPace {
  let last = 0
  let timer = 0
  const now = () => {
    timer = 0
    last = clock()
    say()
  }
  return {
    came() {
      const wait = last + PROGRESS_MS - clock()
      if (timer) return
      if (wait > 0) timer = later(now, wait)
      else now()
    },
    end() {
      if (timer) now()
    },
  }
}
