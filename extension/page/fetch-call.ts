import { askOf } from './ask.ts'
import { callFor } from './call.ts'
import type { CallListener, Head } from './call-listener.ts'
import { bodyCut, noResponse } from './failure.ts'
import {
  abortedSignal,
  abortReason,
  isGecko,
  on,
  requestIntegrity,
  requestKeepalive,
  requestMethod,
  requestMode,
  requestRedirect,
  requestSignal,
  requestUrl,
  sizeOf,
  unlisten,
} from './primordials.ts'
import type { RequestBody } from './request-body.ts'
import { factsOf, isRedirect, isSameOrigin, toOpaqueResponse, toResponse } from './response.ts'
import type { ResponseFacts } from './response-facts.ts'
import { type BodyFeed, type StreamOwner, streamFor } from './response-stream.ts'
import { whenStopped } from './stop.ts'

/** Carry one caught `fetch`: what its promise and its body become. Never throws; `reject` gets what is wrong. */
export function carry(
  request: Request,
  body: RequestBody | null,
  resolve: (response: Response) => void,
  reject: (reason: unknown) => void,
): void {
  const signal = requestSignal(request)
  const url = requestUrl(request)
  const isOpaque = requestMode(request) === 'no-cors' && !isSameOrigin(url)
  /** From the response on. */
  let facts: ResponseFacts | null = null
  let feed: BodyFeed | null = null

  const over = () => {
    unlisten(signal, 'abort', abort)
    endStop?.()
  }
  /**
   * @param whole what reading all of the body at once rejects with. @param begun what it rejects with where it has begun.
   */
  const fail = (reason: unknown, whole = reason, begun = whole) => {
    reject(reason)
    if (facts) facts.failure = [whole, begun]
    feed?.fail(reason)
    over()
  }
  const abort = () => {
    call.giveUp()
    const reason = abortReason(signal)
    // Firefox tells those who read the whole body no reason but its own.
    fail(reason, reason, isGecko ? abortReason(abortedSignal()) : reason)
  }
  const owner: StreamOwner = {
    taken: (bytes) => call.more(bytes),
    unwanted() {
      call.giveUp()
      over()
    },
    over,
  }
  const respond = (head: Head) => {
    const stated = factsOf(head, url)
    const body = isGecko && requestMethod(request) === 'HEAD' ? null : streamFor(owner)
    const response = toResponse(head, stated, body?.stream ?? null)
    facts = stated
    feed = body?.feed ?? null
    resolve(response)
  }
  const listener: CallListener = {
    head(head) {
      // A redirect that is to be an error has none.
      const isHidden = isRedirect(head.status) && requestRedirect(request) === 'manual'
      if (!isHidden && !isOpaque) return respond(head)
      call.giveUp()
      // What nobody may look into cannot be shown to have its digest.
      if (requestIntegrity(request)) return fail(noResponse())
      over()
      resolve(toOpaqueResponse(isHidden ? 'opaqueredirect' : 'opaque', url))
    },
    came(bytes) {
      if (feed) feed.push(bytes)
      else call.more(sizeOf(bytes))
    },
    end() {
      if (feed) feed.end()
      else over()
    },
    cut(reason) {
      if (reason !== undefined || !facts) fail(reason ?? noResponse())
      else fail(bodyCut(), isGecko ? bodyCut() : noResponse())
    },
  }
  const call = callFor(askOf(request, body), body, listener)
  on(signal, 'abort', abort)
  const stop = () => {
    call.giveUp()
    listener.cut()
  }
  // What outlives its document in Firefox outlives this too.
  const endStop = isGecko && requestKeepalive(request) ? null : whenStopped(stop)
}
