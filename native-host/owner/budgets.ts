import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { BudgetSummary, Measure } from '../../shared/protocol/budget-commands.ts'
import type { Amounts } from '../budgets/amounts.ts'
import { resetLedger, spentIn } from '../budgets/ledger.ts'
import { reservationsOf } from '../budgets/reservation-rows.ts'
import { vaultTime } from '../sessions/clock.ts'
import { isLive } from '../sessions/session-life.ts'
import { unendedSessions, writeSession } from '../sessions/session-rows.ts'
import { listCapabilities } from '../store/capabilities.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'
import { requireCapability } from './require.ts'

/** What every capability may use and used, by id: of one state of the vault. */
export function list(context: OwnerContext): BudgetSummary[] {
  const time = vaultTime(context.store, context.keys, context.now())
  return context.store.snapshot(() =>
    listCapabilities(context.store, context.keys).map((capability) => summary(context, capability, time)),
  )
}

/**
 * Begin to count anew what a capability used, and its live sessions. Calls in flight stay reserved, and count when they end.
 *
 * @throws Refusal `unknown`.
 */
export function reset(context: OwnerContext, id: string): BudgetSummary {
  const { store, keys } = context
  return store.transaction(() => {
    const capability = requireCapability(context, id)
    const time = vaultTime(store, keys, context.now())
    resetLedger(store, keys, id, time)
    for (const session of liveOf(context, id, time))
      writeSession(store, keys, { ...session, requests: 0, bytes: 0, bytesUp: 0 })
    record(context, 'budget.reset', id)
    return summary(context, capability, time)
  })
}

function summary(context: OwnerContext, capability: Capability, time: number): BudgetSummary {
  const { store, keys } = context
  const { limits, id } = capability
  const running = reservationsOf(store, keys, id)
  const spent = spentIn(store, keys, id, limits.period, time)
  const held = (kind: keyof Amounts, session?: string) =>
    running
      .filter((each) => session === undefined || each.session === session)
      .reduce((sum, each) => sum + each.held[kind], 0)
  const cost = measure(limits.maxCost, spent.cost, held('cost'))
  return {
    capability: id,
    period: limits.period,
    since: spent.since,
    freesAt: spent.freesAt,
    calls: spent.calls,
    unknown: spent.unknown,
    tokens: measure(limits.maxTokens, spent.tokens, held('tokens')),
    cost: limits.prices === null ? null : { ...cost, currency: limits.prices.currency },
    sessions: liveOf(context, id, time).map((session) => ({
      id: session.id,
      origin: session.origin,
      requests: measure(limits.maxRequests, session.requests, 0),
      bytes: measure(limits.maxBytes, session.bytes, held('bytesDown', session.id)),
      bytesUp: measure(limits.maxBytesUp, session.bytesUp, held('bytesUp', session.id)),
      running: running.filter((each) => each.session === session.id).length,
    })),
  }
}

function measure(limit: number | null, spent: number, reserved: number): Measure {
  return { limit, spent, reserved, left: limit === null ? null : Math.max(0, limit - spent - reserved) }
}

function liveOf({ store, keys }: OwnerContext, capability: string, time: number): Session[] {
  return unendedSessions(store, keys).filter(
    (session) => session.capability === capability && isLive(session, time),
  )
}
