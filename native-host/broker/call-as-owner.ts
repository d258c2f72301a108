import { randomUUID } from 'node:crypto'
import type { Capability } from '../../shared/model/capability.ts'
import { OWNER_ORIGIN } from '../../shared/model/owner-origin.ts'
import type { Service } from '../../shared/model/service.ts'
import { recordOwnerCall } from '../audit/permit.ts'
import { recordRefusal } from '../audit/write-audit.ts'
import { canonicalCall } from '../policy/canonical-call.ts'
import { decideCall } from '../policy/decide-call.ts'
import type { Decision } from '../policy/decision.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { askedOf } from './asked.ts'
import type { ClaimedCall, Reply } from './call.ts'
import type { BrokerContext } from './context.ts'
import { describeCall } from './describe-call.ts'
import { exchange } from './exchange.ts'
import { type HeldBody, readable } from './hold-body.ts'
import { MAX_HOPS, RedirectRefused } from './redirect.ts'
import { codeFor, RecordedProblem } from './refuse.ts'
import { Trail } from './trail.ts'

/**
 * Send a call of the local owner through the same line as a page's: admit, decide, record, inject, send, cleanse.
 * No session and no approval: the owner is the one who would be asked. And no failover: it goes where the owner says.
 *
 * @param body held whole, or null.
 * @throws RecordedProblem where the capability does not allow it; Problem where the upstream fails.
 */
export async function callAsOwner(
  call: ClaimedCall,
  body: Uint8Array | null,
  target: { capability: Capability; service: Service },
  context: BrokerContext,
): Promise<Reply> {
  const canonical = canonicalCall(call.claimed, body !== null, target.service)
  if ('refused' in canonical) {
    throw refuseOwner(
      call,
      { request: null, body },
      { effect: 'deny', reason: canonical.refused, rule: null },
      target,
      context,
    )
  }
  const trail = new Trail()
  let next: { request: CanonicalRequest; body: HeldBody } = { request: canonical.request, body }
  for (let hops = 0; hops <= MAX_HOPS; hops++) {
    const asked = hops === 0 ? call.asked : context.now()
    const exchanged = await oneHop(
      { ...call, ...(asked === undefined ? {} : { asked }) },
      next,
      target,
      context,
      trail,
    )
    if ('reply' in exchanged) return { ...exchanged.reply, redirected: hops > 0 }
    next = exchanged.next
  }
  throw new RedirectRefused('too-many-redirects')
}

async function oneHop(
  call: ClaimedCall,
  { request, body }: { request: CanonicalRequest; body: HeldBody },
  { capability, service }: { capability: Capability; service: Service },
  context: BrokerContext,
  trail: Trail,
) {
  // Nobody asks owners before their own changes.
  const { decision, body: decided } = decideCall(request, readable(body), capability, service, false)
  if (decision.effect === 'deny') {
    throw refuseOwner(call, { request, body }, decision, { capability, service }, context)
  }
  const permit = recordOwnerCall(context.store, context.keys, {
    service: service.id,
    capability,
    asked: askedOf(request, decided, decided?.length ?? 0, { capability, service }),
    record: {
      kind: 'intent',
      id: randomUUID(),
      ...about(call, { request, body: decided }, decision, { capability, service }, context),
    },
  })
  if ('refused' in permit) {
    const refused: Decision = { effect: 'deny', reason: permit.refused, rule: null }
    throw refuseOwner(call, { request, body: decided }, refused, { capability, service }, context)
  }
  return exchange(call, { request, service, capability }, permit, decided, context, trail)
}

/** What the owner asked for; without its canonical form where it has none. */
interface Asked {
  readonly request: CanonicalRequest | null
  readonly body: HeldBody
}

function refuseOwner(
  call: ClaimedCall,
  asked: Asked,
  decision: Decision,
  target: { capability: Capability; service: Service },
  context: BrokerContext,
): RecordedProblem {
  const id = randomUUID()
  recordRefusal(context.store, context.keys, {
    kind: 'refusal',
    id,
    ...about(call, asked, decision, target, context),
  })
  return new RecordedProblem(codeFor(decision.reason), decision.reason, id)
}

function about(
  call: ClaimedCall,
  { request, body }: Asked,
  decision: Decision,
  { capability, service }: { capability: Capability; service: Service },
  context: BrokerContext,
) {
  return {
    at: context.now(),
    origin: OWNER_ORIGIN,
    topOrigin: null,
    tabId: null,
    frameId: null,
    ...describeCall(context.keys, request, body, call.claimed),
    session: null,
    capability: capability.id,
    service: service.id,
    decision: decision.effect,
    reason: decision.reason,
    rule: decision.rule,
    approvedBy: null,
    count: 1,
  }
}
