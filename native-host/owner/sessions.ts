import type { Session } from '../../shared/model/grant.ts'
import { say } from '../../shared/model/said.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { listAudit } from '../audit/read-audit.ts'
import { Refusal } from '../refusal.ts'
import { endSession, endSessions, listSessions, sessionById } from '../sessions/sessions.ts'
import { findCapability } from '../store/capabilities.ts'
import { findGrant } from '../store/grants.ts'
import { findService } from '../store/services.ts'
import type { OwnerContext } from './context.ts'
import { type LastCall, lastCalls } from './last-calls.ts'
import { record } from './record.ts'

/** How far back in the audit the last call of a session is looked for, in records: enough for a popup, and bounded. */
const LAST_CALL_RECORDS = 500

/** Calls in flight of a session, as far as this process knows. */
export type InFlight = (session: string) => number

/** Live sessions first, then those that ended of late, each with its last call. */
export function summaries(context: OwnerContext, inFlight: InFlight = () => 0): SessionSummary[] {
  const sessions = listSessions(context.store, context.keys, context.now())
  if (sessions.length === 0) return []
  const audit = listAudit(context.store, context.keys, { limit: LAST_CALL_RECORDS })
  const calls = lastCalls(context, audit)
  return sessions.map((session) => withLabels(context, session, calls, inFlight))
}

/** One session as the popup shows it. */
export function summary(
  context: OwnerContext,
  session: Session,
  inFlight: InFlight = () => 0,
): SessionSummary {
  const audit = listAudit(context.store, context.keys, { limit: LAST_CALL_RECORDS })
  return withLabels(context, session, lastCalls(context, audit), inFlight)
}

/** End one session, or do nothing where it is over already. @throws Refusal `unknown`. */
export function revokeOne(context: OwnerContext, id: string): number {
  if (sessionById(context.store, context.keys, id) === null) {
    throw new Refusal('unknown', say`there is no session \`${id}\``)
  }
  return context.store.urgently(() => {
    const ended = endSession(context.store, context.keys, id, 'revoked', context.now())
    if (ended) record(context, 'session.revoke', id)
    return ended ? 1 : 0
  })
}

/** End every session of an origin. @returns how many were live. */
export function revokeOrigin(context: OwnerContext, origin: string): number {
  return revokeWhere(context, { origin })
}

/** End every session there is. @returns how many were live. */
export function revokeAll(context: OwnerContext): number {
  return revokeWhere(context, { all: true })
}

function revokeWhere(context: OwnerContext, where: { origin: string } | { all: true }): number {
  return context.store.urgently(() => {
    const ended = endSessions(context.store, context.keys, where, 'revoked', context.now())
    for (const id of ended) record(context, 'session.revoke', id)
    return ended.length
  })
}

function withLabels(
  context: OwnerContext,
  session: Session,
  calls: ReadonlyMap<string, LastCall>,
  inFlight: InFlight,
): SessionSummary {
  const { store, keys } = context
  const capability = findCapability(store, keys, session.capability)
  const currency = capability?.limits.prices?.currency
  return {
    ...session,
    // A session whose grant cannot be found sends nothing.
    askWrites: findGrant(store, keys, session.grant)?.askWrites ?? false,
    serviceLabel: findService(store, keys, session.service)?.label ?? session.service,
    capabilityLabel: capability?.label ?? session.capability,
    ...(currency === undefined ? {} : { currency }),
    inFlight: inFlight(session.id),
    lastCall: calls.get(session.id) ?? null,
  }
}
