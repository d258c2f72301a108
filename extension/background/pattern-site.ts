import { isOrigin } from '../../shared/model/is-origin.ts'

/** The origin that a match pattern is for, without a port; null where it is for more than one. */
export function siteOf(pattern: string): string | null {
  const origin = pattern.endsWith('/*') ? pattern.slice(0, -2) : ''
  return isOrigin(origin) && !origin.includes('*') ? origin : null
}
