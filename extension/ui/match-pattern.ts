/**
 * The match pattern to ask the browser's permission with, and to register scripts for. Without the port: Firefox knows
 * no ports in patterns. A document on another port of the host gets our scripts and an empty list of caught URLs.
 */
export function permissionPatternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin)
  return `${protocol}//${hostname}/*`
}
