import { isAscii } from 'node:buffer'
import { type Field, MAX_FIELDS } from './field.ts'
import { MalformedForm } from './malformed-form.ts'

/**
 * Read an urlencoded form (WHATWG URL section 5.1) that no two parsers can read differently: pairs of name and value
 * joined by `&` alone, every other byte than a letter, a digit and `*-._+` percent-encoded or harmless, well-formed UTF-8
 * behind the percent triplets, no name twice.
 *
 * @returns the fields, decoded once. @throws MalformedForm for anything else, with the reason.
 */
export function readForm(bytes: Uint8Array): Field[] {
  if (!isAscii(bytes)) throw new MalformedForm('bytes that must be percent-encoded')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  // SECURITY: `;` joins pairs for some servers, and controls and blanks are dropped by others.
  if (/[^\x21-\x7e]|;/.test(text)) throw new MalformedForm('a byte that parsers read differently')
  if (text === '') return []
  const pairs = text.split('&')
  if (pairs.length > MAX_FIELDS) throw new MalformedForm('too many fields')
  const fields = pairs.map(fieldOf)
  if (new Set(fields.map(({ name }) => name)).size !== fields.length)
    throw new MalformedForm('a field stands twice')
  return fields
}

function fieldOf(pair: string): Field {
  const equals = pair.indexOf('=')
  if (equals < 1) throw new MalformedForm('a pair without a name or a value')
  const name = decoded(pair.slice(0, equals))
  if (/\p{Cc}/u.test(name)) throw new MalformedForm('a control character in a name')
  // SECURITY: servers that know this field read all others in the charset it names (HTML, form submission).
  if (name === '_charset_') throw new MalformedForm('a field that names a charset')
  return { name, text: decoded(pair.slice(equals + 1)) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new MalformedForm('a percent sign that begins no UTF-8')
  }
}
