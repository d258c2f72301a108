/**
 * The match pattern to ask the browser's permission with. Without the port: the browsers' prompts show hosts only, and
 * Firefox takes a pattern with a port and never matches it.
 */
export function permissionPatternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin)
  return `${protocol}//${hostname}/*`
}

/**
 * The match pattern to register scripts for an origin with: with its port in Chromium, so that other ports of the host
 * stay untouched. In Firefox those get our scripts too, with an empty list of caught URLs.
 */
export function registrationPatternOf(origin: string): string {
  const knowsPorts = new URL(globalThis.location.href).protocol === 'chrome-extension:'
  return knowsPorts ? `${origin}/*` : permissionPatternOf(origin)
}
