import { CATCHLIST_WAIT_MS } from '../../shared/protocol/limits.ts'
import {
  bare,
  baseUrl,
  each,
  hrefOf,
  isPrerendering,
  later,
  matches,
  NativePromise,
  NativeUrl,
  originOf,
  pathOf,
  sliceText,
  startsWith,
} from './primordials.ts'

/** Base URLs that calls are caught below: origin and path, with a slash at the end. */
const bases: string[] = []
/** Their origins. */
const origins: Record<string, true> = bare()
let isWaiting = true
let waiting: ((answered: boolean) => void)[] = []

/** Origin and path of a URL, with a slash at the end whether it has one or not. */
function placeOf(url: URL): string {
  const place = originOf(url) + pathOf(url)
  return sliceText(place, -1) === '/' ? place : `${place}/`
}

/** Add what a `catch` frame brought. SECURITY: the list only grows, so that calls of an ended session are refused, not sent natively. */
export function learnBases(baseUrls: readonly string[]): void {
  for (let i = 0; i < baseUrls.length; i++) {
    try {
      const url = new NativeUrl(baseUrls[i] as string)
      bases[bases.length] = placeOf(url)
      origins[originOf(url)] = true
    } catch {
      // Not a URL, so no call can be below it.
    }
  }
  releaseWaiting()
}

/** What is caught, as it was learned; null while that is not known. */
export const listBases = (): string[] | null => (isWaiting ? null : bases)

/** The list is here, or the extension cannot be reached: then calls that are not on a list are the browser's own. */
export function releaseWaiting(): void {
  const held = waiting
  isWaiting = false
  waiting = []
  each(held, (go) => go(true))
}

/** True while calls are held for the list. */
export const isAnyoneWaiting = (): boolean => waiting.length > 0

/**
 * Whether a call is caught, decided by scheme, host, port and path; undefined: not to be known before the list is here.
 * Only http and https are ever held or caught.
 */
export function isCaught(url: URL): boolean | undefined {
  if (!matches(/^https?:/, hrefOf(url))) return false
  const place = placeOf(url)
  for (let i = 0; i < bases.length; i++) if (startsWith(place, bases[i] as string)) return true
  return isWaiting ? undefined : false
}

/** Whether anything is caught at a URL's origin, wherever below it. */
export const isApi = (url: URL): boolean => origins[originOf(url)] === true

let lastBase = ''
let lastOrigin = ''

/** Origin of this document's base: parsed where it changed. */
function baseOrigin(): string {
  const base = baseUrl()
  if (base !== lastBase) lastOrigin = originOf(new NativeUrl(base))
  lastBase = base
  return lastOrigin
}

/**
 * True where the text of an address says without parsing that it is not caught: it begins with an origin in the one spelling
 * that is the origin's own (lower case, no port, no name that may be a number), or with a path, and nothing is caught there.
 */
export function isPlainlyNative(text: string): boolean {
  const found = matches(/^(https?:\/\/(?:[a-z\d-]+\.)*[a-z][a-z\d-]*)(?:[/?#]|$)|^\/\w/, text)
  return found !== null && !isWaiting && !origins[found[1] ?? baseOrigin()]
}

/**
 * Wait for the list. False: nobody answered for {@link CATCHLIST_WAIT_MS} although the extension is there. A prerendered
 * document has no list before it is shown.
 */
export function whenDecidable(): Promise<boolean> {
  return new NativePromise((resolve) => {
    waiting[waiting.length] = resolve
    waitAtMost(() => resolve(false))
  })
}

function waitAtMost(giveUp: () => void): void {
  later(() => (isPrerendering() ? waitAtMost(giveUp) : giveUp()), CATCHLIST_WAIT_MS)
}
