import {
  asString,
  blobSize,
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

/** Text of a document and its type, as `send(document)` writes them (XMLHttpRequest standard, "send()"). */
function serialize(document: Document): { text: string; type: string } {
  const isHtml = document.contentType === 'text/html'
  const serializer = new XMLSerializer()
  const { doctype, documentElement } = document
  return {
    text: isHtml
      ? (doctype ? serializer.serializeToString(doctype) : '') + documentElement.outerHTML
      : serializer.serializeToString(document),
    type: `${isHtml ? 'text/html' : 'application/xml'};charset=UTF-8`,
  }
}

/** A body of `send` in a form that `Request` takes with the same meaning. */
function bodyFrom(body: unknown, headers: Headers): BodyInit | null {
  const tag = tagOf(body)
  if (body === undefined || body === null) return null
  if (tag === '[object HTMLDocument]' || tag === '[object XMLDocument]' || tag === '[object Document]') {
    const { text, type } = serialize(body as Document)
    setHeader(headers, 'content-type', replaceCharset(getHeader(headers, 'content-type') ?? type))
    return text
  }
  const isBinary =
    matches(/Array\]$|(ArrayBuffer|DataView|Blob|File|FormData|URLSearchParams)\]$/, tag) !== null
  if (isBinary && tag !== '[object Array]') return body as BodyInit
  const given = getHeader(headers, 'content-type')
  if (given !== null) setHeader(headers, 'content-type', replaceCharset(given))
  return asString(body)
}

/** What `send` sends. */
export interface XhrRequest {
  readonly request: Request
  /** Bytes of its body; null where only the platform's serialisation will tell (forms). 0: none. */
  readonly total: number | null
}

/** Bytes of a body that is not a form. */
function lengthOf(body: BodyInit | null): number | null {
  if (body === null) return 0
  if (typeof body === 'string') return sizeOf(utf8(body))
  const tag = tagOf(body)
  if (tag === '[object FormData]') return null
  if (tag === '[object Blob]' || tag === '[object File]') return blobSize(body as Blob)
  if (tag === '[object URLSearchParams]') return asString(body).length
  return (body as ArrayBuffer).byteLength
}

/**
 * The request that `send` would make, with the body as it is at this moment.
 *
 * @throws where the platform's `Request` refuses what XMLHttpRequest took: a URL with a password in it.
 */
export function buildXhrRequest(method: string, url: string, given: Headers, content: unknown): XhrRequest {
  const headers = new NativeHeaders(given)
  const isBodiless = matches(/^(get|head)$/i, method) !== null
  const body = isBodiless ? null : bodyFrom(content, headers)
  // Without a prototype: what a page added to `Object.prototype` is no part of what it told this instance.
  const init = { method, headers, body, __proto__: null } as RequestInit
  return { request: new NativeRequest(url, init), total: lengthOf(body) }
}
