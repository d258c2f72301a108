import { Refusal } from '../refusal.ts'

/** Loopback as literals: RFC 8252 section 8.3 advises against names. */
const LOOPBACK = new Set(['127.0.0.1', '[::1]'])

/**
 * Check where the owner's browser is sent to authorize a service.
 *
 * @throws Refusal `invalid` where it is no URL, is unencrypted elsewhere than on this machine, or holds a password or a fragment.
 */
export function checkAuthorizationUrl(text: string): void {
  const url = URL.parse(text)
  if (url === null) throw new Refusal('invalid', 'the authorization URL is not a URL')
  if (url.username !== '' || url.password !== '')
    throw new Refusal('invalid', 'the authorization URL must not hold a user name or password')
  // RFC 6749 section 3.1.
  if (url.hash !== '') throw new Refusal('invalid', 'the authorization URL must not hold a fragment')
  const isHere = url.protocol === 'http:' && LOOPBACK.has(url.hostname)
  if (url.protocol !== 'https:' && !isHere)
    throw new Refusal('invalid', 'the authorization URL must begin with `https://`')
}
