import { isUtf8 } from 'node:buffer'
import { type Field, MAX_FIELDS } from './field.ts'
import { MalformedForm } from './malformed-form.ts'
import { readPartHead } from './part-head.ts'

/** Longest text a rule can look into, bytes: values that rules name are words and numbers. */
const MAX_TEXT = 64 * 1024
/** Longest head of a part, bytes: a name, a file name and a type. */
const MAX_HEAD = 4096

/**
 * Read a `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1.1) that no two parsers can read differently: it begins
 * and ends with its boundary, which stands nowhere else, nothing before, between or after the parts, no name twice, and
 * each part as `readPartHead` wants it.
 *
 * @throws MalformedForm for anything else, with the reason.
 */
export function readMultipart(bytes: Uint8Array, boundary: string): Field[] {
  const fields = partsOf(bytes, boundary).map(readPart)
  if (new Set(fields.map(({ name }) => name)).size !== fields.length)
    throw new MalformedForm('a field stands twice')
  return fields
}

/**
 * What stands between the boundary's lines: head and value of each part, the empty line between them.
 *
 * @throws MalformedForm where parsers could find other parts.
 */
export function partsOf(bytes: Uint8Array, boundary: string): Buffer[] {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = `--${boundary}`
  const parts: Buffer[] = []
  if (!body.subarray(0, delimiter.length).equals(Buffer.from(delimiter)))
    throw new MalformedForm('something before the first boundary')
  for (let at = delimiter.length; ; ) {
    const after = body.toString('latin1', at, at + 4)
    if (after === '--' || after === '--\r\n') {
      if (at + after.length !== body.length) throw new MalformedForm('something after the last boundary')
      return parts
    }
    if (!after.startsWith('\r\n')) throw new MalformedForm('a boundary that goes on')
    // SECURITY: anywhere at all, since parsers differ about what must stand before and after a boundary.
    const next = body.indexOf(delimiter, at)
    if (next === -1) throw new MalformedForm('the last boundary is missing')
    if (next < at + 4 || body.toString('latin1', next - 2, next) !== '\r\n')
      throw new MalformedForm('a boundary within a part')
    parts.push(body.subarray(at + 2, next - 2))
    if (parts.length > MAX_FIELDS) throw new MalformedForm('too many fields')
    at = next + delimiter.length
  }
}

/** A body of parts as {@link partsOf} takes it apart. The boundary must stand in none of them. */
export function joinedParts(parts: readonly Uint8Array[], boundary: string): Uint8Array {
  const line = Buffer.from(`--${boundary}\r\n`)
  const end = Buffer.from('\r\n')
  return Buffer.concat([...parts.flatMap((part) => [line, part, end]), Buffer.from(`--${boundary}--\r\n`)])
}

/** The field that one part is. @throws MalformedForm as `readPartHead`. */
export function readPart(part: Buffer): Field {
  const end = part.subarray(0, MAX_HEAD).indexOf('\r\n\r\n')
  if (end === -1) throw new MalformedForm('a part without a head')
  const { name, isText } = readPartHead(part.subarray(0, end))
  const value = part.subarray(end + 4)
  const readable = isText && value.length <= MAX_TEXT && isUtf8(value)
  return { name, text: readable ? value.toString('utf8') : null }
}
