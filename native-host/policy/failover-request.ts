import type { Failover } from '../../shared/model/failover.ts'
import type { Service } from '../../shared/model/service.ts'
import { canonicalise } from './canonical.ts'
import { failoverBody } from './failover-body.ts'
import { contentTypeOf, isJsonContent } from './json-content.ts'
import type { Reason } from './reason.ts'
import { rebasePath } from './rebase-path.ts'
import type { CanonicalRequest } from './request.ts'
import { type Sending, withoutSenderHeaders } from './sender-headers.ts'

/** A call as it would go to the other service: canonical there, and not yet decided. */
export interface FailoverRequest {
  readonly request: CanonicalRequest
  readonly body: Uint8Array | null
}

/**
 * Make a call that was decided for one service canonical for another of the same API shape: the same method, path and
 * query below the other base URL, the headers that both let pass, the model under its name there. What pages put in
 * place of either credential is in neither.
 *
 * @param body as it was decided; a stream cannot be sent twice. @param sending the call as it was claimed: what the other
 *   service requires comes before what is said of whoever sends it. Default: all its headers were claimed.
 * @returns `refused` with the reason where there is no such call.
 */
export function failoverRequest(
  request: CanonicalRequest,
  body: Uint8Array | AsyncIterable<Uint8Array> | null,
  services: { readonly from: Service; readonly to: Service },
  models: Failover['models'],
  sending: Sending = request,
): FailoverRequest | { refused: Reason } {
  if (body !== null && !(body instanceof Uint8Array)) return { refused: 'failover-body' }
  const isEmpty = body === null || body.length === 0
  if (!isEmpty && !isJsonContent(contentTypeOf(request.headers))) return { refused: 'failover-body' }
  const address = rebasePath(request, services.from, services.to)
  if (address === null) return { refused: 'other-service' }
  const mapped = isEmpty ? body : failoverBody(body, models)
  if (typeof mapped === 'string') return { refused: mapped }
  const url = address + request.url.slice(request.origin.length + request.path.length)
  const headers = withoutSenderHeaders(request.headers, sending)
  const canonical = canonicalise({ ...sending, method: request.method, url, headers }, services.to)
  return 'refused' in canonical ? canonical : { request: canonical.request, body: mapped }
}
