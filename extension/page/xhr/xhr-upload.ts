import { hearListeners } from '../heard-listeners.ts'
import { isGecko, NativeWeakMap, startsWith, weakGet, weakSet } from '../primordials.ts'
import { LOAD_END, PROGRESS, paceFrom, tellProgress } from './xhr-events.ts'

/** The events of an instance's `xhr.upload`, over all the requests it sends. */
export interface XhrUpload {
  /** `open` was called. */
  open(): void
  /** A body of so many bytes is to go out; null: none is. Tells nothing yet. @param isQuiet whether who listens too late hears nothing. */
  expect(total: number | null, isQuiet: (() => boolean) | undefined): void
  /** It begins to go out. Does nothing where none does, or where that was told already. */
  start(): void
  sent(bytes: number): void
  /** All of the body is out, or the response is here and the rest does not matter. */
  end(): void
  fail(type: string): void
}

const uploads: WeakMap<object, XhrUpload> = new NativeWeakMap()

/** Undefined before the page first asked an instance for its `upload`: Chromium tells nothing of a body that nobody could listen to. */
export const uploadOf = (xhr: object): XhrUpload | undefined => weakGet(uploads, xhr)

/** The page asked an instance for its `upload`, which is `target`. */
export function noteUpload(xhr: object, target: EventTarget): void {
  if (!uploadOf(xhr)) weakSet(uploads, xhr, uploadTo(target))
}

function uploadTo(target: EventTarget): XhrUpload {
  /** Not yet told to be out: what a failure is a failure of. Chromium believes it from `open` on, whether a body comes or not. */
  let isOwed = !isGecko
  let isExpected = false
  let isRunning = false
  let sent = 0
  let told = 0
  let total = 0
  let isHeard = false
  let isQuiet: (() => boolean) | undefined
  hearListeners(target, () => {
    isHeard = true
  })
  /** Nobody listens who would have to for anything to be told (XMLHttpRequest standard, "upload listener flag"). */
  const isUnheard = () => {
    for (const key in target) isHeard ||= startsWith(key, 'on') && target[key as keyof EventTarget] !== null
    return !isHeard && isQuiet?.()
  }
  const tell = (type: string, loaded = sent) => tellProgress(target, type, loaded, total)
  const tellSent = () => {
    if (!isRunning || told === sent) return
    told = sent
    tell(PROGRESS)
  }
  const pace = paceFrom(tellSent)
  return {
    open() {
      isOwed = !isGecko
    },
    expect(bytes, quiet) {
      isQuiet = quiet
      // Firefox looks who listens before `loadstart`, Chromium after it.
      isExpected = bytes !== null && !(isGecko && isUnheard())
      isOwed = isExpected || !isGecko
      isRunning = false
      sent = told = 0
      total = bytes ?? 0
    },
    start() {
      if (!isExpected) return
      isExpected = false
      isOwed = isRunning = isGecko || !isUnheard()
      if (isRunning) tell('loadstart')
    },
    sent(bytes) {
      sent += bytes
      pace.came()
    },
    end() {
      pace.end()
      if (!isRunning) return
      isOwed = isRunning = false
      const all = total
      tellProgress(target, 'load', sent, all)
      // A handler that sends again has its own sizes.
      tellProgress(target, LOAD_END, all, all)
    },
    fail(type) {
      if (!isOwed) return
      isOwed = isExpected = isRunning = false
      // Chromium says how much was out by the last progress event, others what the standard says: nothing.
      if (isGecko || told === 0) total = told = 0
      tell(type, told)
      tell(LOAD_END, told)
    },
  }
}
