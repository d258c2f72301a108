import {
  asString,
  getHeader,
  matches,
  NativeHeaders,
  NativeRequest,
  setHeader,
  tagOf,
} from '../primordials.ts'

const replaceCharset = (type: string): string => {
  const found = matches(/^(.*;\s*charset=)("?[^\s";]+"?)(.*)$/i, type)
  if (found === null || matches(/^"?utf-8"?$/i, found[2] as string)) return type
  return `${found[1]}UTF-8${found[3]}`
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

/**
 * The request that `send` would make.
 *
 * @throws where the platform's `Request` refuses what XMLHttpRequest took: a URL with a password in it.
 */
export function buildXhrRequest(method: string, url: string, given: Headers, body: unknown): Request {
  const headers = new NativeHeaders(given)
  const isBodiless = matches(/^(get|head)$/i, method) !== null
  const init = { method, headers, body: isBodiless ? null : bodyFrom(body, headers) }
  return new NativeRequest(url, init)
}
