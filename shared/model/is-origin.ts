/** Characters that an origin has at most: a host name has 253 at most (RFC 1035 section 2.3.4), the rest is room. */
const MOST_CHARACTERS = 512

/**
 * Whether a text is a tuple origin as the browser serialises it: `https://host[:port]` or `http://host[:port]`. Never `null`.
 * Apart from the schema of origins, for those who have nothing else to check: to make schemas takes longer than to look.
 */
export function isOrigin(text: string): boolean {
  if (text.length > MOST_CHARACTERS) return false
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text
}
