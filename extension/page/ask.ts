import type { CacheMode } from '../../shared/protocol/call-frames.ts'
import type { Ask } from './call.ts'
import {
  requestCache,
  requestHeaders,
  requestIntegrity,
  requestKeepalive,
  requestMethod,
  requestMode,
  requestRedirect,
  requestUrl,
  splitText,
} from './primordials.ts'
import type { RequestBody } from './request-body.ts'
import { pairsOf } from './response.ts'

/** How the service's redirects are taken. */
function redirectOf(request: Request): Ask['redirect'] {
  const redirect = requestRedirect(request)
  return redirect === 'follow' && requestMode(request) === 'same-origin' ? 'own' : redirect
}

/** What is asked of the extension for a request: as the platform resolved and normalised it, URL without fragment. */
export function askOf(request: Request, body: RequestBody | null): Ask {
  const ask: Ask = {
    method: requestMethod(request),
    url: splitText(requestUrl(request), '#')[0] as string,
    headers: pairsOf(requestHeaders(request)),
    hasBody: Boolean(body),
    bodyLength: body ? body.length : 0,
    redirect: redirectOf(request),
    integrity: requestIntegrity(request),
    // `only-if-cached` is answered before anything is asked.
    cache: requestCache(request) as CacheMode,
  }
  if (requestKeepalive(request)) ask.keepalive = true
  return ask
}
