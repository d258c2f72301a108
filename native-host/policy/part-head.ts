import { isUtf8 } from 'node:buffer'
import { MalformedForm } from './malformed-form.ts'

/** What the head of a part says. */
export interface PartHead {
  readonly name: string
  /** False for a file and for any other type than plain text in UTF-8. */
  readonly isText: boolean
}

/**
 * The one spelling that browsers and HTTP clients write (HTML, multipart/form-data encoding algorithm). Without `;`, `\`
 * and `%` in a name and `;` and `\` in a file name, which parsers split at, unescape or decode, each in its own way.
 */
const DISPOSITION = /^form-data; ?name="([^"\\;%\p{Cc}]+)"(; ?filename="[^"\\;\p{Cc}]*")?$/u

/** Plain text as it is, or that says UTF-8. */
const PLAIN = /^text\/plain(?:; ?charset="?utf-?8"?)?$/i

/**
 * Read the head of one part: a `Content-Disposition` and, after it or before it, at most one `Content-Type`; nothing else,
 * so no `filename*`, no folded line, no transfer encoding, no parts within.
 *
 * @throws MalformedForm for anything else, with the reason.
 */
export function readPartHead(bytes: Uint8Array): PartHead {
  if (!isUtf8(bytes)) throw new MalformedForm('the head of a part is not UTF-8')
  const seen = new Map<string, string>()
  for (const line of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split('\r\n')) {
    const [, name = '', value = ''] = /^(content-disposition|content-type): ?([^\r\n]*)$/i.exec(line) ?? []
    const lower = name.toLowerCase()
    if (lower === '' || seen.has(lower)) throw new MalformedForm('a line that a part may not have')
    seen.set(lower, value)
  }
  const [, name, file] = DISPOSITION.exec(seen.get('content-disposition') ?? '') ?? []
  // SECURITY: servers that know `_charset_` read the other parts in the charset it names (RFC 7578 section 4.6).
  if (name === undefined || name === '_charset_') throw new MalformedForm('a part without a plain name')
  const type = seen.get('content-type') ?? 'text/plain'
  if (!/^[a-z]+\/[!-~][ -~]*$/i.test(type) || /^(?:multipart|message)\//i.test(type))
    throw new MalformedForm('a part of parts')
  return { name, isText: file === undefined && PLAIN.test(type) }
}
