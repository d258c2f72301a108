/** True for what any server could take for an urlencoded form, also where its parameters are odd. */
export function isFormLike(contentType: string | null): boolean {
  return /^\s*application\/x-www-form-urlencoded(?:[^a-z0-9!#$&^_.+-]|$)/i.test(contentType ?? '')
}

/** True for what any server could take for multipart form data, whatever its boundary. */
export function isMultipartLike(contentType: string | null): boolean {
  return /^\s*multipart\//i.test(contentType ?? '')
}

/** True for an urlencoded form in UTF-8 (WHATWG URL section 5): no parameter but a charset that says so. */
export function isFormContent(contentType: string | null): boolean {
  return /^application\/x-www-form-urlencoded(?: ?; ?charset="?utf-?8"?)?$/i.test(contentType ?? '')
}

/**
 * The boundary of a `multipart/form-data` body (RFC 7578 section 4.1): one parameter, unquoted, of letters that stand for
 * themselves in every parser. Null for anything else.
 */
export function boundaryOf(contentType: string | null): string | null {
  return /^multipart\/form-data; ?boundary=([A-Za-z0-9_.+-]{1,70})$/i.exec(contentType ?? '')?.[1] ?? null
}
