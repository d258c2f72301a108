import { basePathOf, withoutSentPrefix } from '../policy/path-secret.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Candidate } from './admit.ts'

/** A canonical request and the service it is for. */
export type Resolved = Pick<Candidate, 'request' | 'service'>

/** Control characters and the backslash: clients drop them, turn them or stop at them, each in its own way. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const AMBIGUOUS = /[\u0000-\u001f\u007f\\]/

/**
 * What a response names in `Location` (RFC 9110 section 10.2.2); null for nothing.
 *
 * @returns `several` where it names two places, which browsers refuse; `ambiguous` where two clients could read it as two.
 */
export function locationOf(response: UpstreamResponse): { text: string } | 'ambiguous' | 'several' | null {
  const named = response.headers.filter(([name]) => name === 'location').map(([, value]) => value)
  const [text = null, ...others] = new Set(named)
  if (text === null) return null
  if (others.length > 0) return 'several'
  if (AMBIGUOUS.test(text)) return 'ambiguous'
  // Latin-1 stands for the bytes that came; as in browsers they are UTF-8 of a URL, each percent-encoded.
  const encode = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`
  return { text: text.replace(/[\u0080-\u00ff]/g, encode) }
}

/**
 * True for a location that every browser refuses: no address, none of HTTP, or one with a name or password in it at
 * another origin than the page's (Fetch standard, "HTTP-redirect fetch").
 *
 * @param from absent: nobody's page asks.
 */
export function leadsNowhere(location: string, sentUrl: string, from?: string): boolean {
  const target = URL.parse(location, sentUrl)
  if (target === null || !/^https?:$/.test(target.protocol)) return true
  const isNamed = target.username !== '' || target.password !== ''
  return isNamed && from !== undefined && from !== target.origin
}

/**
 * The place that a location names within the service, as rules speak of it; null: elsewhere.
 *
 * @param sentUrl the URL as it left, where a scheme put something into its path.
 */
export function targetOf(location: string, { request, service }: Resolved, sentUrl: string): URL | null {
  const sent = pathOf(sentUrl)
  const from = `${request.origin}${sent}${request.url.slice(request.origin.length + request.path.length)}`
  const target = URL.parse(location, from)
  if (target === null || target.origin !== request.origin) return null
  const path = withoutSentPrefix(target.pathname, sent, request.path, basePathOf(request, service))
  if (path === null) return null
  target.pathname = path
  return target
}

function pathOf(url: string): string {
  return url.slice(new URL(url).origin.length).split('?', 1)[0] ?? ''
}
