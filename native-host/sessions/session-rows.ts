import { type Session, SessionSchema } from '../../shared/model/grant.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row, textOf } from '../store/columns.ts'
import { OpenedRows } from '../store/opened-rows.ts'
import { openJson, sealedJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

// SECURITY: the end is a column in clear, for lookups. Bound here, nobody can hide or revive a session by changing it.
function placeOf(id: string, version: number, endedAt: number | null): string {
  return `sessions:${id}:${version}:${endedAt ?? 'live'}`
}

/** Keyed hash of the pair of origins a session belongs to. */
export function sessionIndex(keys: VaultKeys, origin: string, topOrigin: string): Uint8Array {
  return keys.index('sessions', `${origin} ${topOrigin}`)
}

const OPENED = new OpenedRows(openAnew)

/** The session in a row of `sessions`, frozen. @throws Refusal `store-damaged`. */
export function openSession(keys: VaultKeys, row: Row): Session {
  return OPENED.of(keys, row)
}

function openAnew(keys: VaultKeys, row: Row): Session {
  const id = textOf(row, 'id')
  const endedAt = row.ended_at === null ? null : integerOf(row, 'ended_at')
  const place = placeOf(id, integerOf(row, 'version'), endedAt)
  const session = openJson(keys, place, SessionSchema, bytesOf(row, 'sealed'))
  const index = sessionIndex(keys, session.origin, session.topOrigin)
  if (session.id !== id || Buffer.compare(index, bytesOf(row, 'place_index')) !== 0)
    throw new Refusal('store-damaged', 'the vault is damaged: a session lies in the wrong place')
  return session
}

/** The session of an id as it was last written, or null. @throws Refusal `store-damaged`. */
export function readSession(store: Store, keys: VaultKeys, id: string): Session | null {
  const row = store.get('SELECT * FROM sessions WHERE id = ?', id)
  return row === null ? null : openSession(keys, row)
}

/** Sessions nobody has marked as ended. @throws Refusal `store-damaged`. */
export function unendedSessions(store: Store, keys: VaultKeys): Session[] {
  return store.all('SELECT * FROM sessions WHERE ended_at IS NULL').map((row) => openSession(keys, row))
}

/** Every session that is kept, over or not, in no order. @throws Refusal `store-damaged`. */
export function keptSessions(store: Store, keys: VaultKeys): Session[] {
  return store.all('SELECT * FROM sessions').map((row) => openSession(keys, row))
}

/** So many sessions are asked for one by one; of more it is quicker to read which of all have not ended. */
const FEW = 16

/**
 * Which of some sessions nobody has marked as ended, by the columns in clear: no row is opened. Only what is not among them may be
 * relied on, for cutting early; that a session is live is for its opened row to say. Others may be named besides.
 */
export function unendedAmong(store: Store, ids: ReadonlySet<string>): Set<string> {
  if (ids.size > FEW) {
    const rows = store.all('SELECT id FROM sessions WHERE ended_at IS NULL')
    return new Set(rows.map((row) => textOf(row, 'id')))
  }
  const isUnended = (id: string) =>
    store.get('SELECT id FROM sessions WHERE id = ? AND ended_at IS NULL', id) !== null
  return new Set([...ids].filter(isUnended))
}

/** Insert, or replace by id. Within a transaction that also read what it replaces. */
export function writeSession(store: Store, keys: VaultKeys, session: Session): void {
  const old = store.get('SELECT version, place_index, ended_at FROM sessions WHERE id = ?', session.id)
  const version = old === null ? 1 : integerOf(old, 'version') + 1
  const { id, endedAt } = session
  const { sealed, value } = sealedJson(keys, placeOf(id, version, endedAt), SessionSchema, session)
  const index = sessionIndex(keys, session.origin, session.topOrigin)
  const row = { id, version, place_index: index, ended_at: endedAt, sealed }
  if (old === null) insert(store, row)
  else update(store, row, old)
  OPENED.wrote(keys, row, value)
}

/** All columns of a session's row. */
interface SessionRow {
  readonly id: string
  readonly version: number
  readonly place_index: Uint8Array
  readonly ended_at: number | null
  readonly sealed: Uint8Array
}

function insert(store: Store, { id, version, place_index, ended_at, sealed }: SessionRow): void {
  const sql = 'INSERT INTO sessions (id, version, place_index, ended_at, sealed) VALUES (?, ?, ?, ?, ?)'
  store.run(sql, id, version, place_index, ended_at, sealed)
}

/**
 * Each call writes its session twice, and what it is found by stays as it is: only the row itself is written then. With its three
 * indexes, in which SQLite takes out and puts in whatever a statement names, it was four pages for the disk in place of one.
 */
function update(store: Store, row: SessionRow, old: Row): void {
  const { id, version, place_index, ended_at, sealed } = row
  const isFoundAsBefore =
    old.ended_at === ended_at && Buffer.compare(bytesOf(old, 'place_index'), place_index) === 0
  if (isFoundAsBefore)
    store.run('UPDATE sessions SET version = ?, sealed = ? WHERE id = ?', version, sealed, id)
  else
    store.run(
      'UPDATE sessions SET version = ?, place_index = ?, ended_at = ?, sealed = ? WHERE id = ?',
      version,
      place_index,
      ended_at,
      sealed,
      id,
    )
}
