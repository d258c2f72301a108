import type { Permit } from '../audit/permit.ts'
import { contentTypeOf } from '../policy/json-content.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Candidate } from './admit.ts'
import type { ClaimedCall, Reply } from './call.ts'
import { type CleansedResponse, cleanse } from './cleanse.ts'
import type { BrokerContext } from './context.ts'
import { createdAt } from './created-at.ts'
import { DECODE_LIMITS } from './decode.ts'
import type { FetchedSecrets } from './fetch-secrets.ts'
import type { HeldBody } from './hold-body.ts'
import type { Resolved } from './location.ts'
import { Meter } from './meter.ts'
import { withoutHiddenModels } from './model-list.ts'
import { OutcomeRecorder } from './outcome.ts'
import { QueueAnswer } from './queue-answer.ts'
import { type NextHop, nextHopOf } from './redirect.ts'
import { sendPermitted } from './send-permitted.ts'
import type { Trail } from './trail.ts'
import { usageReaderFor } from './usage.ts'

/** What came of one request. `drop`: the reply is not read; another answer takes its place. */
export type Exchanged = { readonly reply: Reply; readonly drop: () => void } | { readonly next: NextHop }

/**
 * One permitted request and its response, with its outcome written down however it ends: the reply for the page, or
 * the next hop where the service redirects within itself.
 *
 * @param trail what the other exchanges of the same call left, and this one adds to.
 */
export async function exchange(
  call: ClaimedCall,
  verdict: Resolved & Pick<Candidate, 'capability'>,
  permit: Permit,
  body: HeldBody,
  context: BrokerContext,
  trail: Trail,
): Promise<Exchanged> {
  const outcome = new OutcomeRecorder(permit, context, call.asked)
  const meter = new Meter(permit, context)
  let held: FetchedSecrets | null = null
  const finish = (result: 'sent' | 'cut' | 'failed', problem: unknown) => {
    if (flight.isPutOff()) return
    outcome.requestBytes = bytesOf(body, call)
    try {
      outcome.write(result, problem)
    } finally {
      // SECURITY: the last look that can cut the call: turns may have passed since its last chunk, and its end waits for
      // the disk. What was revoked meanwhile gets no `end`.
      if (result === 'sent') context.live.look()
      flight.end()
      held?.release()
      context.live.activity()
    }
  }
  const flight = context.live.begin(permit.session, call.abort, (reason) => finish('cut', reason))
  try {
    const leaving = () => {
      outcome.isSent = true
      trail.hasLeft = true
    }
    const holding = (fetched: FetchedSecrets) => {
      held = fetched
    }
    const outgoing = meter.outgoing(outcome.followed(body))
    const { response, url } = await sendPermitted(
      call,
      verdict,
      permit,
      outgoing,
      { trail, leaving, holding },
      context,
    )
    const { needles } = trail
    outcome.answered(response.status)
    const next = nextHopOf(response, verdict, call, body, needles, url)
    if (next !== null) {
      finish('sent', null)
      return { next }
    }
    const { exposeHeaders } = verdict.service
    const cleansed = cleanse(response, needles, verdict.request, DECODE_LIMITS, call.slice, exposeHeaders)
    const clean = await withoutHiddenModels(
      cleansed,
      verdict.request,
      verdict.service,
      verdict.capability.models,
    )
    const reading = readingOf(outcome, permit, clean, QueueAnswer.for(verdict, body))
    const reply = {
      session: permit.session,
      status: clean.status,
      statusText: clean.statusText,
      headers: [...clean.headers, ...createdAt(response, verdict, needles, url)],
      url: verdict.request.url,
      redirected: false,
      body: followed(clean, response, outcome, reading, meter, call, finish, context),
    }
    const drop = () => {
      response.destroy()
      const { aborted, reason } = call.abort.signal
      finish(aborted ? 'cut' : 'sent', aborted ? reason : new Problem('upstream-unreachable', 'failed-over'))
    }
    return { reply, drop }
  } catch (problem) {
    finish(call.abort.signal.aborted ? 'cut' : 'failed', problem)
    throw problem
  }
}

/** Of a body that streams, what came of it; none of a body that a redirect dropped. */
function bytesOf(body: HeldBody, call: ClaimedCall): number {
  if (body === null) return 0
  return body instanceof Uint8Array ? body.length : call.received()
}

/** Those who read an answer as it goes by; `end` tells the outcome what it said, after a whole one. */
interface Reading {
  readonly push: (bytes: Uint8Array) => void
  readonly end: () => void
}

function readingOf(
  outcome: OutcomeRecorder,
  { room }: Permit,
  { headers, status }: CleansedResponse,
  queue: QueueAnswer | null,
): Reading {
  // Nobody counts what the answer used where the capability does not.
  const usage = room.counts ? usageReaderFor(contentTypeOf(headers)) : null
  const job = status >= 200 && status <= 299 ? queue : null
  return {
    push: (bytes) => {
      usage?.push(bytes)
      job?.push(bytes)
    },
    end: () => {
      outcome.tokens = usage?.end() ?? null
      if (job !== null) outcome.queued = job.end()
    },
  }
}

/** The body as it goes by, counted; its end, orderly or not, ends the call: an orderly one in a turn of its site. */
async function* followed(
  clean: CleansedResponse,
  response: UpstreamResponse,
  outcome: OutcomeRecorder,
  reading: Reading,
  meter: Meter,
  { abort, turn }: ClaimedCall,
  finish: (result: 'sent' | 'cut', problem: unknown) => void,
  { store, live }: BrokerContext,
): AsyncGenerator<Uint8Array> {
  const { signal } = abort
  // Where others hold the database the end was not even begun: nobody else would take the call from those in flight.
  const unwritten = (failure: unknown) => {
    live.settleLater(abort, failure)
    throw failure
  }
  let ended: { readonly by: unknown } | null = null
  try {
    for await (const bytes of clean.body) {
      reading.push(bytes)
      const admitted = meter.admitted(bytes)
      outcome.redactions = clean.redactions()
      outcome.delivered(admitted)
      if (admitted.length > 0) yield admitted
      if (admitted.length < bytes.length) throw new Problem('budget-spent', 'budget-spent')
    }
    reading.end()
    await turn?.()
    signal.throwIfAborted()
    ended = { by: null }
  } catch (problem) {
    ended = { by: problem }
    throw problem
  } finally {
    response.destroy()
    outcome.redactions = clean.redactions()
    // Made only then: an error looks through the whole stack when it is made.
    const { by } = ended ?? { by: new Problem('internal', 'not-read-to-the-end') }
    const why = signal.aborted ? signal.reason : by
    // With the other ends of this turn. The page waits for no disk: what was sent is on record since before it was.
    if (why === null) await store.together(() => finish('sent', null), 'soon').catch(unwritten)
    else finish('cut', why)
  }
}
