import { isDeepStrictEqual } from 'node:util'
import { written } from '../audit/written.ts'
import type { Reason } from '../policy/reason.ts'
import { SessionEnded, VaultPaused } from '../sessions/calls-in-flight.ts'
import { vaultTime } from '../sessions/clock.ts'
import { noteDenial } from '../sessions/mute.ts'
import { isLive } from '../sessions/session-life.ts'
import { sessionById } from '../sessions/sessions.ts'
import { findStandingAnswer } from '../sessions/standing-answers.ts'
import type { Approved } from '../sessions/take-answer.ts'
import { askedOf } from './asked-approval.ts'
import type { Call } from './call.ts'
import type { PageContext } from './context.ts'
import type { AskedApproval, Ending } from './parked-calls.ts'
import { codeFor, refuse } from './refuse.ts'
import type { Verdict } from './verdict.ts'

/** Most calls of one session that may wait for the owner at once, and most in this process. */
const MOST_OF_SESSION = 20
const MOST_IN_ALL = 100

/**
 * Let a call through, refuse it, or park it until the owner answers: an `ask` rule sends nothing without a yes.
 *
 * @returns null where nobody had to be asked; else what `record` needs to use the owner's answer up.
 * @throws RecordedProblem `denied` and the like, `approval-denied`, `rate-limited` (too many wait); the abort's reason.
 */
export async function approve(call: Call, verdict: Verdict, context: PageContext): Promise<Approved | null> {
  const { decision, session } = verdict
  if (decision.effect === 'allow') return null
  if (decision.effect === 'deny') throw refused(call, verdict, decision.reason, context)
  const asked = askedOf(call, verdict)
  if (stands(verdict, asked.rule, context)) return { approval: null, digest: asked.digest }
  const full = whyFull(verdict, context)
  if (full !== null) throw refused(call, verdict, full, context)
  const flight = context.live.begin(session.id, call.abort)
  return answerTo(call, verdict, asked, context).finally(flight.end)
}

async function answerTo(
  call: Call,
  verdict: Verdict,
  asked: AskedApproval,
  context: PageContext,
): Promise<Approved> {
  const { signal } = call.abort
  const parked = written(() => context.parked.park(asked, signal, () => isCurrent(verdict, context)))
  if (parked === null) throw refused(call, verdict, 'approval-muted', context)
  const { id } = parked
  const ending = await parked.ended.catch(() => 'given-up' as const)
  if (ending === 'given-up' || signal.aborted) throw givenUp(call, verdict, id, context)
  // SECURITY: the answer was to what the owner had then. What `record` finds in its transaction decides.
  const reason = isCurrent(verdict, context) ? reasonFor(ending) : 'approval-stale'
  if (reason === null) return { approval: id, digest: asked.digest }
  throw context.store.transaction(() => {
    context.parked.withdraw(id)
    if (reason === 'approval-stale') return refused(call, verdict, whyStale(verdict, context), context, id)
    noteDenial(context.store, context.keys, asked, vaultTime(context.store, context.keys, context.now()))
    return refused(call, verdict, reason, context, id)
  })
}

/** True where an earlier answer lets the call pass; whether it still does is for `record` to say. */
function stands(verdict: Verdict, rule: string, { store, keys, now }: PageContext): boolean {
  const time = vaultTime(store, keys, now())
  return findStandingAnswer(store, keys, { ...verdict, rule }, time) !== null
}

/** Why a call may not even wait, or null. A call that waits counts as one in flight. */
function whyFull({ session, capability }: Verdict, { live, parked }: PageContext): Reason | null {
  const { concurrent } = capability.limits
  if (concurrent !== null && live.inFlight(session.id) >= concurrent) return 'concurrency-limited'
  const full = parked.count(session.id) >= MOST_OF_SESSION || parked.count() >= MOST_IN_ALL
  return full ? 'too-many-waiting' : null
}

function isCurrent({ capability, service }: Verdict, { inventory }: PageContext): boolean {
  return (
    isDeepStrictEqual(inventory.capability(capability.id), capability) &&
    isDeepStrictEqual(inventory.service(service.id), service)
  )
}

/** A revoke takes what waits away with the session, and may come between two looks. */
function whyStale({ session }: Verdict, { store, keys, now }: PageContext): Reason {
  const stored = sessionById(store, keys, session.id)
  return stored !== null && isLive(stored, now()) ? 'approval-stale' : 'session-ended'
}

/** Null for a yes. */
function reasonFor(ending: Ending): Reason | null {
  switch (ending) {
    case 'deny':
      return 'approval-denied'
    case 'silence':
      return 'approval-timeout'
    case 'stale':
      return 'approval-stale'
    default:
      return null
  }
}

/** The page, its document or the owner ended the wait: what the call fails with. */
function givenUp(call: Call, verdict: Verdict, id: string, context: PageContext): unknown {
  const reason: unknown = call.abort.signal.reason
  context.parked.withdraw(id)
  if (reason instanceof VaultPaused) return refused(call, verdict, 'vault-paused', context, id)
  return reason instanceof SessionEnded ? refused(call, verdict, 'session-ended', context, id) : reason
}

/** Write the refusal down: under the approval's id where there was one, so that answer and outcome are found together. */
function refused(call: Call, verdict: Verdict, reason: Reason, context: PageContext, id?: string) {
  const { decision, session, capability, service, request, body } = verdict
  const about = { session: session.id, capability: capability.id, service: service.id, request, body }
  const said = { code: codeFor(reason), decision: decision.effect, rule: decision.rule, reason }
  return refuse(call, { ...about, ...said, ...(id === undefined ? {} : { id }) }, context)
}
