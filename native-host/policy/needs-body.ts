import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { authFor } from './auth-for.ts'
import { readsBody } from './auth-places.ts'
import { speaksOfBodies } from './body.ts'
import { deniedFieldsFor } from './denied-fields.ts'
import { isFormLike } from './form-content.ts'
import { contentTypeOf, isJsonContent } from './json-content.ts'
import { matchesWidely } from './matches-widely.ts'
import { InvalidPattern, parsePattern } from './pattern.ts'
import type { CanonicalRequest } from './request.ts'

/**
 * True when the body, if there is one, must be held whole before the call is decided and sent: the capability has
 * conditions on bodies (for every method, since any may come with a body), the service denies fields to all, the owner may be asked about the call and is to
 * be shown all of it, the credential goes into the body or speaks of it, a placeholder has to be taken out of it, it is a form, whose
 * fields could replace the method, or it says how many tokens the call may come to.
 *
 * @throws InvalidPattern for a service that did not pass `checkService`.
 */
export function needsBody(request: CanonicalRequest, capability: Capability, service: Service): boolean {
  if (speaksOfBodies(capability)) return true
  if (request.method === 'GET' || request.method === 'HEAD') return false
  if (deniedFieldsFor(request, service).length > 0) return true
  const contentType = contentTypeOf(request.headers)
  if (isFormLike(contentType)) return true
  if (mayAsk(request, capability)) return true
  const auth = authFor(request, service)
  if (auth !== null && readsBody(auth, request.origin.replace(/^\w+:\/\//, ''))) return true
  const { maxTokens, prices } = capability.limits
  const isCounted = maxTokens !== null || prices !== null
  return (isCounted || service.strip.jsonFields.length > 0) && isJsonContent(contentType)
}

/** True where an ask rule matches. A rule that cannot be read denies the call whatever its body is. */
function mayAsk({ method, path, query }: CanonicalRequest, { rules }: Capability): boolean {
  const asking = rules.filter(({ effect }) => effect === 'ask')
  try {
    return asking.some(({ pattern }) => matchesWidely(parsePattern(pattern), method, path, query))
  } catch (error) {
    if (error instanceof InvalidPattern) return false
    throw error
  }
}
