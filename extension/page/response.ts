import { attempt } from './attempt.ts'
import type { Head } from './call-listener.ts'
import {
  appendHeader,
  baseUrl,
  eachHeader,
  hrefOf,
  matches,
  NativeHeaders,
  NativeResponse,
  NativeUrl,
  originOf,
  ownOrigin,
  splitText,
} from './primordials.ts'
import { type ResponseFacts, stateFacts } from './response-facts.ts'

/** A URL as this document resolves it at this moment; null for what is none. */
export function parseUrl(url: string): URL | null {
  return attempt(() => new NativeUrl(url, baseUrl())) ?? null
}

/** True for a URL of this document's own origin. */
export const isSameOrigin = (url: string): boolean => originOf(new NativeUrl(url)) === ownOrigin

/** The header that says what a body is, and media types that it may say. */
export const CONTENT_TYPE = 'content-type'
export const HTML_TYPE = 'text/html'
export const BINARY_TYPE = 'application/octet-stream'

/** Redirects as the Fetch standard lists them. */
export const isRedirect = (status: number): boolean => Boolean(matches(/30[12378]/, `${status}`))

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
  const { redirected, status } = head
  const isBasic = isSameOrigin(head.url) && isSameOrigin(asked)
  return { url: shownUrl(head.url), type: isBasic ? 'basic' : 'cors', redirected, status }
}

/**
 * A response as if it came from the network. One without content has a body there all the same, which no constructor
 * gives to its status: it is made with another of the same `ok`.
 */
export function toResponse(head: Head, stated: ResponseFacts, body: ReadableStream | null): Response {
  const { statusText, status } = head
  const isBare = matches(/20[45]|304/, `${status}`)
  const made = isBare ? (status > 299 ? 404 : 200) : status
  const init = { status: made, statusText, headers: headersFrom(head.headers) }
  return stateFacts(new NativeResponse(body, init), stated)
}

/** A response the page may not look into: `opaque` (mode `no-cors`) or `opaqueredirect` (redirect `manual`). */
export function toOpaqueResponse(type: 'opaque' | 'opaqueredirect', url: string): Response {
  const shown = type === 'opaque' ? '' : shownUrl(url)
  return stateFacts(NativeResponse.error(), { url: shown, type, redirected: false })
}
