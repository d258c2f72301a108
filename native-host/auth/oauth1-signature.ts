import { createHmac } from 'node:crypto'
import { percentEncoded } from './percent-encoded.ts'

/** OAuth 1.0 signatures, RFC 5849 section 3.4, and nothing of where their parts go. */

/** Name and value, decoded. */
export type Parameter = readonly [name: string, value: string]

/** RFC 5849 has `HMAC-SHA1`; some services take `HMAC-SHA256` in the same form. */
export type OAuth1Method = 'HMAC-SHA1' | 'HMAC-SHA256'

/**
 * Section 3.4.1: method, address and every parameter as one text.
 *
 * @param url its query is not looked at.
 * @param parameters of the query, of an urlencoded body and of the protocol, without `realm` and `oauth_signature`.
 */
export function signatureBase(method: string, url: string, parameters: readonly Parameter[]): string {
  const { origin } = new URL(url)
  const path = url.slice(origin.length).split('?', 1)[0] ?? ''
  const normalised = parameters
    .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
    .sort(([a, x], [b, y]) => compared(a, b) || compared(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return [method.toUpperCase(), origin + path, normalised].map(percentEncoded).join('&')
}

/** Section 3.4.2. @param tokenSecret empty where there is no token. */
export function oauth1Signature(
  base: string,
  consumerSecret: string,
  tokenSecret: string,
  method: OAuth1Method,
): Buffer {
  const key = `${percentEncoded(consumerSecret)}&${percentEncoded(tokenSecret)}`
  return createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
    .update(base)
    .digest()
}

/** Section 3.5.1: the value of the `Authorization` header. */
export function authorizationHeader(parameters: readonly Parameter[]): string {
  return `OAuth ${parameters.map(([name, value]) => `${percentEncoded(name)}="${percentEncoded(value)}"`).join(', ')}`
}

/** Of encoded text, by byte. */
function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
