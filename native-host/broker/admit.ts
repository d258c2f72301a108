import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { Service } from '../../shared/model/service.ts'
import { canonicalise, serviceFor } from '../policy/canonical.ts'
import { hasNoBody } from '../policy/methods.ts'
import type { Reason } from '../policy/reason.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import type { Call } from './call.ts'
import type { BrokerContext } from './context.ts'

/** A live session whose service the call is for, and the call as it would be sent to that service. */
export interface Candidate {
  readonly session: Session
  readonly capability: Capability
  readonly service: Service
  readonly request: CanonicalRequest
  /** Whether the session's owner wants to be asked before each change, see `policy/ask-writes.ts`. */
  readonly askWrites: boolean
}

/** Candidates to decide over, or why there are none. */
export type Admission =
  | { candidates: readonly [Candidate, ...Candidate[]] }
  | { refused: Reason; session: Session | null; service: Service | null; request: CanonicalRequest | null }

/**
 * Find the sessions that this document has for the service of this URL, and make the request canonical once for each.
 * Identity comes from what the browser witnessed and from nothing else.
 */
export function admit(call: Call, context: BrokerContext): Admission {
  const known = sessionsFor(call, context)
  const live = known.filter(({ session }) => context.inventory.isLive(session, context.now()))
  const first = known[0]
  if (first === undefined) return { refused: 'no-session', session: null, service: null, request: null }
  if (live.length === 0) return ended(first, call)
  // SECURITY: no browser makes such a request (Fetch standard), and a server that takes the body for the next request
  // would answer it to another site.
  if (call.body !== null && hasNoBody(call.claimed.method))
    return { refused: 'body-not-allowed', session: first.session, service: first.service, request: null }

  const candidates: Candidate[] = []
  let refused: Admission | null = null
  for (const { session, capability, service } of live) {
    const canonical = canonicalise(call.claimed, service)
    const askWrites = context.inventory.asksWrites(session)
    if ('request' in canonical)
      candidates.push({ session, capability, service, request: canonical.request, askWrites })
    else refused ??= { refused: canonical.refused, session, service, request: null }
  }
  const [head, ...rest] = candidates
  return head === undefined ? (refused as Admission) : { candidates: [head, ...rest] }
}

// The owner reads in the audit what the page went on asking for; what is not canonical is not written down.
function ended({ session, service }: Known, call: Call): Admission {
  const canonical = canonicalise(call.claimed, service)
  const request = 'request' in canonical ? canonical.request : null
  return { refused: 'session-ended', session, service, request }
}

type Known = { session: Session; capability: Capability; service: Service }

// Newest first, so that a reconnect counts before the session it replaced.
function sessionsFor(call: Call, context: BrokerContext): Known[] {
  const { origin, topOrigin } = call.witnessed
  const found: Known[] = []
  for (const session of context.inventory.sessions(context.now())) {
    if (session.origin !== origin || session.topOrigin !== topOrigin) continue
    const capability = context.inventory.capability(session.capability)
    const service = capability && context.inventory.service(capability.service)
    if (capability && service && serviceFor(call.claimed.url, [service]) !== null) {
      found.push({ session, capability, service })
    }
  }
  return found.sort((a, b) => b.session.createdAt - a.session.createdAt)
}
