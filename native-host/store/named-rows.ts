import { randomUUID } from 'node:crypto'
import type * as z from 'zod/mini'
import { Refusal } from '../refusal.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { bytesOf, integerOf, type Row, textOf } from './columns.ts'
import { OpenedRows } from './opened-rows.ts'
import { openJson, sealJson } from './sealed-json.ts'
import type { Store } from './store.ts'

/** Tables whose rows are found by a name the owner chose. The name itself is inside the sealed value. */
type NamedTable = 'services' | 'capabilities'

/** What a named table holds, and its rows opened. */
export interface NamedKind<T extends { id: string }> {
  readonly table: NamedTable
  readonly schema: z.ZodMiniType<T>
  readonly opened: OpenedRows<T>
}

/** A table and what its records must fit. */
export function namedKind<T extends { id: string }>(
  table: NamedTable,
  schema: z.ZodMiniType<T>,
): NamedKind<T> {
  return { table, schema, opened: new OpenedRows((keys, row) => openNamed(keys, { table, schema }, row)) }
}

function placeOf(table: NamedTable, id: string, version: number): string {
  return `${table}:${id}:${version}`
}

function openNamed<T extends { id: string }>(
  keys: VaultKeys,
  kind: Pick<NamedKind<T>, 'table' | 'schema'>,
  row: Row,
): T {
  const place = placeOf(kind.table, textOf(row, 'id'), integerOf(row, 'version'))
  const value = openJson(keys, place, kind.schema, bytesOf(row, 'sealed'))
  // SECURITY: the index is in clear. Without this a row could be made to answer to another row's name.
  if (Buffer.compare(keys.index(kind.table, value.id), bytesOf(row, 'name_index')) !== 0)
    throw new Refusal('store-damaged', 'the vault is damaged: a record answers to the wrong name')
  return value
}

/** Row id of a name, or null. Row ids are random and stay the same while a record is replaced. */
export function namedRowId(store: Store, keys: VaultKeys, table: NamedTable, name: string): string | null {
  const row = store.get(`SELECT id FROM ${table} WHERE name_index = ?`, keys.index(table, name))
  return row === null ? null : textOf(row, 'id')
}

/** Insert, or replace by name. @throws Refusal `invalid` where the value does not fit its schema. */
export function putNamed<T extends { id: string }>(
  store: Store,
  keys: VaultKeys,
  kind: NamedKind<T>,
  value: T,
): void {
  const { table, schema } = kind
  const index = keys.index(table, value.id)
  store.transaction(() => {
    const old = store.get(`SELECT id, version FROM ${table} WHERE name_index = ?`, index)
    const id = old === null ? randomUUID() : textOf(old, 'id')
    const version = old === null ? 1 : integerOf(old, 'version') + 1
    const sealed = sealJson(keys, placeOf(table, id, version), schema, value)
    if (old === null)
      store.run(
        `INSERT INTO ${table} (id, version, name_index, sealed) VALUES (?, ?, ?, ?)`,
        id,
        version,
        index,
        sealed,
      )
    else store.run(`UPDATE ${table} SET version = ?, sealed = ? WHERE id = ?`, version, sealed, id)
  })
}

/** The record of a name, frozen, or null. @throws Refusal `store-damaged` where it cannot be opened. */
export function findNamed<T extends { id: string }>(
  store: Store,
  keys: VaultKeys,
  kind: NamedKind<T>,
  name: string,
): T | null {
  const row = store.get(`SELECT * FROM ${kind.table} WHERE name_index = ?`, keys.index(kind.table, name))
  return row === null ? null : kind.opened.of(keys, row)
}

/** All records, frozen, sorted by name. @throws Refusal `store-damaged` where one cannot be opened. */
export function listNamed<T extends { id: string }>(store: Store, keys: VaultKeys, kind: NamedKind<T>): T[] {
  const values = store.all(`SELECT * FROM ${kind.table}`).map((row) => kind.opened.of(keys, row))
  return values.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Remove the record of a name; false where there is none. */
export function removeNamed(store: Store, keys: VaultKeys, table: NamedTable, name: string): boolean {
  return store.run(`DELETE FROM ${table} WHERE name_index = ?`, keys.index(table, name)) > 0
}
