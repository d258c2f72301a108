import { isFieldVariant } from './field-variant.ts'
import { boundaryOf, isFormLike } from './form-content.ts'
import { MalformedForm } from './malformed-form.ts'
import { holdsPlaceholder } from './placeholder.ts'
import { joinedParts, partsOf, readPart } from './read-multipart.ts'
import { queryPairs } from './url-text.ts'

/**
 * A form, urlencoded or multipart, without the fields that carry a credential or its placeholder: all that some server
 * could take for one of the names, and all whose text holds the placeholder. Every other byte stays; with nothing to strip
 * it is `body` itself.
 *
 * @param names of fields, decoded.
 * @throws MalformedForm where there are names and parsers could find other fields in the body than this one does. Without
 *   names what cannot be read stays as it is: a placeholder is no secret.
 */
export function stripForm(
  body: Uint8Array,
  contentType: string | null,
  names: readonly string[],
  placeholder: string,
): Uint8Array {
  const goes = (name: string, text: string | null) =>
    names.some((named) => name === named || isFieldVariant(name, named)) ||
    holdsPlaceholder(name, placeholder) ||
    (text !== null && holdsPlaceholder(text, placeholder))
  if (isFormLike(contentType)) return strippedPairs(body, names.length > 0, goes)
  const boundary = boundaryOf(contentType)
  try {
    if (boundary === null) throw new MalformedForm('the content type does not name a plain boundary')
    return strippedParts(body, boundary, goes)
  } catch (error) {
    if (error instanceof MalformedForm && names.length === 0) return body
    throw error
  }
}

type Goes = (name: string, text: string | null) => boolean

function strippedPairs(body: Uint8Array, isStrict: boolean, goes: Goes): Uint8Array {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  // SECURITY: `;` joins pairs for some servers, and controls and blanks are dropped by others.
  if (isStrict && /[^\x21-\x7e]|;/.test(text)) throw new MalformedForm('a byte that parsers read differently')
  const pairs = text.split('&')
  const kept = pairs.filter((pair) => !queryPairs(pair).some(([name, value]) => goes(name, value)))
  return kept.length === pairs.length ? body : Buffer.from(kept.join('&'), 'latin1')
}

function strippedParts(body: Uint8Array, boundary: string, goes: Goes): Uint8Array {
  const parts = partsOf(body, boundary)
  const kept = parts.filter((part) => {
    const { name, text } = readPart(part)
    return !goes(name, text)
  })
  return kept.length === parts.length ? body : joinedParts(kept, boundary)
}
