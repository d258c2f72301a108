import { Problem } from '../problem.ts'
import { percentEncoded } from './percent-encoded.ts'

/**
 * A URL with one more parameter at its end; what stands before it stays, byte for byte.
 *
 * @throws Problem `internal` (`parameter-twice`, `url-with-fragment`).
 */
export function appendedQuery(url: string, param: string, value: string): string {
  // SECURITY: with the page's own parameter still there the service might read that one, or log both.
  if (new URL(url).searchParams.has(param)) throw new Problem('internal', 'parameter-twice')
  // A fragment is never sent; a parameter behind one would not be either.
  if (url.includes('#')) throw new Problem('internal', 'url-with-fragment')
  const glue = !url.includes('?') ? '?' : url.endsWith('?') || url.endsWith('&') ? '' : '&'
  return `${url}${glue}${percentEncoded(param)}=${percentEncoded(value)}`
}
