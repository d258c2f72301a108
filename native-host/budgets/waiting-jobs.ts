import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import type { Use } from './amounts.ts'
import {
  keepWaiting,
  type Reservation,
  removeReservation,
  type WaitingReservation,
  waitingReservations,
} from './reservation-rows.ts'

/** A guess of a service is seldom long enough: so many times it a job may hold its place. */
const PATIENCE = 2
/** Seconds for a job of which nobody knows how long it takes, and the least for any. */
const ASSUMED = 60
/** Most seconds, whatever a service says: nobody may look after a job, and its place must not be lost for the day. */
const MOST = 600

/**
 * Let a call that is over hold its place for the job it left in the queue of its service, or give the place up. A call
 * of which is not known whether it left one is taken to have. Within the transaction of its outcome.
 *
 * @param time the vault's time, milliseconds.
 */
export function leaveOrWait(
  store: Store,
  keys: VaultKeys,
  reservation: Reservation,
  use: Pick<Use, 'isSent' | 'job'>,
  time: number,
): void {
  const { queue } = reservation
  if (queue === undefined || !use.isSent || use.job === null) return removeReservation(store, reservation.id)
  const { id = null, seconds = null } = use.job ?? {}
  const wait = Math.min(MOST, Math.max(ASSUMED, (seconds ?? 0) * PATIENCE))
  keepWaiting(store, keys, reservation, { job: id, until: time + Math.ceil(wait * 1000) })
}

/**
 * Give up the place of a job that is over, whichever site made it: the queue is the account's, and there its place is free as
 * soon as the service says so, whoever asked. Within the transaction of the outcome that says so.
 *
 * @param time the vault's time, milliseconds; places of which the time is over are given up besides.
 */
export function endJob(
  store: Store,
  keys: VaultKeys,
  { service, job }: NonNullable<Use['over']>,
  time: number,
): void {
  for (const { id, queue, waits } of waitingJobs(store, keys, time))
    if (queue?.service === service && waits.job === job) removeReservation(store, id)
}

/** Jobs that hold a place now, those of which the time is over taken away. @throws Refusal `store-damaged`. */
export function waitingJobs(store: Store, keys: VaultKeys, time: number): WaitingReservation[] {
  return waitingReservations(store, keys).filter(({ id, waits }) => {
    if (waits.until > time) return true
    removeReservation(store, id)
    return false
  })
}
