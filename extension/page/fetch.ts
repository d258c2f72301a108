import { isCaught, isPlainlyNative } from './catch-list.ts'
import { permits } from './csp.ts'
import { noResponse } from './failure.ts'
import { carry } from './fetch-call.ts'
import { buildRequest } from './fetch-request.ts'
import { bodyNow, hasRoom } from './keepalive.ts'
import {
  apply,
  type Callable,
  isAborted,
  isGecko,
  isRemoved,
  NativePromise,
  requestCache,
  requestKeepalive,
  requestMethod,
  requestMode,
  requestSignal,
  requestUrl,
  scope,
  tagOf,
  throwIfAborted,
} from './primordials.ts'
import { replace } from './replace.ts'
import { givenBody, takeBody } from './request-body.ts'
import { isSameOrigin, parseUrl } from './response.ts'
import { stopCount } from './stop.ts'
import { waitForList } from './wire.ts'
import { setting } from './workers/own-source.ts'

/** Catch `fetch`. Calls that are not caught reach the browser's own with the very same receiver and arguments. */
export function catchFetch(): void {
  replace(scope, 'fetch', (native, self, args) => {
    const target = targetOf(args)
    const url = target === null || isPlainlyNative(target) ? null : parseUrl(target)
    const caught = url !== null && isCaught(url)
    return caught === false ? apply(native, self, args) : broker(native, self, args, url as URL)
  })
}

/**
 * Where a call goes, before anything is built from it. Null: the browser's own `fetch` will refuse it.
 * An object that is no Request is turned into text once, here, so that what was decided is what is sent: a URL too, whose
 * `toString` the page may have made its own.
 */
function targetOf(args: unknown[]): string | null {
  // By index: the page may have replaced the iterator of arrays.
  const input = args[0]
  if (args.length === 0) return null
  if (typeof input === 'string') return input
  try {
    // What calls itself a URL is one, or a page that fools itself: asking it for a Request's URL would cost a failure.
    if (tagOf(input) !== '[object URL]') return requestUrl(input as Request)
  } catch {
    // No Request.
  }
  try {
    const text = `${input}`
    args[0] = text
    return text
  } catch {
    return null
  }
}

/** SECURITY: what is on the list, or may be, is never the browser's own `fetch` again: what fails, rejects. */
async function broker(native: Callable, self: unknown, args: unknown[], url: URL): Promise<Response> {
  // SECURITY: no browser sends anything for a document without a frame. Each says so in its own way.
  if (isRemoved()) return apply(native, self, args)
  // As it is at this moment: while the call waits for the list the page may go on with what it gave.
  const request = buildRequest(self, args)
  const given = givenBody(args[1])
  const stops = stopCount()
  const signal = requestSignal(request)
  throwIfAborted(signal)
  if (isCaught(url) === undefined) {
    if (!(await waitForList())) throw noResponse()
    if (!isCaught(url)) return apply(native, self, [request])
    throwIfAborted(signal)
  }
  const isElsewhere = requestMode(request) === 'same-origin' && !isSameOrigin(requestUrl(request))
  // Nothing brokered is ever in a cache.
  if (isElsewhere || requestCache(request) === 'only-if-cached') throw noResponse()
  // What must outlive this document or worker cannot wait for its next turn.
  const isKept = requestKeepalive(request)
  const permitted = permits(requestUrl(request))
  // SECURITY: where a worker does not wait, who carries its call does, and sends nothing that is forbidden.
  if (permitted !== true && !(setting && isKept) && !(await permitted)) throw noResponse()
  const now = isKept && (given || requestMethod(request) === 'GET') ? bodyNow(given) : undefined
  const body = now === undefined ? await takeBody(request, given) : now
  if (isKept && body && !hasRoom(body)) throw noResponse()
  if (isAborted(signal)) {
    body?.giveUp()
    throwIfAborted(signal)
  }
  if (stops !== stopCount() && !(isGecko && isKept)) throw noResponse()
  return new NativePromise((resolve, reject) => carry(request, body, resolve, reject))
}
