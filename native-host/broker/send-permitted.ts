import type { Auth } from '../../shared/model/service.ts'
import type { Permit } from '../audit/permit.ts'
import { secretsFor } from '../minting/secrets-for.ts'
import { authFor } from '../policy/auth-for.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { ClaimedCall } from './call.ts'
import type { BrokerContext } from './context.ts'
import { type FetchedSecrets, fetchSecrets } from './fetch-secrets.ts'
import { headWait } from './head-wait.ts'
import type { HeldBody } from './hold-body.ts'
import { inject } from './inject.ts'
import type { Resolved } from './location.ts'
import type { Trail } from './trail.ts'

/** A response, and the address that was asked, credential included. */
export interface Sent {
  readonly response: UpstreamResponse
  readonly url: string
}

/**
 * What a call leaves behind on its way. `leaving`: called where bytes of it leave. `holding`: told what was fetched for it,
 * to be released when it is over.
 */
export interface Steps {
  readonly trail: Trail
  readonly leaving: () => void
  readonly holding: (fetched: FetchedSecrets) => void
}

/**
 * Send a permitted request with its credential; what must not come back is in the trail then. Where the service does not
 * take a token that was minted before, or a secret that lives elsewhere and is another by now, it is sent once more with a
 * new one, provided that its body is still there: a service that answers 401 has done nothing. Where the token server does
 * not take such a secret, it is asked once more with a new one.
 */
export async function sendPermitted(
  call: ClaimedCall,
  verdict: Resolved,
  permit: Permit,
  body: HeldBody,
  steps: Steps,
  context: BrokerContext,
): Promise<Sent> {
  const { signal } = call.abort
  const auth = schemeFor(verdict)
  const fetched = await fetchSecrets(context, permit, verdict.service.id, auth, signal)
  steps.holding(fetched)
  const keyed = { auth, fetched }
  const sendIt = () => attempt(call, verdict, permit, body, steps, keyed, context)
  const first = await orRenewed(sendIt, fetched, signal)
  if (first.response.status !== 401) return first
  const isHeld = body === null || body instanceof Uint8Array
  if (!isHeld) fetched.expire()
  const mayHelp = first.giveUp() || (isHeld && (await renewed(fetched, first.response, signal)))
  if (!mayHelp || !isHeld) return first
  first.response.destroy()
  const second = await sendIt()
  if (second.response.status === 401) second.giveUp()
  return second
}

/** Once more where the token server read what it was shown and said no, and that is another by now where it lives. */
async function orRenewed<T>(
  send: () => Promise<T>,
  fetched: FetchedSecrets,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await send()
  } catch (failure) {
    const wasRefused =
      failure instanceof Problem && /^token-(?:refused|invalid|not-for-client)/.test(failure.reason)
    if (!wasRefused || !(await fetched.renew(signal))) throw failure
    // Of the call nothing has left yet: its body is all there.
    return send()
  }
}

function schemeFor({ request, service }: Resolved): Auth {
  const auth = authFor(request, service)
  // SECURITY: a path without a scheme of its own is not sent unauthenticated by accident: `none` must be said.
  if (auth === null) throw new Problem('denied', 'no-scheme-for-path')
  return auth
}

/** True where what was fetched before is another now. Lets the response go where that cannot be awaited. */
async function renewed(
  fetched: FetchedSecrets,
  response: UpstreamResponse,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await fetched.renew(signal)
  } catch (problem) {
    response.destroy()
    throw problem
  }
}

async function attempt(
  call: ClaimedCall,
  { request, service }: Resolved,
  permit: Permit,
  body: HeldBody,
  { trail, leaving }: Steps,
  { auth, fetched }: { auth: Auth; fetched: FetchedSecrets },
  context: BrokerContext,
): Promise<Sent & { giveUp: () => boolean }> {
  const look = () => context.live.look()
  const minting = { ...context, look, elsewhere: fetched.with(new Map()) }
  const { secrets, giveUp } = await secretsFor(minting, permit, service, auth, call.abort.signal)
  const { bodyLength } = call.claimed
  const all = fetched.with(secrets)
  const { former } = fetched
  const { outbound, needles } = inject(request, body, bodyLength, service, auth, all, context.now(), former)
  trail.seek(needles)
  call.abort.signal.throwIfAborted()
  const { signal, arrived } = headWait(call.abort.signal, trail.patience)
  const sending = { signal, party: permit.session, lastLook: look, leaving }
  const response = await context.upstream.send(outbound, service, sending).finally(arrived)
  return { response, url: outbound.url, giveUp }
}
