/**
 * True for a content type whose body is JSON in UTF-8: `application/json` or `application/…+json` (RFC 6839 section 3.1),
 * with no other charset. Null (no content type) and anything not well formed are not JSON.
 */
export function isJsonContent(contentType: string | null): boolean {
  const [essence = '', ...parameters] = (contentType ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase())
  if (!/^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/.test(essence)) return false
  return parameters.every((parameter) => {
    if (!/^[a-z0-9!#$&^_.+-]+=(?:[a-z0-9!#$&^_.+:/-]+|"[^"\\,]*")$/.test(parameter)) return false
    return !parameter.startsWith('charset=') || /^charset="?utf-?8"?$/.test(parameter)
  })
}

/** The content type among canonical headers, or null. */
export function contentTypeOf(headers: readonly (readonly [name: string, value: string])[]): string | null {
  return headers.find(([name]) => name === 'content-type')?.[1] ?? null
}
