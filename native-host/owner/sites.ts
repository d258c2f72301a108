import type { Grant, Session } from '../../shared/model/grant.ts'
import type { SitePlace, SiteSession, SiteView } from '../../shared/model/site.ts'
import { Refusal } from '../refusal.ts'
import { pausedGrants } from '../sessions/paused-grants.ts'
import { isLeftOrigin } from '../sessions/served-playground.ts'
import { endSession, liveSessions, startSession } from '../sessions/sessions.ts'
import { findCapability } from '../store/capabilities.ts'
import { findService } from '../store/services.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'
import { requireCapability } from './require.ts'

/**
 * What a site may know of its own: its live sessions, and what its owner may go on with.
 *
 * SECURITY: of this pair of origins alone. What else the owner has, a key for another service above all, shows in nothing here.
 */
export function view(context: OwnerContext, place: SitePlace): SiteView {
  if (isLeftOrigin(context.store, context.keys, place)) return { sessions: [], paused: [] }
  return {
    sessions: own(context, place).flatMap((session) => shown(context, session, session.expiresAt)),
    paused: paused(context, place).flatMap((grant) => shown(context, grant, null)),
  }
}

/**
 * Go on with what a pair of origins was given for a base URL before: a session for each of its paused grants.
 *
 * @returns how many were started. @throws Refusal `unknown` where there is nothing to go on with (any more).
 */
export function resume(context: OwnerContext, place: SitePlace, baseUrl: string): number {
  const { store, keys } = context
  return store.transaction(() => {
    const grants = paused(context, place).filter((grant) => baseUrlsOf(context, grant).includes(baseUrl))
    if (grants.length === 0) throw new Refusal('unknown', 'there is nothing to go on with for this site')
    for (const grant of grants) {
      const capability = requireCapability(context, grant.capability)
      const session = startSession(store, keys, { grant, capability, ttl: grant.ttl, now: context.now() })
      record(context, 'session.start', session.id)
    }
    return grants.length
  })
}

/** End the live sessions of a pair of origins, because the site itself gave them back. @returns how many there were. */
export function release(context: OwnerContext, place: SitePlace): number {
  return context.store.urgently(() => {
    const ended = own(context, place).filter(({ id }) =>
      endSession(context.store, context.keys, id, 'revoked', context.now()),
    )
    for (const { id } of ended) record(context, 'session.release', id)
    return ended.length
  })
}

function own({ store, keys, now }: OwnerContext, { origin, topOrigin }: SitePlace): Session[] {
  return liveSessions(store, keys, origin, topOrigin, now())
}

function paused({ store, keys, now }: OwnerContext, { origin, topOrigin }: SitePlace): Grant[] {
  if (isLeftOrigin(store, keys, { origin, topOrigin })) return []
  return pausedGrants(store, keys, now()).filter(
    (grant) => grant.origin === origin && grant.topOrigin === topOrigin,
  )
}

/** Empty where the capability or its service is gone. */
function baseUrlsOf(context: OwnerContext, grant: Grant): string[] {
  return shown(context, grant, null).flatMap(({ baseUrls }) => baseUrls)
}

/** As a page sees it; none where the capability or its service is gone. */
function shown(
  { store, keys }: OwnerContext,
  of: Pick<Session, 'capability'>,
  expiresAt: number | null,
): SiteSession[] {
  const capability = findCapability(store, keys, of.capability)
  const service = capability && findService(store, keys, capability.service)
  if (!capability || !service) return []
  const { id, preset, baseUrls, placeholder } = service
  return [{ service: preset ?? id, capability: capability.id, baseUrls, placeholder, expiresAt }]
}
