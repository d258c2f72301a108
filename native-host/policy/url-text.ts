import { MAX_URL } from '../../shared/protocol/limits.ts'
import { replacesMethod } from './method-names.ts'
import { isSafePath } from './safe-path.ts'

/** A URL text every parser reads the same way, in the parts that are sent. */
export interface UrlParts {
  /** `scheme://host[:port]`, lower case, without a default port. */
  readonly origin: string
  readonly path: string
  /** With its `?`; empty for none. Byte for byte as claimed. */
  readonly search: string
}

/** Scheme, host, port, path and query of a web address; the fragment is cut. */
const SHAPE = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/i

/**
 * Read a claimed URL with the WHATWG parser and refuse it where its text and its parse say different things, or where
 * another parser could read it otherwise.
 *
 * @returns `url-malformed` for what is no http(s) URL or longer than MAX_URL; `url-unsafe` for what is ambiguous.
 */
export function readUrlText(text: string): UrlParts | { refused: 'url-malformed' | 'url-unsafe' } {
  if (text.length > MAX_URL) return { refused: 'url-malformed' }
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return { refused: 'url-malformed' }
  // SECURITY: parsers drop or fold tabs, newlines, spaces, backslashes and non-ASCII letters, each in its own way.
  if (/[^\x21-\x7e]|\\/.test(text)) return { refused: 'url-unsafe' }
  const match = SHAPE.exec(text)
  if (match === null) return { refused: 'url-unsafe' }
  const [, scheme = '', host = '', port, path = '/', search = ''] = match
  const parts = { origin: originOf(scheme, host, port), path, search }
  const agrees = url.href.split('#', 1)[0] === parts.origin + path + search
  const safe = agrees && !host.endsWith('.') && isSafePath(path) && isSafeSearch(search)
  return safe ? parts : { refused: 'url-unsafe' }
}

/** Decoded pairs of a search text, in order. */
export function queryPairs(search: string): [name: string, value: string][] {
  return [...new URLSearchParams(search)]
}

/** The origin as the URL parser should serialise it. */
function originOf(scheme: string, host: string, port: string | undefined): string {
  const lower = scheme.toLowerCase()
  const isDefault = port === undefined || port === (lower === 'https' ? '443' : '80')
  return `${lower}://${host.toLowerCase()}${isDefault ? '' : `:${port}`}`
}

/**
 * No control characters but tab and line feed in a value, which every parser reads as what they are (GraphQL over GET and
 * other services get whole texts there); no `;` (some parsers cut pairs there), well-encoded names, none that replaces the
 * method.
 */
function isSafeSearch(search: string): boolean {
  // SECURITY: never a carriage return. What a server decodes and writes on must not become a second request or header.
  if (/%(?:0[0-8b-f]|1[0-9a-f]|7f)|;/i.test(search)) return false
  const names = search
    .slice(1)
    .split('&')
    .map((pair) => pair.split('=', 1)[0] ?? '')
  if (names.some((name) => /%(?![0-9a-f]{2})|%0/i.test(name))) return false
  return !queryPairs(search).some(([name]) => replacesMethod(name))
}
