import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import type { Asked } from '../budgets/amounts.ts'
import { askedModel } from '../policy/asked-model.ts'
import { askedTokens } from '../policy/asked-tokens.ts'
import { contentTypeOf, isJsonContent } from '../policy/json-content.ts'
import { makesJob } from '../policy/queue-calls.ts'
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
  { capability: { limits }, service }: { capability: Capability; service: Service },
): Asked {
  const bytesUp = body === null ? 0 : body instanceof Uint8Array ? body.length : length
  const queue = makesJob(request, service) ? service.id : null
  const counts = limits.maxTokens !== null || limits.maxCost !== null || limits.prices !== null
  if (!counts) return { bytesUp, input: 0, output: 0, spends: false, queue }
  const isRead = body instanceof Uint8Array && isJsonContent(contentTypeOf(request.headers))
  const read = isRead ? body : null
  const model = limits.prices?.models === undefined ? null : askedModel(request, read)
  if (!isRead && body !== null) return { bytesUp, input: null, output: null, spends: true, model, queue }
  return { bytesUp, ...askedTokens(request, read), model, queue }
}
