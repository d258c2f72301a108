import type { MessageName } from '../ui/strings.ts'

/**
 * What the owner should know of a base URL before giving it a key; null where there is nothing to say. The host checks it
 * again and has the last word.
 */
export function baseUrlNote(text: string): MessageName | null {
  const url = URL.parse(text.trim())
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'baseUrlMalformed'
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return 'baseUrlExtra'
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return 'baseUrlPlain'
  return null
}

/** Addresses of this machine (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3) and the name for them. */
function isLoopback(hostname: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]' || hostname === 'localhost'
}
