import type { Service } from '../../shared/model/service.ts'
import { baseLength, type Place } from './base-url.ts'

/** The part of a path that belongs to the base URL it is below: the longest of them. */
export function basePathOf(place: Place, service: Service): string {
  const lengths = service.baseUrls.map((baseUrl) => baseLength(baseUrl, place))
  return place.path.slice(0, Math.max(0, ...lengths))
}

/**
 * A path without the prefixes that a `path` scheme of the service adds, where a page wrote them with the placeholder:
 * what rules speak of and what the audit shows. `/bot<placeholder>/getMe` is `/getMe`. Every other path stays.
 */
export function withoutPathSecret(place: Place, service: Service): string {
  const base = basePathOf(place, service)
  const prefixes = prefixesOf(service)
  let rest = place.path.slice(base.length)
  for (let prefix = begins(rest, prefixes); prefix !== null; prefix = begins(rest, prefixes))
    rest = rest.slice(prefix.length)
  const path = base + rest
  return path === '' ? '/' : path
}

/** A base path, a prefix and what a page asks for below the base, as one path. A lone slash after the prefix is left out. */
export function withPathPrefix(path: string, base: string, prefix: string): string {
  const rest = path.slice(base.length)
  return base + prefix + (base === '' && rest === '/' ? '' : rest)
}

/**
 * A path that the service names in a redirect, without the prefix that this call was sent with: what rules speak of. Null
 * where it is not below that prefix: sent again it would get the prefix, and so go elsewhere than the service said.
 *
 * @param sent the path as it left. @param asked the same as it was decided.
 */
export function withoutSentPrefix(path: string, sent: string, asked: string, base: string): string | null {
  if (sent === asked) return path
  const rest = asked.slice(base.length)
  const begin = rest === '/' && !sent.endsWith('/') ? sent : sent.slice(0, sent.length - rest.length)
  if (path !== begin && !path.startsWith(`${begin}/`)) return null
  return base + path.slice(begin.length) || '/'
}

function begins(rest: string, prefixes: readonly string[]): string | null {
  return prefixes.find((prefix) => rest === prefix || rest.startsWith(`${prefix}/`)) ?? null
}

/** Each template with the placeholder as pages write it: as it is, or encoded as a part of a path. */
function prefixesOf({ auth, placeholder }: Service): string[] {
  const written = [...new Set([placeholder, encodeURIComponent(placeholder)])]
  return auth.flatMap(({ auth: each }) =>
    each.kind === 'path' ? written.map((text) => each.template.split('{}').join(text)) : [],
  )
}
