import type { PresetCapability } from '../model/preset.ts'
import type { Auth } from '../model/service.ts'

/** True where a service with these schemes can make the calls of a capability that its preset offers. */
export function isOffered(
  { auth }: Pick<PresetCapability, 'auth'>,
  schemes: readonly { auth: Auth }[],
): boolean {
  return auth === undefined || schemes.some((scheme) => scheme.auth.kind === auth)
}
