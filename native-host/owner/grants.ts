import { randomUUID } from 'node:crypto'
import type { Capability } from '../../shared/model/capability.ts'
import type { Grant, Session } from '../../shared/model/grant.ts'
import { GrantSchema } from '../../shared/model/grant.ts'
import { say } from '../../shared/model/said.ts'
import { GRANTS_PER_PAGE } from '../../shared/protocol/limits.ts'
import { Refusal } from '../refusal.ts'
import { dropStandingAnswers } from '../sessions/approval-rows.ts'
import { unendedSessions } from '../sessions/session-rows.ts'
import { endSessions, startSession } from '../sessions/sessions.ts'
import { findGrant, findGrantFor, grantsAfter, listGrants, putGrant, removeGrant } from '../store/grants.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { record } from './record.ts'
import { requireCapability } from './require.ts'

/** Who may do what, and for how long. */
export interface GrantWish {
  origin: string
  topOrigin: string
  capability: string
  /** Seconds; the capability's own limit caps it. Absent: the capability's limit. */
  ttl?: number
  /** Ask before each change. Absent: as it was; a new grant asks for nothing but what its rules ask for. */
  askWrites?: boolean
}

/** All grants. */
export function list(context: OwnerContext): Grant[] {
  return listGrants(context.store, context.keys)
}

/** Grants in the order of their ids, as many as go into one frame: those that follow an id, or the first for null. */
export function page(context: OwnerContext, after: string | null): Grant[] {
  return grantsAfter(context.store, context.keys, after, GRANTS_PER_PAGE)
}

/**
 * Give a capability to documents of an origin and start a session at once. A grant for the same pair of origins and
 * capability is kept and takes the new duration and, where one is said, the new wish to be asked; its earlier session ends, so that
 * a shorter duration is honoured.
 *
 * @throws Refusal `unknown` (capability), `invalid` (an origin that is not one, a duration out of range).
 */
export function add(context: OwnerContext, wish: GrantWish): { grant: Grant; session: Session } {
  const { store, keys } = context
  const capability = requireCapability(context, wish.capability)
  return store.transaction(() => {
    const found = findGrantFor(store, keys, wish.origin, wish.topOrigin, wish.capability)
    const grant = grantOf(wish, capability, found, context.now())
    putGrant(store, keys, grant)
    if (found === null) record(context, 'grant.add', grant.id)
    if (grant.askWrites !== (found?.askWrites ?? false)) recordWish(context, grant)
    endSessions(store, keys, { grant: grant.id }, 'removed', context.now())
    const session = startSession(store, keys, { grant, capability, ttl: grant.ttl, now: context.now() })
    record(context, 'session.start', session.id)
    return { grant, session }
  })
}

/**
 * Ask before each change that a site makes with a grant, or do not any more. It binds whatever is not yet on record as sent, in every
 * process; answers that stood for its sessions are forgotten where it begins to ask. Sessions go on.
 *
 * @throws Refusal `unknown`.
 */
export function askBeforeWrites(context: OwnerContext, id: string, askWrites: boolean): Grant {
  const { store, keys } = context
  return store.urgently(() => {
    const found = findGrant(store, keys, id)
    if (found === null) throw noGrant(id)
    if (found.askWrites === askWrites) return found
    const grant = { ...found, askWrites }
    putGrant(store, keys, grant)
    // SECURITY: "for this session" was said of something else; whoever begins to ask wants to be asked.
    if (askWrites)
      for (const session of unendedSessions(store, keys))
        if (session.grant === id) dropStandingAnswers(store, session.id)
    recordWish(context, grant)
    return grant
  })
}

/** Remove a grant and end its sessions. @throws Refusal `unknown`. */
export function remove(context: OwnerContext, id: string): void {
  const { store, keys } = context
  store.urgently(() => {
    if (findGrant(store, keys, id) === null) throw noGrant(id)
    endSessions(store, keys, { grant: id }, 'removed', context.now())
    removeGrant(store, keys, id)
    record(context, 'grant.remove', id)
  })
}

function grantOf(wish: GrantWish, capability: Capability, found: Grant | null, now: number): Grant {
  const draft = {
    id: found?.id ?? randomUUID(),
    origin: wish.origin,
    topOrigin: wish.topOrigin,
    capability: wish.capability,
    ttl: Math.min(wish.ttl ?? capability.limits.ttl, capability.limits.ttl),
    createdAt: found?.createdAt ?? now,
    askWrites: wish.askWrites ?? found?.askWrites ?? false,
  }
  const parsed = GrantSchema.safeParse(draft)
  if (parsed.success) return parsed.data
  throw new Refusal('invalid', firstIssue('grant', parsed.error.issues))
}

function recordWish(context: OwnerContext, { id, askWrites }: Grant): void {
  record(context, askWrites ? 'grant.ask-writes' : 'grant.stop-asking', id)
}

function noGrant(id: string): Refusal {
  return new Refusal('unknown', say`there is no grant \`${id}\``)
}
