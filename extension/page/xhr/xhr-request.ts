import { attempt } from '../attempt.ts'
import {
  asString,
  getHeader,
  isGecko,
  lowerCase,
  matches,
  NativeHeaders,
  NativeRequest,
  requestHeaders,
  requestMethod,
  setHeader,
  sizeOf,
  tagOf,
  utf8,
} from '../primordials.ts'
import { CONTENT_TYPE, HTML_TYPE, isSameOrigin, pairsOf } from '../response.ts'
import { formSize } from './form-size.ts'

/** A type whose charset is the one the text is sent in. Firefox writes it anew, Chromium keeps the spaces. */
function replaceCharset(type: string): string {
  const found = matches(/^(.*);(\s*)charset="?([^\s";]+)"?(.*)$/i, type)
  if (!found || lowerCase(found[3] as string) === 'utf-8') return type
  return `${found[1]};${isGecko ? '' : found[2]}charset=UTF-8${found[4]}`
}

/** A document as `send(document)` writes it (XMLHttpRequest standard, "send()"). */
function serialize(document: Document, isHtml: boolean | null): string {
  const serializer = new XMLSerializer()
  if (!isHtml) return serializer.serializeToString(document)
  const { doctype, documentElement } = document
  return (doctype ? serializer.serializeToString(doctype) : '') + documentElement.outerHTML
}

/**
 * What `send` makes of its argument before all else: a text of what is no body. Runs code of the page.
 *
 * @throws what that code throws, and a TypeError for a symbol.
 */
export function toBody(given: unknown): unknown {
  if (given === undefined || given === null) return null
  const isBody = matches(
    /\d\w*Array\]$|ArrayBuffer|DataView|Blob|File|FormData|URLSearchParams|Document\]$/,
    tagOf(given),
  )
  return isBody ? given : `${given as string}`
}

/** A body of `send` in a form that `Request` takes with the same meaning. @param body as {@link toBody} gives it. */
function bodyFrom(body: unknown, headers: Headers): BodyInit | null {
  const tag = tagOf(body)
  const isDocument = matches(/Document\]$/, tag)
  if (typeof body !== 'string' && !isDocument) return (body ?? null) as BodyInit | null
  const isHtml = isDocument && (body as Document).contentType === HTML_TYPE
  const own = isDocument ? `${isHtml ? HTML_TYPE : 'application/xml'};charset=UTF-8` : null
  const given = getHeader(headers, CONTENT_TYPE) ?? own
  if (given) setHeader(headers, CONTENT_TYPE, replaceCharset(given))
  return isDocument ? serialize(body as Document, isHtml) : (body as string)
}

/** What `send` sends. */
export interface XhrRequest {
  readonly request: Request
  /** Bytes of its body; null: it has none. */
  readonly total: number | null
  /** Whether its upload is told only to who listens when it is sent: it would be sent to another origin, and in Chromium unasked. */
  isQuiet(): boolean
}

/** Whether a request goes to another origin without a question before it: the platform takes no other for `no-cors`. */
function isSimple(request: Request): boolean {
  const headers = requestHeaders(request)
  const init = { method: requestMethod(request), mode: 'no-cors', headers, __proto__: null } as RequestInit
  const simple = attempt(() => new NativeRequest('', init))
  return simple !== undefined && pairsOf(requestHeaders(simple)).length === pairsOf(headers).length
}

/** Bytes of the body of a request. */
function lengthOf(body: BodyInit | null, request: Request): number | null {
  const tag = tagOf(body)
  if (typeof body === 'string' || matches(/Search/, tag)) return sizeOf(utf8(asString(body)))
  if (matches(/Form/, tag)) {
    return formSize(body as FormData, getHeader(requestHeaders(request), CONTENT_TYPE) ?? '')
  }
  return body && ((body as Blob).size ?? (body as ArrayBuffer).byteLength)
}

/**
 * The request that `send` would make, with the body as it is at this moment.
 *
 * @throws where the platform's `Request` refuses what XMLHttpRequest took: a URL with a password in it.
 */
export function buildXhrRequest(method: string, url: string, given: Headers, content: unknown): XhrRequest {
  const headers = new NativeHeaders(given)
  const body = matches(/^(get|head)$/i, method) ? null : bodyFrom(content, headers)
  // Without a prototype: what a page added to `Object.prototype` is no part of what it told this instance.
  const init = { method, headers, body, __proto__: null } as RequestInit
  const request = new NativeRequest(url, init)
  const isQuiet = () => !isSameOrigin(url) && (isGecko || isSimple(request))
  return { request, total: lengthOf(body, request), isQuiet }
}
