import type { ProblemCode } from '../../shared/model/problem.ts'
import type {
  FrameToBackground,
  FrameToHost,
  NativeAsk,
  Witnessed,
} from '../../shared/protocol/native-frames.ts'
import { broker } from '../broker/broker.ts'
import type { PageContext } from '../broker/context.ts'
import { RedirectRefused } from '../broker/redirect.ts'
import { RecordedProblem } from '../broker/refuse.ts'
import { Problem } from '../problem.ts'
import { Refusal } from '../refusal.ts'
import { SessionEnded } from '../sessions/calls-in-flight.ts'
import { FRESH_MS } from '../sessions/live.ts'
import { CallTurns } from './call-turns.ts'
import { Inflow } from './inflow.ts'
import { Outflow } from './outflow.ts'
import type { Lane, Outlet } from './outlet.ts'
import type { Turns } from './turns.ts'

type CallFrame = Extract<FrameToHost, { type: 'body' | 'body-end' | 'credit' | 'cancel' }>

/** The page gave the call up: nobody waits for an answer. */
class Cancelled extends Error {
  override name = 'Cancelled'
}

/** One call's end of the wire: its frames in, the broker's answer out as frames. */
export class CallChannel {
  readonly #ask: NativeAsk
  readonly #outlet: Outlet
  readonly #lane: Lane
  readonly #inflow: Inflow
  readonly #outflow: Outflow
  /** Aborted when the call is over before its end. */
  readonly abort = new AbortController()
  readonly #turns: CallTurns
  readonly #slice = (bytes: number) => this.#turns.slice(bytes)
  #headSent = false

  /** @param site whose call it is: its frames and its streams take turns with those of other sites. */
  constructor(ask: NativeAsk, outlet: Outlet, turns: Turns, site: string) {
    this.#ask = ask
    this.#outlet = outlet
    this.#lane = outlet.lane(site)
    this.#turns = new CallTurns(turns, site, this.abort.signal)
    this.#inflow = new Inflow((bytes) => this.#send({ type: 'credit', id: ask.id, bytes }), this.#slice)
    this.#outflow = new Outflow(ask.id, this.#lane, this.#slice)
  }

  /** Resolves in a turn in which the call may begin; rejects where it is given up before. */
  turn(): Promise<void> {
    return this.#turns.next()
  }

  /** Take a later frame of this call. */
  receive(frame: CallFrame): void {
    if (frame.type === 'body') this.receiveBody(Buffer.from(frame.base64, 'base64'))
    else if (frame.type === 'body-end') this.#inflow.end()
    else if (frame.type === 'credit') this.#outflow.credit(frame.bytes)
    else this.cancel()
  }

  /** Take a piece of the request's body. */
  receiveBody(bytes: Uint8Array): void {
    this.#inflow.push(bytes)
  }

  /** The page, its document or the browser has gone: stop the upstream and say nothing more. */
  cancel(): void {
    this.abort.abort(new Cancelled())
    this.#inflow.fail(new Problem('internal', 'cancelled'))
  }

  /** Run the call to its end. Never rejects: whatever fails becomes the page's problem or cut. */
  async run(witnessed: Witnessed, context: PageContext): Promise<void> {
    this.abort.signal.addEventListener('abort', () =>
      this.#inflow.fail(new Problem('session-ended', 'aborted')),
    )
    try {
      this.abort.signal.throwIfAborted()
      const reply = await broker(
        {
          claimed: this.#ask,
          witnessed,
          asked: context.now(),
          body: this.#ask.hasBody ? this.#inflow : null,
          received: () => this.#inflow.received,
          abort: this.abort,
          turn: () => this.#turns.next(),
          slice: this.#slice,
        },
        context,
      )
      context.live.look()
      // SECURITY: a revoke may have come while the head was made ready. The body is begun all the same: it ends the call.
      if (!this.abort.signal.aborted) this.#sendHead(reply)
      // SECURITY: an end says that the answer was whole and allowed; it may come turns after the last chunk.
      const look = (isEnd: boolean) => context.live.look(isEnd ? 0 : FRESH_MS)
      await this.#outflow.run(reply.body, this.abort.signal, look)
    } catch (failure) {
      this.fail(failure)
    } finally {
      this.#inflow.discard()
    }
  }

  /** Answer with a problem before the head and with a cut after it. */
  fail(failure: unknown): void {
    const cause = this.abort.signal.aborted ? this.abort.signal.reason : failure
    // Whoever cut it, the page is given nothing that still waits for the browser.
    if (this.abort.signal.aborted) this.#outlet.recall(this.#ask.id)
    if (cause instanceof Cancelled) return
    const code = codeOf(cause)
    // A redirect that is an error to the browser too rejects its fetch, as a network failure does: a cut without a head.
    if (this.#headSent || cause instanceof RedirectRefused) {
      this.#send({ type: 'cut', id: this.#ask.id, code })
    } else {
      const instance = cause instanceof RecordedProblem ? { instance: cause.instance } : {}
      this.#send({ type: 'problem', id: this.#ask.id, code, ...instance })
    }
  }

  #sendHead(reply: Awaited<ReturnType<typeof broker>>): void {
    const { session } = reply
    // A page's call runs in a session; only the local owner's own does not.
    if (session === null) throw new Problem('internal', 'no-session')
    this.#headSent = true
    const { status, statusText, url, redirected } = reply
    const headers = reply.headers.map(([name, value]): [string, string] => [name, value])
    this.#send({ type: 'head', id: this.#ask.id, status, statusText, headers, url, redirected, session })
  }

  #send(frame: FrameToBackground): void {
    this.#lane.send(frame)
  }
}

// SECURITY: everything we did not expect is `internal`, without a word of what it said.
function codeOf(cause: unknown): ProblemCode {
  if (cause instanceof Problem) return cause.code
  if (cause instanceof SessionEnded) return 'session-ended'
  if (cause instanceof Refusal && cause.code === 'vault-locked') return 'vault-locked'
  return 'internal'
}
