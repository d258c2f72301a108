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

/** Type and charset of a body (MIME Sniffing standard, as far as XMLHttpRequest looks at it). */
interface Mime {
  /** Lower case, `text/html`. */
  readonly essence: string
  /** As written, or null. */
  readonly charset: string | null
  readonly text: string
}

function parseMime(text: string | null): Mime | null {
  const essence = matches(/^\s*([^\s;/]+\/[^\s;]+)/, text ?? '')?.[1]
  if (text === null || essence === undefined) return null
  return {
    essence: lowerCase(essence),
    charset: matches(/;\s*charset="?([^\s";]+)/i, text)?.[1] ?? null,
    text,
  }
}

/** What a caught XMLHttpRequest received, in every form its `response` can take. */
export class XhrBody {
  /** Bytes received. */
  size = 0
  readonly #mime: Mime
  readonly #charset: string
  #parts: Uint8Array<ArrayBuffer>[] = []
  #text = ''
  #decoded = 0
  #decoder: TextDecoder | null = null
  #value: { of: unknown } | null = null

  /** @param override what `overrideMimeType` was given, or null. */
  constructor(headers: Headers, override: string | null) {
    const own = parseMime(getHeader(headers, 'content-type'))
    const forced = override === null ? null : (parseMime(override) ?? parseMime('application/octet-stream'))
    this.#mime = forced ?? own ?? { essence: 'text/xml', charset: null, text: 'text/xml' }
    this.#charset = forced?.charset ?? own?.charset ?? 'utf-8'
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#parts[this.#parts.length] = bytes
    this.size += sizeOf(bytes)
  }

  /** The text so far; with `whole`, of all of it. */
  text(whole: boolean): string {
    this.#decoder ??= decoderFor(this.#charset)
    while (this.#decoded < this.#parts.length) {
      this.#text += decodeText(this.#decoder, this.#parts[this.#decoded] as Uint8Array<ArrayBuffer>, {
        stream: true,
      })
      this.#decoded += 1
    }
    if (whole && this.#decoder !== finished) {
      this.#text += decodeText(this.#decoder)
      this.#decoder = finished
    }
    return this.#text
  }

  /** The value of `response` once all is here: made once, so that the page always gets the same object. */
  value(type: XMLHttpRequestResponseType): unknown {
    this.#value ??= { of: this.#make(type) }
    return this.#value.of
  }

  /** The document that `responseXML` shows, or null where the body is none. HTML only where it was asked for by type. */
  document(allowHtml: boolean): Document | null {
    this.#value ??= { of: this.#parse(allowHtml) }
    return this.#value.of as Document | null
  }

  #make(type: XMLHttpRequestResponseType): unknown {
    if (type === 'arraybuffer') return this.#bytes().buffer
    if (type === 'blob') return new NativeBlob(this.#parts, { type: this.#mime.text })
    if (type === 'document') return this.#parse(true)
    try {
      return parseJson(decodeText(new NativeDecoder(), this.#bytes()))
    } catch {
      return null
    }
  }

  #bytes(): Uint8Array<ArrayBuffer> {
    const bytes = concat(this.#parts, this.size)
    this.#parts = [bytes]
    return bytes
  }

  #parse(allowHtml: boolean): Document | null {
    const { essence } = this.#mime
    const isXml = matches(/^(text|application)\/xml$|\+xml$/, essence) !== null
    if (this.size === 0 || !(isXml || (essence === 'text/html' && allowHtml))) return null
    const isKnown = matches(/^(text\/(ht|x)ml|application\/(xhtml\+)?xml|image\/svg\+xml)$/, essence) !== null
    const type = (isKnown ? essence : 'application/xml') as DOMParserSupportedType
    const document = parseDocument(new NativeDomParser(), this.text(true), type)
    return isXml && document.querySelector('parsererror') !== null ? null : document
  }
}

/** Stands for a decoder whose last bytes were asked for. */
const finished = new NativeDecoder()

function decoderFor(charset: string): TextDecoder {
  try {
    return new NativeDecoder(charset)
  } catch {
    return new NativeDecoder()
  }
}
