import { pathMatches } from './glob.ts'
import { foldLiteral, matchesQuery, type Pattern } from './pattern.ts'

/**
 * True when a server more lenient than the rule could take the request for what the pattern says. What denies or asks uses
 * this: HEAD counts as GET; the path is compared decoded, in lower case and without a last slash; of listed query names
 * one is enough, in any case. Whatever `matches` says yes to, this does too.
 *
 * @param path raw percent-encoded path that passed `isSafePath`.
 */
export function matchesWidely(
  pattern: Pattern,
  method: string,
  path: string,
  query: readonly (readonly [name: string, value: string])[],
): boolean {
  return coversMethod(pattern, method) && coversPath(pattern, path) && coversQuery(pattern, query)
}

function coversMethod({ methods }: Pattern, method: string): boolean {
  return methods === null || methods.has(method) || (method === 'HEAD' && methods.has('GET'))
}

function coversPath(pattern: Pattern, path: string): boolean {
  const segments = path.slice(1).split('/').map(foldLiteral)
  if (segments.at(-1) === '') segments.pop()
  return pathMatches(pattern.wideRuns, segments)
}

function coversQuery(pattern: Pattern, query: readonly (readonly [name: string, value: string])[]): boolean {
  if (pattern.names === null || matchesQuery(pattern, query)) return true
  const listed = new Set([...pattern.names].map((name) => name.toLowerCase()))
  return query.some(([name]) => listed.has(name.toLowerCase()))
}
