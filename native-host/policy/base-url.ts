/** Where a call goes, as far as ownership is concerned. */
export interface Place {
  /** `scheme://host[:port]`, as the URL parser serialises it. */
  readonly origin: string
  /** Raw percent-encoded path. */
  readonly path: string
}

/**
 * Length of the base path when the place is the base URL's or below it at a segment boundary; -1 when it is not. Scheme,
 * host and port must be equal, the path is compared byte by byte.
 *
 * @param baseUrl `scheme://host[:port][/base/path]` in canonical form; anything else owns nothing.
 */
export function baseLength(baseUrl: string, place: Place): number {
  if (baseUrl !== place.origin && !baseUrl.startsWith(`${place.origin}/`)) return -1
  const base = baseUrl.slice(place.origin.length)
  if (place.path !== base && !place.path.startsWith(`${base}/`)) return -1
  return base.length
}
