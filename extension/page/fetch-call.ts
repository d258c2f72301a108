import { askOf } from './ask.ts'
import { callFor } from './call.ts'
import type { CallListener, Head } from './call-listener.ts'
import { bodyCut, noResponse } from './failure.ts'
import { meetsIntegrity } from './integrity.ts'
import {
  abortReason,
  on,
  requestIntegrity,
  requestMethod,
  requestMode,
  requestRedirect,
  requestSignal,
  requestUrl,
  sizeOf,
  unlisten,
} from './primordials.ts'
import { concat, type RequestBody } from './request-body.ts'
import { factsOf, isBodiless, isRedirect, isSameOrigin, toOpaqueResponse, toResponse } from './response.ts'
import type { ResponseFacts } from './response-facts.ts'
import { type BodyFeed, type StreamOwner, streamFor } from './response-stream.ts'

/** Carry one caught `fetch`: what its promise and its body become. Never throws; `reject` gets what is wrong. */
export function carry(
  request: Request,
  body: RequestBody | null,
  resolve: (response: Response) => void,
  reject: (reason: unknown) => void,
): void {
  const signal = requestSignal(request)
  const url = requestUrl(request)
  const integrity = requestIntegrity(request)
  const isOpaque = requestMode(request) === 'no-cors' && !isSameOrigin(url)
  /** What came of a response that is verified before anyone sees it. */
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  let unverified: Head | null = null
  /** From the response on. */
  let facts: ResponseFacts | null = null
  let feed: BodyFeed | null = null

  const over = () => unlisten(signal, 'abort', abort)
  const fail = (reason: unknown) => {
    reject(reason)
    if (facts) facts.failure = { reason }
    feed?.fail(reason)
    over()
  }
  const abort = () => {
    call.cancel()
    fail(abortReason(signal))
  }
  const owner: StreamOwner = {
    taken: (bytes) => call.credit(bytes),
    unwanted() {
      call.cancel()
      over()
    },
    over,
  }
  const respond = (head: Head) => {
    if (isOpaque) return resolve(toOpaqueResponse('opaque', url))
    const stated = factsOf(head, url)
    const body = isBodiless(head.status, requestMethod(request)) ? null : streamFor(owner)
    const response = toResponse(head, stated, body === null ? null : body.stream)
    facts = stated
    feed = body === null ? null : body.feed
    resolve(response)
  }
  const verify = async (head: Head) => {
    const bytes = concat(parts, size)
    if (!(await meetsIntegrity(integrity, bytes))) return listener.cut()
    respond(head)
    feed?.push(bytes)
    feed?.end()
  }
  const refuse = () => {
    call.cancel()
    listener.cut()
  }
  const listener: CallListener = {
    head(head) {
      const redirect = isRedirect(head.status) ? requestRedirect(request) : 'follow'
      if (redirect === 'error' || (isOpaque && integrity)) return refuse()
      if (redirect === 'manual') {
        call.cancel()
        resolve(toOpaqueResponse('opaqueredirect', url))
      } else if (integrity) unverified = head
      else respond(head)
    },
    chunk(bytes) {
      if (feed) return feed.push(bytes)
      call.credit(sizeOf(bytes))
      if (unverified === null) return
      parts[parts.length] = bytes
      size += sizeOf(bytes)
    },
    end() {
      if (unverified) void verify(unverified)
      else if (feed) feed.end()
      else over()
    },
    cut(reason) {
      fail(reason ?? (facts ? bodyCut() : noResponse()))
    },
  }
  const call = callFor(askOf(request, body), body, listener)
  on(signal, 'abort', abort)
  call.start()
}
