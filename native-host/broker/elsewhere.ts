import type { Failover, FailoverTrigger } from '../../shared/model/failover.ts'
import { FAILOVER_HEADER } from '../../shared/model/failover.ts'
import type { Permit } from '../audit/permit.ts'
import { failoverRequest } from '../policy/failover-request.ts'
import type { Reason } from '../policy/reason.ts'
import { Problem } from '../problem.ts'
import { SessionEnded } from '../sessions/calls-in-flight.ts'
import type { Candidate } from './admit.ts'
import type { Call, Reply } from './call.ts'
import type { PageContext } from './context.ts'
import type { Exchanged } from './exchange.ts'
import { type FirstTry, triggerOf } from './failover-trigger.ts'
import type { HeldBody } from './hold-body.ts'
import { codeFor, refuse } from './refuse.ts'
import type { Trail } from './trail.ts'
import type { Verdict } from './verdict.ts'

/** A call as it is asked of the other service: to be decided there like any. */
export interface Elsewhere {
  readonly call: Call
  readonly candidate: Candidate
  readonly body: HeldBody
}

/** A call that was permitted at its own service. */
interface Permitted {
  readonly call: Call
  readonly verdict: Verdict
  readonly permit: Permit
  readonly trail: Trail
}

/**
 * Send a call, and once more to its capability's failover where its own service does not answer, before the page has
 * seen anything of an answer. What the other capability does not let through stays with what the first service gave, and the refusal is in
 * the log. Its failover in turn is never taken.
 *
 * @param send the exchange with the call's own service. @param ask the whole line for the other: decide, approve, record, send.
 */
export async function orElsewhere(
  permitted: Permitted,
  send: () => Promise<Exchanged>,
  ask: (there: Elsewhere) => Promise<Reply>,
  context: PageContext,
): Promise<Exchanged> {
  const { call, verdict, trail } = permitted
  const { failover } = verdict.capability
  if (failover === undefined || call.insteadOf !== undefined) return send()
  trail.patience = failover.on.includes('timeout') && failover.wait !== null ? failover.wait * 1000 : null
  const first = await tried(send)
  trail.patience = null
  const on = triggerOf(first, trail.hasLeft, failover)
  if (on === null || call.abort.signal.aborted) return given(first)
  // SECURITY: the end of either session ends the call. A look that came between the two would not look again.
  const kept = context.live.begin(verdict.session.id, call.abort)
  try {
    checkLive(permitted, context)
    const reply = await ask(elsewhere(permitted, failover, on, context))
    drop(first)
    return { reply: told(reply, verdict.request.url, on, kept.end), drop: () => {} }
  } catch (problem) {
    kept.end()
    if (problem instanceof Problem && !call.abort.signal.aborted) return given(first)
    drop(first)
    throw problem
  }
}

async function tried(send: () => Promise<Exchanged>): Promise<FirstTry> {
  try {
    return { exchanged: await send() }
  } catch (problem) {
    return { problem }
  }
}

function given(first: FirstTry): Exchanged {
  if ('problem' in first) throw first.problem
  return first.exchanged
}

/** Its own recorder tries again until its end is written down: that it was not yet takes nothing from what came after it. */
function drop(first: FirstTry): void {
  try {
    if ('exchanged' in first && 'drop' in first.exchanged) first.exchanged.drop()
  } catch {
    // The other's answer is on record and begun: thrown away here, it would hold its session and its part of the budget.
  }
}

function checkLive({ call, verdict }: Permitted, { inventory, live, now }: PageContext): void {
  const { id } = verdict.session
  const isLive = !live.isStopped(id) && inventory.liveSessions(now()).some((session) => session.id === id)
  if (!isLive) call.abort.abort(new SessionEnded())
  call.abort.signal.throwIfAborted()
}

/** The call for the other service. @throws Problem, written down, where there is none. */
function elsewhere(
  { call, verdict, permit }: Permitted,
  failover: Failover,
  on: FailoverTrigger,
  context: PageContext,
): Elsewhere {
  const onward = { ...call, asked: context.now(), insteadOf: { intent: permit.auditId, on } }
  const found = grantedTo(call, failover.capability, context)
  if (found === null) throw refused(onward, 'failover-not-granted', failover.capability, null, context)
  const services = { from: verdict.service, to: found.service }
  const made = failoverRequest(verdict.request, verdict.body, services, failover.models, call.claimed)
  if ('refused' in made) throw refused(onward, made.refused, failover.capability, found, context)
  const { request, body } = made
  const claimed = { ...call.claimed, method: request.method, bodyLength: body?.length ?? null }
  return { call: { ...onward, claimed }, candidate: { ...found, request }, body }
}

type Granted = Omit<Candidate, 'request'>

/** The newest live session that the same document has for the capability. */
function grantedTo({ witnessed }: Call, id: string, { inventory, now }: PageContext): Granted | null {
  const capability = inventory.capability(id)
  const service = capability && inventory.service(capability.service)
  const session = inventory
    .liveSessions(now())
    .filter(({ origin, topOrigin }) => origin === witnessed.origin && topOrigin === witnessed.topOrigin)
    .find((each) => each.capability === id)
  if (!capability || !service || !session) return null
  return { session, capability, service, askWrites: inventory.asksWrites(session) }
}

function refused(
  call: Call,
  reason: Reason,
  capability: string,
  found: Granted | null,
  context: PageContext,
): Problem {
  const about = { session: found?.session.id ?? null, capability, service: found?.service.id ?? null }
  return refuse(call, { reason, code: codeFor(reason), ...about }, context)
}

/**
 * The answer of the other service as the answer to the call that was made. SECURITY: under the address that the page
 * asked, since that of the other, on this machine perhaps, is not the page's to know; nor where something was made there.
 */
function told(reply: Reply, url: string, on: FailoverTrigger, end: () => void): Reply {
  const own = reply.headers.filter(([name]) => name !== 'location')
  const headers = [...own, [FAILOVER_HEADER, on] as const]
  return { ...reply, url, redirected: false, headers, body: ending(reply.body, end) }
}

async function* ending(body: AsyncIterable<Uint8Array>, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } finally {
    end()
  }
}
