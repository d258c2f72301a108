import {
  decodeText,
  getHeader,
  lowerCase,
  matches,
  NativeBlob,
  NativeDecoder,
  NativeDomParser,
  parseDocument,
  parseJson,
  sizeOf,
} from '../primordials.ts'
import { concat } from '../request-body.ts'

/** What a caught XMLHttpRequest received, in every form its `response` can take. */
export interface XhrBody {
  push(bytes: Uint8Array<ArrayBuffer>): void
  /** Bytes received. */
  size(): number
  /** The text so far; with `whole`, of all of it. */
  text(whole: boolean): string
  /**
   * The value of `response` once all is here; `''`: of `responseXML`, a document or null. Made once, so that the page always
   * gets the same object.
   */
  value(type: XMLHttpRequestResponseType): unknown
}

type Bytes = Uint8Array<ArrayBuffer>

/** `text/html` of a media type (MIME Sniffing standard, as far as XMLHttpRequest looks at it), in lower case; empty where it is none. */
const essenceOf = (mime: string): string => lowerCase(matches(/^\s*([^\s;/]+\/[^\s;]+)|/, mime)?.[1] ?? '')

const charsetIn = (mime: string): string | undefined => matches(/;\s*charset="?([^\s";]+)/i, mime)?.[1]

/** A body to be filled. @param override what `overrideMimeType` was given, or null. */
export function bodyWith(headers: Headers, override: string | null): XhrBody {
  const own = getHeader(headers, 'content-type') ?? ''
  const forced =
    override !== null && essenceOf(override) === '' ? 'application/octet-stream' : (override ?? '')
  const mime = forced || (essenceOf(own) && own) || 'text/xml'
  const decoder = decoderFor(charsetIn(forced) ?? charsetIn(own))
  const parts: Bytes[] = []
  let size = 0
  let text = ''
  let decoded = 0
  let isWhole = false
  let made: { readonly value: unknown } | undefined

  const textOf = (whole: boolean) => {
    for (; decoded < parts.length; decoded++)
      text += decodeText(decoder, parts[decoded] as Bytes, { stream: true })
    if (whole && !isWhole) text += decodeText(decoder)
    isWhole ||= whole
    return text
  }
  const documentOf = (allowHtml: boolean) => {
    const essence = essenceOf(mime)
    const isXml = matches(/^(text|application)\/xml$|\+xml$/, essence) !== null
    if (size === 0 || !(isXml || (essence === 'text/html' && allowHtml))) return null
    const isKnown = matches(/^(text\/(ht|x)ml|application\/(xhtml\+)?xml|image\/svg\+xml)$/, essence)
    const type = (isKnown ? essence : 'application/xml') as DOMParserSupportedType
    const document = parseDocument(new NativeDomParser(), textOf(true), type)
    return isXml && document.querySelector('parsererror') ? null : document
  }
  const make = (type: XMLHttpRequestResponseType) => {
    if (type === 'arraybuffer') return concat(parts, size).buffer
    if (type === 'blob') return new NativeBlob(parts, { type: mime })
    if (type !== 'json') return documentOf(type === 'document')
    try {
      return parseJson(decodeText(new NativeDecoder(), concat(parts, size)))
    } catch {
      return null
    }
  }
  return {
    push(bytes) {
      parts[parts.length] = bytes
      size += sizeOf(bytes)
    },
    size: () => size,
    text: textOf,
    value(type) {
      made ??= { value: make(type) }
      return made.value
    },
  }
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new NativeDecoder(charset)
  } catch {
    return new NativeDecoder()
  }
}
