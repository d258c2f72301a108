import { decide } from './catch-list.ts'
import { permits } from './csp.ts'
import { noResponse } from './failure.ts'
import { carry } from './fetch-call.ts'
import { buildRequest } from './fetch-request.ts'
import { bodyNow, hasRoom } from './keepalive.ts'
import {
  abortReason,
  apply,
  asString,
  type Callable,
  isAborted,
  NativePromise,
  NativeTypeError,
  requestKeepalive,
  requestMethod,
  requestMode,
  requestSignal,
  requestUrl,
  scope,
} from './primordials.ts'
import { replace } from './replace.ts'
import { givenBody, takeBody } from './request-body.ts'
import { isSameOrigin, parseUrl } from './response.ts'
import { waitForList } from './wire.ts'

/** Catch `fetch`. Calls that are not caught reach the browser's own with the very same receiver and arguments. */
export function catchFetch(): void {
  replace(scope, 'fetch', (native, self, args) => {
    const url = targetOf(args)
    const verdict = url === null ? 'native' : decide(url)
    if (verdict === 'native') return apply(native, self, args)
    if (verdict === 'unknown') return wait(native, self, args, url as URL)
    return broker(self, args)
  })
}

async function wait(native: Callable, self: unknown, args: unknown[], url: URL): Promise<unknown> {
  if (!(await waitForList())) throw noResponse()
  return decide(url) === 'caught' ? broker(self, args) : apply(native, self, args)
}

/**
 * Where a call goes, before anything is built from it. Null: the browser's own `fetch` will refuse it.
 * An object that is no Request is turned into text once, here, so that what was decided is what is sent: a URL too, whose
 * `toString` the page may have made its own.
 */
function targetOf(args: unknown[]): URL | null {
  try {
    return parseUrl(textOf(args))
  } catch {
    return null
  }
}

function textOf(args: unknown[]): string {
  // By index: the page may have replaced the iterator of arrays.
  const input = args[0]
  if (typeof input === 'string') return input
  if (typeof input === 'object' && input !== null) {
    const url = urlOfRequest(input)
    if (url !== null) return url
  }
  if (args.length === 0) throw new NativeTypeError()
  const text = asString(input)
  if (typeof input === 'object' || typeof input === 'function') args[0] = text
  return text
}

function urlOfRequest(input: object): string | null {
  try {
    return requestUrl(input as Request)
  } catch {
    return null
  }
}

/** SECURITY: from here on nothing leads back to the browser's own `fetch`: what fails, rejects. */
async function broker(self: unknown, args: unknown[]): Promise<Response> {
  const request = buildRequest(self, args)
  const signal = requestSignal(request)
  if (isAborted(signal)) throw abortReason(signal)
  if (requestMode(request) === 'same-origin' && !isSameOrigin(requestUrl(request))) throw noResponse()
  const permitted = permits(requestUrl(request))
  if (permitted !== true && !(await permitted)) throw noResponse()
  // What must outlive this document cannot wait for its next turn.
  const given = givenBody(args[1])
  const isKept = requestKeepalive(request)
  const now = isKept && (given || requestMethod(request) === 'GET') ? bodyNow(given) : undefined
  const body = now === undefined ? await takeBody(request, given) : now
  if (isKept && body && !hasRoom(body)) throw noResponse()
  if (isAborted(signal)) {
    body?.cancel()
    throw abortReason(signal)
  }
  return new NativePromise((resolve, reject) => carry(request, body, resolve, reject))
}
