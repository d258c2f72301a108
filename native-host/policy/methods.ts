/** The methods a call may have (RFC 9110 section 9, RFC 5789). CONNECT and TRACE talk to proxies, not to services. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const KNOWN: ReadonlySet<string> = new Set(METHODS)

/** True for one of {@link METHODS}, in upper case. */
export function isMethod(text: string): boolean {
  return KNOWN.has(text)
}

/** The method as it will be sent, in upper case; null for one that is never sent. */
export function canonicalMethod(text: string): string | null {
  // ASCII first: other letters can fold into ASCII ones (U+0131 becomes I).
  if (!/^[A-Za-z]+$/.test(text)) return null
  const upper = text.toUpperCase()
  return KNOWN.has(upper) ? upper : null
}

/**
 * True for a method, in any case, that no browser sends a body with (Fetch standard). A server that takes such a body for
 * the next request of the connection would answer it to another site.
 */
export function hasNoBody(method: string): boolean {
  return /^(?:GET|HEAD)$/i.test(method)
}
