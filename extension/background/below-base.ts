/**
 * The first of some base URLs that a URL is below, by scheme, host, port and path, as `page/` decides which calls are caught.
 *
 * @returns null where it is below none, or is no URL.
 */
export function belowBase(url: string, baseUrls: readonly string[]): string | null {
  const asked = URL.parse(url)
  if (asked === null) return null
  const isBelow = (baseUrl: string): boolean => {
    const base = URL.parse(baseUrl)
    if (base === null || base.origin !== asked.origin) return false
    const path = base.pathname.endsWith('/') ? base.pathname.slice(0, -1) : base.pathname
    return asked.pathname === path || asked.pathname.startsWith(`${path}/`)
  }
  return baseUrls.find(isBelow) ?? null
}
