import { randomUUID } from 'node:crypto'
import { OWNER_ORIGIN } from '../../shared/model/owner-origin.ts'
import type { Service } from '../../shared/model/service.ts'
import type { CallRecord } from '../audit/write-audit.ts'
import { describeCall } from '../broker/describe-call.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import type { OwnerContext } from './context.ts'

/**
 * What the log says of a call that the owner makes to a service with its secrets, outside of any session.
 *
 * @param rule by what it is allowed, in words. @param call its request, null where there is none yet, and its body.
 */
export function ownerIntent(
  context: OwnerContext,
  service: Service,
  rule: string,
  { method, request, body }: { method: string; request: CanonicalRequest | null; body: Uint8Array | null },
): CallRecord {
  return {
    kind: 'intent',
    id: randomUUID(),
    at: context.now(),
    origin: OWNER_ORIGIN,
    topOrigin: null,
    tabId: null,
    frameId: null,
    ...describeCall(context.keys, request, body, { method, bodyLength: null }),
    session: null,
    capability: null,
    service: service.id,
    decision: 'allow',
    reason: 'rule-allow',
    rule,
    approvedBy: null,
    count: 1,
  }
}
