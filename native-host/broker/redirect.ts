import type { Needle } from '../auth/needle.ts'
import { canonicalise } from '../policy/canonical.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Call, ClaimedCall } from './call.ts'
import type { HeldBody } from './hold-body.ts'
import { leadsNowhere, locationOf, type Resolved, targetOf } from './location.ts'
import { redactText } from './redact.ts'
import { soughtFor } from './shared-sought.ts'

/** Statuses that ask for another request (Fetch standard, "redirect status"). */
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Most hops of one call (Fetch standard, "HTTP-redirect fetch"). Each is decided, recorded and paid for like any call. */
export const MAX_HOPS = 20
/** What describes a body goes with it ("request-body-header name" of the Fetch standard). */
const BODY_HEADERS = new Set(['content-encoding', 'content-language', 'content-location', 'content-type'])

/** A request that a service asked for by a redirect, made canonical but not yet decided. */
export interface NextHop {
  readonly request: CanonicalRequest
  readonly body: HeldBody
}

/** A redirect that no browser follows, or that the page asked to be an error: its fetch rejects as with the browser. */
export class RedirectRefused extends Problem {
  /** @param reason what the owner learns. */
  constructor(reason: string) {
    super('response-withheld', reason)
    this.name = 'RedirectRefused'
  }
}

/** A call; where it is a page's, with who asks. */
type Asking = ClaimedCall & Partial<Pick<Call, 'witnessed'>>

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
 * @throws Problem `response-withheld`; RedirectRefused in mode `error` and where no browser would follow.
 */
export function redirectOf(
  response: UpstreamResponse,
  verdict: Resolved,
  call: Asking,
  body: HeldBody,
  needles: readonly Needle[],
  sentUrl = verdict.request.url,
): NextHop | null {
  const location = destinationOf(response, call.claimed)
  if (location === null) return null
  if (leadsNowhere(location, sentUrl, call.witnessed?.origin))
    throw new RedirectRefused('redirect-left-service')
  const target = targetOf(location, verdict, sentUrl)
  if (target === null) throw leftService(location, call.claimed, sentUrl)
  // SECURITY: the page learns the final URL, and a service may have put what it was sent into it.
  if (redactText(target.href, soughtFor(needles)) !== target.href)
    throw new Problem('response-withheld', 'redirect-echoes-secret')
  return nextHop(response.status, target, verdict, body, call.claimed.bodyLength === null)
}

/** What a redirect to a place that is not the service's is to the page: one that asked for its own origin alone gets its browser's error. */
function leftService(location: string, { redirect }: ClaimedCall['claimed'], sentUrl: string): Problem {
  const reason = 'redirect-left-service'
  const isElsewhere = URL.parse(location, sentUrl)?.origin !== new URL(sentUrl).origin
  return redirect === 'own' && isElsewhere
    ? new RedirectRefused(reason)
    : new Problem('response-withheld', reason)
}

/**
 * Where an answer sends on to, as it is written there; null where the browser takes it for no redirect: Chromium any that
 * names no place, Firefox refuses an empty one, and in mode `error` each.
 *
 * @throws as {@link redirectOf}.
 */
function destinationOf(
  response: UpstreamResponse,
  { redirect, sender }: ClaimedCall['claimed'],
): string | null {
  if (!REDIRECTS.has(response.status) || redirect === 'manual') return null
  const location = locationOf(response)
  const isEmpty = typeof location === 'object' && location?.text === ''
  if ((location === null || isEmpty) && !sender?.isGecko) return null
  if (redirect === 'error' || isEmpty) throw new RedirectRefused('redirect-refused')
  if (location === 'several') throw new RedirectRefused('redirect-ambiguous')
  if (location === 'ambiguous') throw new Problem('response-withheld', 'redirect-ambiguous')
  return location?.text ?? null
}

/**
 * 303, and 301 or 302 after POST, become a GET without body (Fetch standard, "HTTP-redirect fetch").
 *
 * @param isPageStream the page gave a stream, which no browser sends twice.
 */
function nextHop(
  status: number,
  target: URL,
  verdict: Resolved,
  body: HeldBody,
  isPageStream: boolean,
): NextHop {
  const { method, headers } = verdict.request
  const becomesGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST')
  const isNeeded = body !== null && !becomesGet
  if (isNeeded && isPageStream) throw new RedirectRefused('redirect-needs-body')
  const isGone = body !== null && !(body instanceof Uint8Array)
  if (isNeeded && isGone) throw new Problem('response-withheld', 'redirect-needs-body')
  target.hash = ''
  const kept = becomesGet ? headers.filter(([name]) => !BODY_HEADERS.has(name)) : headers
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
  call: Asking,
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
