import type { Tokens } from '../../shared/model/audit-record.ts'
import { vaultTime } from '../sessions/clock.ts'
import { readSession, writeSession } from '../sessions/session-rows.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { sum, type Use } from './amounts.ts'
import { type Spent, spend } from './ledger.ts'
import { priceOf } from './price.ts'
import { type Reservation, readReservation, reservationsBy } from './reservation-rows.ts'
import { endJob, leaveOrWait } from './waiting-jobs.ts'

/** What a call came to. */
export interface Settled {
  readonly tokens: Tokens | null
  /** Millionths of the currency; null where the capability has no prices. */
  readonly cost: number | null
}

/**
 * Replace what a call reserved by what it used. Within the transaction of its outcome. A call whose reservation is gone
 * was settled before, at all that it held.
 *
 * @param time the vault's time, milliseconds. @throws Refusal `store-damaged`.
 */
export function settle(store: Store, keys: VaultKeys, id: string, use: Use, time: number): Settled {
  if (use.over !== undefined) endJob(store, keys, use.over, time)
  const reservation = readReservation(store, keys, id)
  if (reservation === null) return { tokens: null, cost: null }
  const spent = spentBy(reservation, use)
  if (spent.tokens > 0 || spent.cost > 0 || spent.unknown > 0)
    spend(store, keys, reservation.capability, spent, time)
  leaveOrWait(store, keys, reservation, use, time)
  return {
    tokens: reservation.counts && use.isSent ? use.tokens : null,
    cost: reservation.prices === null ? null : spent.cost,
  }
}

function spentBy({ held, prices, counts }: Reservation, use: Use): Spent {
  if (!use.isSent) return { calls: 1, unknown: 0, tokens: 0, cost: 0 }
  const { tokens } = use
  // SECURITY: what is not known was the most that it could be.
  if (tokens === null || !counts)
    return { calls: 1, unknown: counts ? 1 : 0, tokens: held.tokens, cost: held.cost }
  const cost = prices === null ? 0 : sum(priceOf(prices, tokens) ?? held.cost, prices.request)
  return { calls: 1, unknown: 0, tokens: sum(tokens.input, tokens.output), cost }
}

/**
 * Settle every call of a process that is gone: each counts as all it held, bytes included, and no longer as running.
 * Their intents stand in the log without an outcome. Durable when it returns.
 *
 * @param now the wall clock, milliseconds. @returns how many there were.
 */
export function settleAllOf(store: Store, keys: VaultKeys, process: string, now: number): number {
  return store.transaction(() => {
    const time = vaultTime(store, keys, now)
    const left = reservationsBy(store, keys, process)
    for (const reservation of left) {
      const { id, session: of, held } = reservation
      const session = of === null ? null : readSession(store, keys, of)
      if (session !== null) {
        const bytes = sum(session.bytes, held.bytesDown)
        writeSession(store, keys, { ...session, bytes, bytesUp: sum(session.bytesUp, held.bytesUp) })
      }
      settle(store, keys, id, { isSent: true, tokens: null }, time)
    }
    store.run('DELETE FROM processes WHERE id = ?', process)
    return left.length
  })
}
