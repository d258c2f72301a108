import { xhrUpload } from '../primordials.ts'
import { paceFrom, tellProgress } from './xhr-events.ts'

/** The events of `xhr.upload` while one request's body goes out. */
export interface XhrUpload {
  /** A body of so many bytes goes out. Does nothing where that was told already. */
  start(total: number): void
  sent(bytes: number): void
  /** All of the body is out, or the response is here and the rest does not matter. */
  end(): void
  fail(type: string): void
}

/** Tells the upload target of an instance. */
export function uploadOf(xhr: XMLHttpRequest): XhrUpload {
  const target = xhrUpload(xhr)
  const pace = paceFrom()
  let isRunning = false
  let sent = 0
  let total = 0
  const tell = (type: string) => tellProgress(target, type, sent, total)
  return {
    start(bytes) {
      if (isRunning) return
      isRunning = true
      total = bytes
      tell('loadstart')
    },
    sent(bytes) {
      sent += bytes
      if (isRunning && pace.isDue()) tell('progress')
    },
    end() {
      if (isRunning && pace.isOwed()) tell('progress')
      if (!isRunning) return
      isRunning = false
      tell('load')
      tell('loadend')
    },
    fail(type) {
      if (!isRunning) return
      isRunning = false
      tellProgress(target, type)
      tellProgress(target, 'loadend')
    },
  }
}
