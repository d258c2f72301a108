import { OriginSchema } from '../../shared/model/names.ts'

/** The origin that a match pattern is for, without a port; null where it is for more than one. */
export function siteOf(pattern: string): string | null {
  const origin = OriginSchema.safeParse(pattern.endsWith('/*') ? pattern.slice(0, -2) : null)
  return origin.success && !origin.data.includes('*') ? origin.data : null
}
