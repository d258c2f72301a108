import type { Needle } from '../auth/needle.ts'
import { canonicalise } from '../policy/canonical.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { ClaimedCall } from './call.ts'
import type { HeldBody } from './hold-body.ts'
import { locationOf, type Resolved, targetOf } from './location.ts'
import { redactText } from './redact.ts'
import { soughtFor } from './shared-sought.ts'

/** Statuses that ask for another request (Fetch standard, "redirect status"). */
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Most hops of one call (Fetch standard: 20; a service that needs more than 5 on its own host is looping). */
export const MAX_HOPS = 5

/** A request that a service asked for by a redirect, made canonical but not yet decided. */
export interface NextHop {
  readonly request: CanonicalRequest
  readonly body: HeldBody
}

/** The page asked for redirects to be errors: the fetch rejects as with the browser. */
export class RedirectRefused extends Error {
  override name = 'RedirectRefused'
}

/**
 * The request a redirect asks for, to be decided like any other, or null where the response is the answer.
 *
 * The credential goes to its own service only: a hop to another scheme, host or port is withheld, and so is one to a
 * place of another service, one that would need a body again that has streamed away, one whose URL echoes a secret,
 * and one that two clients could follow to two places.
 *
 * What is withheld is not handed to the page to follow by itself either. The address that an answer to a keyed call
 * points to is very often a credential (a signed download, a code of a login), so it would be a secret the key bought;
 * and the page's own request would carry along the placeholder and whatever else it meant for this service.
 *
 * @param sentUrl the URL as it left, where a scheme put something into its path.
 * @throws Problem `response-withheld`; RedirectRefused in mode `error`.
 */
export function redirectOf(
  response: UpstreamResponse,
  verdict: Resolved,
  call: ClaimedCall,
  body: HeldBody,
  needles: readonly Needle[],
  sentUrl = verdict.request.url,
): NextHop | null {
  if (!REDIRECTS.has(response.status) || call.claimed.redirect === 'manual') return null
  if (call.claimed.redirect === 'error') throw new RedirectRefused()
  const location = locationOf(response)
  if (location === null) return null
  if (location === 'ambiguous') throw new Problem('response-withheld', 'redirect-ambiguous')
  const target = targetOf(location.text, verdict, sentUrl)
  if (target === null) throw new Problem('response-withheld', 'redirect-left-service')
  // SECURITY: the page learns the final URL, and a service may have put what it was sent into it.
  if (redactText(target.href, soughtFor(needles)) !== target.href)
    throw new Problem('response-withheld', 'redirect-echoes-secret')
  return nextHop(response.status, target, verdict, body)
}

// Fetch standard, HTTP-redirect fetch: 303, and 301/302 after POST, become a GET without body.
function nextHop(status: number, target: URL, verdict: Resolved, body: HeldBody): NextHop {
  const { method, headers } = verdict.request
  const becomesGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST')
  const streamed = body !== null && !(body instanceof Uint8Array)
  if (streamed && !becomesGet) throw new Problem('response-withheld', 'redirect-needs-body')
  target.hash = ''
  const kept = becomesGet ? headers.filter(([name]) => !name.startsWith('content-')) : headers
  const canonical = canonicalise(
    {
      method: becomesGet ? 'GET' : method,
      url: target.href,
      headers: kept.map(([name, value]) => [name, value]),
    },
    verdict.service,
  )
  if ('refused' in canonical) throw new Problem('response-withheld', 'redirect-left-service')
  return { request: canonical.request, body: becomesGet ? null : body }
}

/** {@link redirectOf}, with the response let go where it is not the answer. @throws the same. */
export function nextHopOf(
  response: UpstreamResponse,
  verdict: Resolved,
  call: ClaimedCall,
  body: HeldBody,
  needles: readonly Needle[],
  sentUrl: string,
): NextHop | null {
  try {
    const next = redirectOf(response, verdict, call, body, needles, sentUrl)
    if (next !== null) response.destroy()
    return next
  } catch (problem) {
    response.destroy()
    throw problem
  }
}
