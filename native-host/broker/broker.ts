import { admit, type Candidate } from './admit.ts'
import { approve } from './approve.ts'
import type { Call, Reply } from './call.ts'
import type { BrokerContext, PageContext } from './context.ts'
import { type Elsewhere, orElsewhere } from './elsewhere.ts'
import { exchange } from './exchange.ts'
import { type HeldBody, holdBody } from './hold-body.ts'
import { record } from './record.ts'
import { MAX_HOPS, RedirectRefused } from './redirect.ts'
import { codeFor, refuse } from './refuse.ts'
import { Trail } from './trail.ts'
import { verdictOver } from './verdict.ts'

/**
 * Take one call from the page's ask to the cleansed answer: admit, decide, approve, record, inject, send, cleanse.
 *
 * @throws Problem with what the page learns; RedirectRefused where a browser would not follow either; the abort's reason.
 */
export async function broker(call: Call, context: PageContext): Promise<Reply> {
  // What another process has committed by now is what the call is decided by: its owner's command has answered already.
  context.live.look()
  const admission = admit(call, context)
  if ('refused' in admission) throw refuseAdmission(call, admission, context)
  const candidates = admission.candidates
  const { isPaused } = context.live
  if (isPaused) throw refuseAdmission(call, { ...candidates[0], refused: 'vault-paused' }, context)
  const waiting = cutWhenOver(call, candidates, context)
  const { body, release } = await holdBody(call, candidates).finally(waiting.end)
  // What has ended since is not chosen; where all have, the call was cut, and is refused like any.
  const [first, ...others] = waiting.left()
  const left = first === undefined ? candidates : ([first, ...others] as const)
  return hop(call, left, body, context, new Trail(), 0).finally(release)
}

/** While the body comes in no session is chosen yet: the call is over when none is left. */
function cutWhenOver(call: Call, candidates: readonly Candidate[], { live }: BrokerContext) {
  const waiting = candidates.map((candidate) => ({ candidate, over: new AbortController() }))
  const left = () => waiting.filter(({ over }) => !over.signal.aborted).map(({ candidate }) => candidate)
  const flights = waiting.map(({ candidate, over }) => {
    over.signal.addEventListener('abort', () => {
      if (left().length === 0) call.abort.abort(over.signal.reason)
    })
    return live.begin(candidate.session.id, over)
  })
  const end = () => {
    for (const flight of flights) flight.end()
  }
  return { left, end }
}

async function hop(
  call: Call,
  candidates: readonly [Candidate, ...Candidate[]],
  body: HeldBody,
  context: PageContext,
  trail: Trail,
  hops: number,
): Promise<Reply> {
  const verdict = verdictOver(candidates, body)
  const approved = await approve(call, verdict, context)
  const permit = await record(call, verdict, approved, context)
  const send = () => exchange(call, verdict, permit, verdict.body, context, trail)
  const elsewhere = (there: Elsewhere) => hop(there.call, [there.candidate], there.body, context, trail, 0)
  const exchanged =
    hops === 0 ? await orElsewhere({ call, verdict, permit, trail }, send, elsewhere, context) : await send()
  if ('reply' in exchanged) return exchanged.reply
  const next = exchanged.next
  if (hops === MAX_HOPS) throw new RedirectRefused('too-many-redirects')
  const hopped = { ...call, asked: context.now(), claimed: { ...call.claimed, method: next.request.method } }
  const reply = await hop(
    hopped,
    [{ ...verdict, request: next.request }],
    next.body,
    context,
    trail,
    hops + 1,
  )
  return { ...reply, redirected: true }
}

function refuseAdmission(
  call: Call,
  refused: Exclude<ReturnType<typeof admit>, { candidates: unknown }>,
  context: BrokerContext,
) {
  const { refused: reason, session, service, request } = refused
  return refuse(
    call,
    {
      reason,
      code: codeFor(reason),
      session: session?.id ?? null,
      capability: session?.capability ?? null,
      service: service?.id ?? null,
      request,
    },
    context,
  )
}
