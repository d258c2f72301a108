import type { Service } from '../../shared/model/service.ts'
import { type ClaimedRequest, canonicalise } from './canonical.ts'
import { hasNoBody } from './methods.ts'

/**
 * A claimed call made canonical, or why not: as `canonicalise`, with a body where none may be refused as well.
 *
 * @param hasBody whether bytes come with it, be they none.
 */
export function canonicalCall(
  claimed: ClaimedRequest,
  hasBody: boolean,
  service: Service,
): ReturnType<typeof canonicalise> {
  // SECURITY: a server that takes the body of a GET for the next request would answer it to somebody else.
  if (hasBody && hasNoBody(claimed.method)) return { refused: 'body-not-allowed' }
  return canonicalise(claimed, service)
}
