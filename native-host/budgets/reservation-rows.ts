import * as z from 'zod/mini'
import { PricesSchema } from '../../shared/model/capability.ts'
import { IdSchema, NameSchema, TimestampSchema } from '../../shared/model/names.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row, textOf } from '../store/columns.ts'
import { OpenedRows } from '../store/opened-rows.ts'
import { openJson, sealedJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { AmountsSchema } from './amounts.ts'

/** One call that runs, with what it holds. Its id is that of the call's intent. */
const ReservationSchema = z.object({
  id: IdSchema,
  capability: NameSchema,
  /** Null for the local owner's own call. */
  session: z.nullable(IdSchema),
  held: AmountsSchema,
  /** Response bytes the capability allows its session; null: any number. */
  maxBytes: z.nullable(z.int()),
  prices: z.nullable(PricesSchema),
  /** True where the capability counts tokens or prices them: an answer that does not say what it used is then counted as unknown. */
  counts: z.boolean(),
  /** Of a call that may leave a job in the queue of its service. Absent: it leaves none, or none that a limit counts. */
  queue: z.exactOptional(z.object({ service: NameSchema })),
  /** Of a call that is over, whose job waits: the job's id, null where unknown, and until when at most, the vault's time. */
  waits: z.exactOptional(z.object({ job: z.nullable(z.string()), until: TimestampSchema })),
})
export type Reservation = z.infer<typeof ReservationSchema>
/** The place that the job of a call holds after the call is over. */
export type WaitingReservation = Reservation & Required<Pick<Reservation, 'waits'>>

/** Stands for the process of those: no process ends them, and none is watched for them. */
export const WAITING = 'waiting'

/** What budgets of a capability are kept under. */
export function capabilityIndex(keys: VaultKeys, capability: string): Uint8Array {
  return keys.index('budgets', capability)
}

function sessionIndex(keys: VaultKeys, session: string): Uint8Array {
  return keys.index('reservations', session)
}

// SECURITY: what the columns in clear say is part of the seal, so that a row cannot be made to count for another call,
// session or process, and an older state of it does not open.
function placeOf(id: string, version: number, process: string): string {
  return `reservations:${id}:${version}:${process}`
}

/** Calls that run in one process are hundreds at most. What is over is not asked for again, and gives way. */
const MOST_OPENED = 512

const OPENED = new OpenedRows(openAnew, MOST_OPENED)

function openReservation(keys: VaultKeys, row: Row): Reservation {
  return OPENED.of(keys, row)
}

function openAnew(keys: VaultKeys, row: Row): Reservation {
  const id = textOf(row, 'id')
  const place = placeOf(id, integerOf(row, 'version'), textOf(row, 'process'))
  const reservation = openJson(keys, place, ReservationSchema, bytesOf(row, 'sealed'))
  const session = reservation.session === null ? null : sessionIndex(keys, reservation.session)
  const isInPlace =
    reservation.id === id &&
    Buffer.compare(capabilityIndex(keys, reservation.capability), bytesOf(row, 'capability_index')) === 0 &&
    (session === null
      ? row.session_index === null
      : Buffer.compare(session, bytesOf(row, 'session_index')) === 0)
  if (!isInPlace)
    throw new Refusal('store-damaged', 'the vault is damaged: a reservation lies in the wrong place')
  return reservation
}

/** Write a new reservation. Within the transaction of the call's intent. */
export function putReservation(
  store: Store,
  keys: VaultKeys,
  reservation: Reservation,
  process: string,
): void {
  const { id, capability } = reservation
  const { sealed, value } = sealedJson(keys, placeOf(id, 1, process), ReservationSchema, reservation)
  const capability_index = capabilityIndex(keys, capability)
  const session_index = reservation.session === null ? null : sessionIndex(keys, reservation.session)
  store.run(
    'INSERT INTO reservations (id, version, process, capability_index, session_index, sealed) VALUES (?, 1, ?, ?, ?, ?)',
    id,
    process,
    capability_index,
    session_index,
    sealed,
  )
  OPENED.wrote(keys, { id, version: 1, process, capability_index, session_index, sealed }, value)
}

/** Replace what a reservation holds. Within a transaction that also read it. */
export function rewriteReservation(store: Store, keys: VaultKeys, reservation: Reservation): void {
  const { id } = reservation
  const row = store.get('SELECT version, process FROM reservations WHERE id = ?', id)
  if (row === null) return
  const version = integerOf(row, 'version') + 1
  const sealed = sealJson(keys, placeOf(id, version, textOf(row, 'process')), ReservationSchema, reservation)
  store.run('UPDATE reservations SET version = ?, sealed = ? WHERE id = ?', version, sealed, id)
}

/** Turn the reservation of a call that is over into the place of its job, which holds nothing else. Within a transaction. */
export function keepWaiting(
  store: Store,
  keys: VaultKeys,
  reservation: Reservation,
  waits: WaitingReservation['waits'],
): void {
  const { id } = reservation
  const row = store.get('SELECT version FROM reservations WHERE id = ?', id)
  if (row === null) return
  const version = integerOf(row, 'version') + 1
  const held = { bytesUp: 0, bytesDown: 0, tokens: 0, cost: 0 }
  const kept = { ...reservation, held, waits }
  const sealed = sealJson(keys, placeOf(id, version, WAITING), ReservationSchema, kept)
  const sql = 'UPDATE reservations SET version = ?, process = ?, sealed = ? WHERE id = ?'
  store.run(sql, version, WAITING, sealed, id)
}

/** The places of all jobs that wait, those whose time is over too. @throws Refusal `store-damaged`. */
export function waitingReservations(store: Store, keys: VaultKeys): WaitingReservation[] {
  return reservationsBy(store, keys, WAITING).map((reservation) => {
    const { waits } = reservation
    if (waits === undefined) throw new Refusal('store-damaged', 'the vault is damaged: a job without a time')
    return { ...reservation, waits }
  })
}

/** The reservation of a call, or null: it was settled. @throws Refusal `store-damaged`. */
export function readReservation(store: Store, keys: VaultKeys, id: string): Reservation | null {
  const row = store.get('SELECT * FROM reservations WHERE id = ? AND process <> ?', id, WAITING)
  return row === null ? null : openReservation(keys, row)
}

/** All calls of a capability that run, over all processes. @throws Refusal `store-damaged`. */
export function reservationsOf(store: Store, keys: VaultKeys, capability: string): Reservation[] {
  const index = capabilityIndex(keys, capability)
  const rows = store.all('SELECT * FROM reservations WHERE capability_index = ?', index)
  return rows.map((row) => openReservation(keys, row))
}

/** All calls of a session that run, over all processes. @throws Refusal `store-damaged`. */
export function reservationsOfSession(store: Store, keys: VaultKeys, session: string): Reservation[] {
  const index = sessionIndex(keys, session)
  const rows = store.all('SELECT * FROM reservations WHERE session_index = ?', index)
  return rows.map((row) => openReservation(keys, row))
}

/** How many calls of a session run, over all processes: counted without opening them. */
export function runningCalls(store: Store, keys: VaultKeys, session: string): number {
  const index = sessionIndex(keys, session)
  const row = store.get(
    'SELECT count(*) AS running FROM reservations WHERE session_index = ? AND process <> ?',
    index,
    WAITING,
  )
  return integerOf(row ?? {}, 'running')
}

/** How many calls of a capability run, over all sessions and processes: counted without opening them. */
export function runningCallsOf(store: Store, keys: VaultKeys, capability: string): number {
  const index = capabilityIndex(keys, capability)
  const row = store.get(
    'SELECT count(*) AS running FROM reservations WHERE capability_index = ? AND process <> ?',
    index,
    WAITING,
  )
  return integerOf(row ?? {}, 'running')
}

/** All calls a process has not ended. @throws Refusal `store-damaged`. */
export function reservationsBy(store: Store, keys: VaultKeys, process: string): Reservation[] {
  const rows = store.all('SELECT * FROM reservations WHERE process = ?', process)
  return rows.map((row) => openReservation(keys, row))
}

/** Take a reservation away. Within the transaction that counts what was used. */
export function removeReservation(store: Store, id: string): void {
  store.run('DELETE FROM reservations WHERE id = ?', id)
}
