import { CATCHLIST_WAIT_MS } from '../../shared/protocol/limits.ts'
import {
  isPrerendering,
  later,
  NativePromise,
  NativeUrl,
  originOf,
  pathOf,
  protocolOf,
  sliceText,
  startsWith,
} from './primordials.ts'

/** What becomes of a call: sent through the extension, left to the browser, or held until the list is here. */
export type Verdict = 'caught' | 'native' | 'unknown'

interface Base {
  readonly origin: string
  /** Without trailing slash; empty for the whole origin. */
  readonly path: string
}

const bases: Base[] = []
let state: 'waiting' | 'known' | 'released' = 'waiting'
let waiting: ((answered: boolean) => void)[] = []

/** Add what a `catch` frame brought. SECURITY: the list only grows, so that calls of an ended session are refused, not sent natively. */
export function learnBases(baseUrls: readonly string[]): void {
  for (let i = 0; i < baseUrls.length; i++) {
    try {
      const url = new NativeUrl(baseUrls[i] ?? '')
      const path = pathOf(url)
      bases[bases.length] = {
        origin: originOf(url),
        path: sliceText(path, -1) === '/' ? sliceText(path, 0, -1) : path,
      }
    } catch {
      // Not a URL, so no call can be below it.
    }
  }
  settle('known')
}

/** What is caught, as it was learned; null while that is not known. */
export function listBases(): string[] | null {
  if (state === 'waiting') return null
  const urls: string[] = []
  for (let i = 0; i < bases.length; i++) {
    const { origin, path } = bases[i] as Base
    urls[i] = origin + path
  }
  return urls
}

/** The extension cannot be reached: where no list came, calls are the browser's own. */
export function releaseUnknown(): void {
  if (state === 'waiting') settle('released')
}

function settle(next: 'known' | 'released'): void {
  state = next
  const held = waiting
  waiting = []
  for (let i = 0; i < held.length; i++) held[i]?.(true)
}

/** True while calls are held for the list. */
export const isAnyoneWaiting = (): boolean => waiting.length > 0

/** Decide by scheme, host, port and path. Only http and https are ever held or caught. */
export function decide(url: URL): Verdict {
  const protocol = protocolOf(url)
  if (protocol !== 'https:' && protocol !== 'http:') return 'native'
  const origin = originOf(url)
  const path = pathOf(url)
  for (let i = 0; i < bases.length; i++) {
    const base = bases[i] as Base
    if (base.origin === origin && (path === base.path || startsWith(path, `${base.path}/`))) return 'caught'
  }
  return state === 'waiting' ? 'unknown' : 'native'
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
