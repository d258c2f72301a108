import {
  asString,
  getHeader,
  isGecko,
  lowerCase,
  matches,
  NativeHeaders,
  NativeRequest,
  setHeader,
  sizeOf,
  tagOf,
  utf8,
} from '../primordials.ts'

/** A type whose charset is the one the text is sent in. Firefox writes it anew, Chromium keeps the spaces. */
function replaceCharset(type: string): string {
  const found = matches(/^(.*);(\s*)charset="?([^\s";]+)"?(.*)$/i, type)
  if (found === null || lowerCase(found[3] as string) === 'utf-8') return type
  return `${found[1]};${isGecko ? '' : found[2]}charset=UTF-8${found[4]}`
}

/** A document as `send(document)` writes it (XMLHttpRequest standard, "send()"). */
function serialize(document: Document, isHtml: boolean): string {
  const serializer = new XMLSerializer()
  if (!isHtml) return serializer.serializeToString(document)
  const { doctype, documentElement } = document
  return (doctype ? serializer.serializeToString(doctype) : '') + documentElement.outerHTML
}

/** A body of `send` in a form that `Request` takes with the same meaning. */
function bodyFrom(body: unknown, headers: Headers): BodyInit | null {
  if (body === undefined || body === null) return null
  const tag = tagOf(body)
  if (matches(/\d\w*Array\]$|ArrayBuffer|DataView|Blob|File|FormData|URLSearchParams/, tag))
    return body as BodyInit
  const isDocument = matches(/Document\]$/, tag)
  const isHtml = isDocument !== null && (body as Document).contentType === 'text/html'
  const own = isDocument ? `${isHtml ? 'text/html' : 'application/xml'};charset=UTF-8` : null
  const given = getHeader(headers, 'content-type') ?? own
  if (given !== null) setHeader(headers, 'content-type', replaceCharset(given))
  return isDocument ? serialize(body as Document, isHtml) : asString(body)
}

/** What `send` sends. */
export interface XhrRequest {
  readonly request: Request
  /** Bytes of its body; null where only the platform's serialisation will tell (forms). 0: none. */
  readonly total: number | null
}

/** Bytes of a body that is not a form. */
function lengthOf(body: BodyInit | null): number | null {
  const isSearch = matches(/Search/, tagOf(body))
  if (typeof body === 'string' || isSearch) return sizeOf(utf8(asString(body)))
  return body && ((body as Blob).size ?? (body as ArrayBuffer).byteLength ?? null)
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
  return { request: new NativeRequest(url, init), total: lengthOf(body) }
}
