import type { Auth, Service } from '../../shared/model/service.ts'
import { authFor } from './auth-for.ts'
import { headerFate, placesOf } from './auth-places.ts'
import { baseLength } from './base-url.ts'
import { outgoingHeaders } from './headers.ts'
import { canonicalMethod } from './methods.ts'
import { withoutPathSecret } from './path-secret.ts'
import { InvalidPattern } from './pattern.ts'
import type { Reason } from './reason.ts'
import type { CanonicalRequest } from './request.ts'
import { type Sending, senderHeaders } from './sender-headers.ts'
import { stripQuery } from './strip-query.ts'
import { queryPairs, readUrlText } from './url-text.ts'

/** What a page asks for, in its own words. */
export interface ClaimedRequest extends Sending {
  readonly method: string
  readonly url: string
}

/**
 * The service a URL belongs to: scheme, host and port equal, path the base path or below it; the longest base path wins.
 * Null for none and for what is no URL. Says nothing about safety: `canonicalise` does.
 */
export function serviceFor(url: string, services: readonly Service[]): Service | null {
  const parsed = URL.parse(url)
  if (parsed === null) return null
  const place = { origin: parsed.origin, path: parsed.pathname }
  let best: Service | null = null
  let longest = -1
  for (const service of services) {
    const length = ownedLength(service, place)
    if (length > longest) [best, longest] = [service, length]
  }
  return best
}

/** True when a canonical place belongs to the service. */
export function ownsPlace(service: Service, place: { origin: string; path: string }): boolean {
  return ownedLength(service, place) >= 0
}

/**
 * The one parse of a claimed request, frozen deep. Credentials and placeholders of the page are stripped, from the path
 * also what a scheme adds there, the fragment is dropped, headers are those of `outgoingHeaders` and `senderHeaders`. With nothing to strip, path and query are byte for byte the claimed
 * ones. Made canonical again it is equal to itself.
 *
 * @returns `refused` with the reason where the request is ambiguous, malformed or not the service's.
 */
export function canonicalise(
  claimed: ClaimedRequest,
  service: Service,
): { request: CanonicalRequest } | { refused: Reason } {
  const method = canonicalMethod(claimed.method)
  if (method === null) return { refused: 'method-unknown' }
  const parts = readUrlText(claimed.url)
  if ('refused' in parts) return parts
  if (!ownsPlace(service, parts)) return { refused: 'other-service' }
  // SECURITY: before anything looks at the path, so that rules, audit and the scheme's patterns speak of one path.
  const path = withoutPathSecret(parts, service)
  const auth = authOrReason(method, path, service)
  if (typeof auth === 'string') return { refused: auth }
  const search = stripQuery(parts.search, queryNames(auth, service), service.placeholder)
  const fateOf = (name: string, value: string) => (auth === null ? null : headerFate(auth, name, value))
  const otherwise = senderHeaders(claimed)
  const headers = outgoingHeaders(claimed.headers, service, headerNames(auth), fateOf, otherwise)
  if ('refused' in headers) return headers
  return { request: freeze({ method, ...parts, path, search, headers: headers.headers }) }
}

function ownedLength(service: Service, place: { origin: string; path: string }): number {
  return Math.max(...service.baseUrls.map((baseUrl) => baseLength(baseUrl, place)), -1)
}

function authOrReason(method: string, path: string, service: Service): Auth | null | Reason {
  try {
    return authFor({ method, path }, service)
  } catch (error) {
    if (error instanceof InvalidPattern) return 'rule-malformed'
    throw error
  }
}

/** Lower-case query names a credential may be in. */
function queryNames(auth: Auth | null, service: Service): ReadonlySet<string> {
  const injected = auth === null ? [] : placesOf(auth).query
  return new Set([...service.strip.query, ...injected].map((name) => name.toLowerCase()))
}

/** Lower-case header names the injection sets, beside those no page may ever set. */
function headerNames(auth: Auth | null): ReadonlySet<string> {
  if (auth === null) return new Set()
  const { headers, furtherHeaders } = placesOf(auth)
  return new Set([...headers, ...furtherHeaders])
}

function freeze(parts: {
  method: string
  origin: string
  path: string
  search: string
  headers: (readonly [string, string])[]
}): CanonicalRequest {
  const { method, origin, path, search, headers } = parts
  return Object.freeze({
    method,
    url: origin + path + search,
    origin,
    path,
    query: frozenPairs(queryPairs(search)),
    headers: frozenPairs(headers),
  })
}

function frozenPairs(pairs: readonly (readonly [string, string])[]): CanonicalRequest['headers'] {
  return Object.freeze(pairs.map((pair) => Object.freeze([pair[0], pair[1]] as const)))
}
