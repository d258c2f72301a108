import {
  decodeText,
  getHeader,
  isGecko,
  lowerCase,
  matches,
  NativeBlob,
  NativeDecoder,
  NativeDomParser,
  parseDocument,
  parseJson,
  sizeOf,
  startsWith,
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

/**
 * A body to be filled.
 *
 * @param override what `overrideMimeType` was given last, or null: asked for once the body is, which may still be set at its head.
 */
export function bodyWith(headers: Headers, override: () => string | null): XhrBody {
  const own = getHeader(headers, 'content-type') ?? ''
  const forced = () => {
    const given = override()
    return given !== null && essenceOf(given) === '' ? 'application/octet-stream' : (given ?? '')
  }
  const mime = () => forced() || (essenceOf(own) && own) || 'text/xml'
  let decoder: TextDecoder | undefined
  const parts: Bytes[] = []
  let size = 0
  let text = ''
  let decoded = 0
  let isWhole = false
  let made: { readonly value: unknown } | undefined

  const textOf = (whole: boolean) => {
    decoder ??= decoderFor(markedCharset(parts[0]) ?? charsetIn(forced()) ?? charsetIn(own))
    for (; decoded < parts.length; decoded++)
      text += decodeText(decoder, parts[decoded] as Bytes, { stream: true })
    if (whole && !isWhole) text += decodeText(decoder)
    isWhole ||= whole
    return text
  }
  const documentOf = (allowHtml: boolean) => {
    const essence = essenceOf(mime())
    const isXml = matches(/^(text|application)\/xml$|\+xml$/, essence) !== null
    if (size === 0 || !(isXml || (essence === 'text/html' && allowHtml))) return null
    const isKnown = matches(/^(text\/(ht|x)ml|application\/(xhtml\+)?xml|image\/svg\+xml)$/, essence)
    const type = (isKnown ? essence : 'application/xml') as DOMParserSupportedType
    const document = parseDocument(new NativeDomParser(), textOf(true), type)
    return isXml && document.querySelector('parsererror') ? null : document
  }
  const make = (type: XMLHttpRequestResponseType) => {
    if (type === 'arraybuffer') return concat(parts, size).buffer
    if (type === 'blob') return new NativeBlob(parts, { type: (isGecko && forced()) || essenceOf(mime()) })
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

/** By its byte order mark, which goes before whatever charset is named (Encoding standard, "BOM sniff"). */
function markedCharset(bytes: Bytes | undefined): string | undefined {
  const mark = bytes ? `${bytes[0]} ${bytes[1]} ${bytes[2]}` : ''
  if (startsWith(mark, '255 254')) return 'utf-16le'
  if (startsWith(mark, '254 255')) return 'utf-16be'
  return mark === '239 187 191' ? 'utf-8' : undefined
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new NativeDecoder(charset)
  } catch {
    return new NativeDecoder()
  }
}
