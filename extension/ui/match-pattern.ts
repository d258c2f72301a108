import { OriginSchema } from '../../shared/model/names.ts'

/**
 * The match pattern to ask the browser's permission with. Without the port: the browsers' prompts show hosts only, and
 * Firefox takes a pattern with a port and never matches it.
 */
export function permissionPatternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin)
  return `${protocol}//${hostname}/*`
}

/** The origin that a match pattern is for, without a port; null where it is for more than one. */
export function siteOf(pattern: string): string | null {
  const origin = OriginSchema.safeParse(pattern.endsWith('/*') ? pattern.slice(0, -2) : null)
  return origin.success && !origin.data.includes('*') ? origin.data : null
}

/**
 * The match pattern to register scripts for an origin with: with its port in Chromium, so that other ports of the host
 * stay untouched. In Firefox those get our scripts too, with an empty list of caught URLs.
 */
export function registrationPatternOf(origin: string): string {
  const knowsPorts = new URL(globalThis.location.href).protocol === 'chrome-extension:'
  return knowsPorts ? `${origin}/*` : permissionPatternOf(origin)
}
