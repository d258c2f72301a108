import type { Needle } from '../auth/needle.ts'
import { canonicalise } from '../policy/canonical.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Candidate } from './admit.ts'
import type { ClaimedCall } from './call.ts'
import type { HeldBody } from './hold-body.ts'
import { redactText, Sought } from './redact.ts'

/** Statuses that ask for another request (Fetch standard, "redirect status"). */
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Most hops of one call (Fetch standard: 20; a service that needs more than 5 on its own host is looping). */
export const MAX_HOPS = 5

/** A canonical request and the service it is for. */
export type Resolved = Pick<Candidate, 'request' | 'service'>

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
 * The credential goes to its own service only: a hop to another scheme, host or port is withheld, and so is one that
 * would need a body again that has streamed away, or whose URL echoes a secret.
 *
 * @throws Problem `response-withheld`; RedirectRefused in mode `error`.
 */
export function redirectOf(
  response: UpstreamResponse,
  verdict: Resolved,
  call: ClaimedCall,
  body: HeldBody,
  needles: readonly Needle[],
): NextHop | null {
  if (!REDIRECTS.has(response.status) || call.claimed.redirect === 'manual') return null
  const location = response.headers.find(([name]) => name === 'location')?.[1]
  if (location === undefined) return null
  if (call.claimed.redirect === 'error') throw new RedirectRefused()
  const target = URL.parse(location, verdict.request.url)
  if (target === null || target.origin !== verdict.request.origin) {
    throw new Problem('response-withheld', 'redirect-left-service')
  }
  // SECURITY: the page learns the final URL, and a service may have put what it was sent into it.
  if (redactText(target.href, new Sought(needles)) !== target.href)
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
