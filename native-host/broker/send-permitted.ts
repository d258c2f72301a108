import type { Permit } from '../audit/permit.ts'
import { secretsFor } from '../minting/secrets-for.ts'
import { authFor } from '../policy/auth-for.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { ClaimedCall } from './call.ts'
import type { BrokerContext } from './context.ts'
import { headWait } from './head-wait.ts'
import type { HeldBody } from './hold-body.ts'
import { inject } from './inject.ts'
import type { Resolved } from './redirect.ts'
import type { Trail } from './trail.ts'

/** A response, and the address that was asked, credential included. */
export interface Sent {
  readonly response: UpstreamResponse
  readonly url: string
}

/** What a call leaves behind on its way. `leaving`: called where bytes of it leave. */
export interface Steps {
  readonly trail: Trail
  readonly leaving: () => void
}

/**
 * Send a permitted request with its credential; what must not come back is in the trail then. Where the service does not
 * take a token that was minted before, it is sent once more with a new one, provided that its body is still there: a
 * service that answers 401 has done nothing.
 */
export async function sendPermitted(
  call: ClaimedCall,
  verdict: Resolved,
  permit: Permit,
  body: HeldBody,
  steps: Steps,
  context: BrokerContext,
): Promise<Sent> {
  const first = await attempt(call, verdict, permit, body, steps, context)
  if (first.response.status !== 401 || !first.giveUp()) return first
  const isHeld = body === null || body instanceof Uint8Array
  if (!isHeld) return first
  first.response.destroy()
  const second = await attempt(call, verdict, permit, body, steps, context)
  if (second.response.status === 401) second.giveUp()
  return second
}

async function attempt(
  call: ClaimedCall,
  { request, service }: Resolved,
  permit: Permit,
  body: HeldBody,
  { trail, leaving }: Steps,
  context: BrokerContext,
): Promise<Sent & { giveUp: () => boolean }> {
  const auth = authFor(request, service)
  // SECURITY: a path without a scheme of its own is not sent unauthenticated by accident: `none` must be said.
  if (auth === null) throw new Problem('denied', 'no-scheme-for-path')
  const look = () => context.live.look()
  const minting = { ...context, look }
  const { secrets, giveUp } = await secretsFor(minting, permit, service, auth, call.abort.signal)
  const { bodyLength } = call.claimed
  const { outbound, needles } = inject(request, body, bodyLength, service, auth, secrets, context.now())
  trail.seek(needles)
  call.abort.signal.throwIfAborted()
  const { signal, arrived } = headWait(call.abort.signal, trail.patience)
  const sending = { signal, party: permit.session, lastLook: look, leaving }
  const response = await context.upstream.send(outbound, service, sending).finally(arrived)
  return { response, url: outbound.url, giveUp }
}
