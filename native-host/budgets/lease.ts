import type { CapabilityLimits } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { readSession } from '../sessions/session-rows.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { sum } from './amounts.ts'
import { readReservation, reservationsOfSession, rewriteReservation } from './reservation-rows.ts'

/** Bounds of one lease, bytes: small enough that many calls share what is left, large enough that a download seldom writes. */
const SHORTEST = 16 * 1024
const LONGEST = 4 * 1024 * 1024
/** What part of the bytes left one call is given at once. */
const PART = 16

type ByteLimits = Pick<CapabilityLimits, 'maxBytes' | 'maxBytesUp'>

/** Bytes of a session that neither a finished call used nor a running one holds. Null: no limit. @throws Refusal `store-damaged`. */
export function bytesLeft(
  store: Store,
  keys: VaultKeys,
  session: Session,
  limits: ByteLimits,
): { up: number | null; down: number | null } {
  const { maxBytes, maxBytesUp } = limits
  if (maxBytes === null && maxBytesUp === null) return { up: null, down: null }
  const running = reservationsOfSession(store, keys, session.id).map(({ held }) => held)
  const left = (limit: number | null, used: number, kind: 'bytesUp' | 'bytesDown') =>
    limit === null ? null : limit - sum(used, ...running.map((held) => held[kind]))
  return {
    up: left(maxBytesUp, session.bytesUp, 'bytesUp'),
    down: left(maxBytes, session.bytes, 'bytesDown'),
  }
}

/** Response bytes a call is given at its start. @param left more than zero. */
export function firstLease(left: number): number {
  return Math.min(left, LONGEST, Math.max(SHORTEST, Math.floor(left / PART)))
}

/**
 * Let a call that runs deliver more of its response. Durable when it returns.
 *
 * @param id of its permit. @param wanted bytes that wait to go out.
 * @returns bytes added, at most all that is left: fewer than wanted, or zero, where there are no more.
 * @throws Refusal where it cannot be written.
 */
export function extendLease(store: Store, keys: VaultKeys, id: string, wanted: number): number {
  return store.transaction(() => {
    const reservation = readReservation(store, keys, id)
    // SECURITY: a call whose reservation was settled for it, because its process seemed gone, gets nothing more.
    if (reservation === null || reservation.session === null) return 0
    const session = readSession(store, keys, reservation.session)
    if (session === null) return 0
    const limits = { maxBytes: reservation.maxBytes, maxBytesUp: null }
    const left = bytesLeft(store, keys, session, limits).down ?? 0
    if (left <= 0) return 0
    const more = Math.min(left, Math.max(wanted, firstLease(left)))
    const held = { ...reservation.held, bytesDown: reservation.held.bytesDown + more }
    rewriteReservation(store, keys, { ...reservation, held })
    return more
  })
}
