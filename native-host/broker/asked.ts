import type { Capability } from '../../shared/model/capability.ts'
import type { Asked } from '../budgets/amounts.ts'
import { askedTokens } from '../policy/asked-tokens.ts'
import { contentTypeOf, isJsonContent } from '../policy/json-content.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import type { HeldBody } from './hold-body.ts'

/**
 * What a call may come to, for `budgets/reserve.ts`. A body is read for it only where the capability counts tokens or money.
 *
 * @param length bytes of a streamed body where the page said so.
 */
export function askedOf(
  request: CanonicalRequest,
  body: HeldBody,
  length: number | null,
  { limits }: Capability,
): Asked {
  const bytesUp = body === null ? 0 : body instanceof Uint8Array ? body.length : length
  const counts = limits.maxTokens !== null || limits.maxCost !== null || limits.prices !== null
  if (!counts) return { bytesUp, input: 0, output: 0, spends: false }
  const isRead = body instanceof Uint8Array && isJsonContent(contentTypeOf(request.headers))
  if (!isRead && body !== null) return { bytesUp, input: null, output: null, spends: true }
  return { bytesUp, ...askedTokens(request, isRead ? body : null) }
}
