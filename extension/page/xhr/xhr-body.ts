import { attempt } from '../attempt.ts'
import {
  decodeText,
  getAttribute,
  getHeader,
  isGecko,
  latin1,
  lowerCase,
  matches,
  NativeBlob,
  NativeDecoder,
  NativeDomParser,
  parseDocument,
  parseJson,
  querySelectorAll,
  sizeOf,
  startsWith,
  subarray,
} from '../primordials.ts'
import { concat } from '../request-body.ts'
import { BINARY_TYPE, CONTENT_TYPE, HTML_TYPE } from '../response.ts'

/** What a caught XMLHttpRequest received, in every form its `response` can take. */
export interface XhrBody {
  push(bytes: Uint8Array<ArrayBuffer>): void
  /** Bytes received. */
  size(): number
  /** The text so far; with `whole`, of all of it. @param type what the page takes it for, `''` or `text`. */
  text(whole: boolean, type: XMLHttpRequestResponseType): string
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
  const own = getHeader(headers, CONTENT_TYPE) ?? ''
  const forced = () => {
    const given = override()
    return given !== null && essenceOf(given) === '' ? BINARY_TYPE : (given ?? '')
  }
  const mime = () => forced() || (essenceOf(own) && own) || 'text/xml'
  let decoder: TextDecoder | undefined
  const parts: Bytes[] = []
  let size = 0
  let text = ''
  let decoded = 0
  let isWhole = false
  let made: { readonly value: unknown } | undefined

  const isXml = () => matches(/^(text|application)\/xml$|\+xml$/, essenceOf(mime()))
  const isHtml = () => essenceOf(mime()) === HTML_TYPE
  const decoderFor = (type: XMLHttpRequestResponseType, start: Bytes) => {
    const named = markedCharset(start) ?? charsetIn(forced()) ?? charsetIn(own)
    const asHtml = type === 'document' && isHtml()
    const isSought = asHtml || (type !== 'text' && isXml())
    return decoderOf(named) ?? (isSought ? decoderWithin(start, asHtml) : null) ?? new NativeDecoder()
  }
  const textOf = (whole: boolean, type: XMLHttpRequestResponseType) => {
    if (!parts[0]) return ''
    decoder ??= decoderFor(type, parts[0])
    for (; decoded < parts.length; decoded++)
      text += decodeText(decoder, parts[decoded] as Bytes, { stream: true })
    if (whole && !isWhole) text += decodeText(decoder)
    isWhole ||= whole
    return text
  }
  const documentOf = (given: XMLHttpRequestResponseType) => {
    const essence = essenceOf(mime())
    if (size === 0 || !(isXml() || (isHtml() && given))) return null
    const isKnown = matches(/^(text\/(ht|x)ml|application\/(xhtml\+)?xml|image\/svg\+xml)$/, essence)
    const type = (isKnown ? essence : 'application/xml') as DOMParserSupportedType
    const document = parseDocument(new NativeDomParser(), textOf(true, given), type)
    return isXml() && document.querySelector('parsererror') ? null : document
  }
  const make = (type: XMLHttpRequestResponseType) => {
    if (type === 'arraybuffer') return concat(parts, size).buffer
    if (type === 'blob') return new NativeBlob(parts, { type: (isGecko && forced()) || essenceOf(mime()) })
    if (type !== 'json') return documentOf(type)
    return attempt(() => parseJson(decodeText(new NativeDecoder(), concat(parts, size)))) ?? null
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
function markedCharset(bytes: Bytes): string | undefined {
  const mark = `${bytes[0]} ${bytes[1]} ${bytes[2]}`
  if (startsWith(mark, '255 254')) return 'utf-16le'
  if (startsWith(mark, '254 255')) return 'utf-16be'
  return mark === '239 187 191' ? 'utf-8' : undefined
}

/** Undefined for what names no charset. */
const decoderOf = (charset: string | null | undefined): TextDecoder | undefined =>
  charset ? attempt(() => new NativeDecoder(charset)) : undefined

/** How much of a document's start is looked at for its charset, in bytes: the standard has 1024, browsers look further. */
const START_BYTES = 4096

/**
 * By what a document says of itself: in an XML declaration, or where `isHtml` in a `meta` element (HTML standard, "prescan a byte
 * stream to determine its encoding"). Parsed as the browser parses it, so that what only looks like one counts for nothing.
 */
function decoderWithin(bytes: Bytes, isHtml: boolean): TextDecoder | undefined {
  const start = latin1(subarray(bytes, 0, START_BYTES))
  const labels = [matches(/^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)/, start)?.[1]]
  const metas = isHtml
    ? querySelectorAll(
        parseDocument(new NativeDomParser(), start, HTML_TYPE),
        'meta[charset],meta[http-equiv=content-type i]',
      )
    : []
  for (let i = 0; i < metas.length; i++) {
    const read = (name: string) => getAttribute(metas[i] as Element, name)
    labels[i + 1] = read('charset') ?? charsetIn(`;${read('content')}`)
  }
  for (let i = 0; i < labels.length; i++) {
    const decoder = decoderOf(labels[i])
    // What could be read up to here is in no encoding of two bytes.
    if (decoder) return startsWith(decoder.encoding, 'utf-16') ? new NativeDecoder() : decoder
  }
  return undefined
}
