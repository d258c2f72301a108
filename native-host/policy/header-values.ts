/**
 * Headers that choose the schema which PostgREST reads and writes (docs.postgrest.org, "Schemas"). Its packages, Supabase's
 * among them, name the usual one with every call.
 */
const SCHEMA_HEADERS: ReadonlySet<string> = new Set(['accept-profile', 'content-profile'])
const USUAL_SCHEMA = 'public'

/** Codings that a page's code packs a body in (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). `aws-chunked` is the scheme's own. */
const PACKED = /\b(?:gzip|deflate|compress|br|zstd)\b/i

/** The one value of `content-encoding` that says that a body is as it is, so that rules read what the service reads. */
const UNPACKED = /^identity$/i

/**
 * True for a header that would frame the message and, with this value, says nothing of the bytes on the wire.
 *
 * @param name lower case.
 */
export function saysUnpacked(name: string, value: string): boolean {
  return name === 'content-encoding' && UNPACKED.test(value)
}

/**
 * False where the service would do something else without this header: read or change another table of the same name, or
 * take packed bytes for what is in them. A profile in the sense of the W3C, `<https://…>`, is a wish like `accept`.
 *
 * @param name lower case.
 */
export function mayBeLeftOut(name: string, value: string): boolean {
  if (name === 'content-encoding') return !PACKED.test(value)
  return !SCHEMA_HEADERS.has(name) || value === USUAL_SCHEMA || value.startsWith('<')
}
