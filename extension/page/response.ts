import type { Head } from './call-listener.ts'
import {
  appendHeader,
  baseUrl,
  eachHeader,
  hrefOf,
  isGecko,
  NativeHeaders,
  NativeResponse,
  NativeUrl,
  originOf,
  splitText,
} from './primordials.ts'
import { type ResponseFacts, stateFacts } from './response-facts.ts'

/** A URL as this document resolves it at this moment; null for what is none. */
export function parseUrl(url: string): URL | null {
  try {
    return new NativeUrl(url, baseUrl())
  } catch {
    return null
  }
}

/** True for a URL of this document's own origin. */
export const isSameOrigin = (url: string): boolean => originOf(new NativeUrl(url)) === self.origin

/** True where this browser's `Response.body` is null: null body statuses (Fetch standard), and in Firefox HEAD. */
export const isBodiless = (status: number, method: string): boolean =>
  status === 204 || status === 205 || status === 304 || (isGecko && method === 'HEAD')

/** Redirects as the Fetch standard lists them. */
export const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308

/** The URL as `Response.url` shows it: resolved, without fragment. */
export const shownUrl = (url: string): string => splitText(hrefOf(new NativeUrl(url)), '#')[0] as string

/** Headers that the platform takes; a pair it refuses is left out. */
export function headersFrom(pairs: readonly (readonly [string, string])[]): Headers {
  const headers = new NativeHeaders()
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] as readonly [string, string]
    try {
      appendHeader(headers, pair[0], pair[1])
    } catch {
      // Not a header a browser would have shown.
    }
  }
  return headers
}

/** The pairs of a list, as they travel. */
export function pairsOf(headers: Headers): [string, string][] {
  const pairs: [string, string][] = []
  eachHeader(headers, (value, name) => {
    pairs[pairs.length] = [name, value]
  })
  return pairs
}

/** What the platform's accessors are to say of a response. */
export function factsOf(head: Head, asked: string): ResponseFacts {
  const isBasic = isSameOrigin(head.url) && isSameOrigin(asked)
  return { url: shownUrl(head.url), type: isBasic ? 'basic' : 'cors', redirected: head.redirected }
}

/** A response as if it came from the network. `body` is null exactly where {@link isBodiless} says so. */
export function toResponse(head: Head, stated: ResponseFacts, body: ReadableStream | null): Response {
  const init: ResponseInit = { status: head.status, headers: headersFrom(head.headers) }
  try {
    return stateFacts(new NativeResponse(body, { ...init, statusText: head.statusText }), stated)
  } catch {
    // A reason phrase no constructor takes.
    return stateFacts(new NativeResponse(body, init), stated)
  }
}

/** A response the page may not look into: `opaque` (mode `no-cors`) or `opaqueredirect` (redirect `manual`). */
export function toOpaqueResponse(type: 'opaque' | 'opaqueredirect', url: string): Response {
  const shown = type === 'opaque' ? '' : shownUrl(url)
  return stateFacts(NativeResponse.error(), { url: shown, type, redirected: false })
}
