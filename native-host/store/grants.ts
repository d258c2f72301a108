import { type Grant, GrantSchema } from '../../shared/model/grant.ts'
import { Refusal } from '../refusal.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { bytesOf, integerOf, type Row, textOf } from './columns.ts'
import { OpenedRows } from './opened-rows.ts'
import { openJson, sealJson } from './sealed-json.ts'
import type { Store } from './store.ts'

function placeOf(id: string, version: number): string {
  return `grants:${id}:${version}`
}

function indexOf(keys: VaultKeys, origin: string, topOrigin: string, capability: string): Uint8Array {
  // None of the three can hold a space.
  return keys.index('grants', `${origin} ${topOrigin} ${capability}`)
}

const OPENED = new OpenedRows(openAnew)

function openGrant(keys: VaultKeys, row: Row): Grant {
  return OPENED.of(keys, row)
}

function openAnew(keys: VaultKeys, row: Row): Grant {
  const id = textOf(row, 'id')
  const grant = openJson(keys, placeOf(id, integerOf(row, 'version')), GrantSchema, bytesOf(row, 'sealed'))
  const index = indexOf(keys, grant.origin, grant.topOrigin, grant.capability)
  // SECURITY: id and index are in clear. Without this a grant could be made to stand for another site's.
  if (grant.id !== id || Buffer.compare(index, bytesOf(row, 'place_index')) !== 0)
    throw new Refusal('store-damaged', 'the vault is damaged: a grant answers to the wrong site')
  return grant
}

/**
 * Insert, or replace by id.
 *
 * @throws Refusal `exists` where another grant has the same origin, top origin and capability; `invalid` where it
 *   does not fit its schema.
 */
export function putGrant(store: Store, keys: VaultKeys, grant: Grant): void {
  const index = indexOf(keys, grant.origin, grant.topOrigin, grant.capability)
  store.transaction(() => {
    const twin = store.get('SELECT id FROM grants WHERE place_index = ? AND id <> ?', index, grant.id)
    if (twin !== null) throw new Refusal('exists', 'this site has this capability already')
    const old = store.get('SELECT version FROM grants WHERE id = ?', grant.id)
    const version = old === null ? 1 : integerOf(old, 'version') + 1
    const sealed = sealJson(keys, placeOf(grant.id, version), GrantSchema, grant)
    store.run(
      'INSERT OR REPLACE INTO grants (id, version, place_index, sealed) VALUES (?, ?, ?, ?)',
      grant.id,
      version,
      index,
      sealed,
    )
  })
}

/** The grant of an id, or null. @throws Refusal `store-damaged`. */
export function findGrant(store: Store, keys: VaultKeys, id: string): Grant | null {
  const row = store.get('SELECT * FROM grants WHERE id = ?', id)
  return row === null ? null : openGrant(keys, row)
}

/** The grant of a capability to documents of `origin` in a tab of `topOrigin`, or null. @throws Refusal `store-damaged`. */
export function findGrantFor(
  store: Store,
  keys: VaultKeys,
  origin: string,
  topOrigin: string,
  capability: string,
): Grant | null {
  const index = indexOf(keys, origin, topOrigin, capability)
  const row = store.get('SELECT * FROM grants WHERE place_index = ?', index)
  return row === null ? null : openGrant(keys, row)
}

/** All grants, oldest first. @throws Refusal `store-damaged`. */
export function listGrants(store: Store, keys: VaultKeys): Grant[] {
  const grants = store.all('SELECT * FROM grants').map((row) => openGrant(keys, row))
  return grants.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
}

/** Grants in the order of their ids, at most `limit`: those that follow an id, or the first for null. @throws Refusal `store-damaged`. */
export function grantsAfter(store: Store, keys: VaultKeys, after: string | null, limit: number): Grant[] {
  const rows = store.all('SELECT * FROM grants WHERE id > ? ORDER BY id LIMIT ?', after ?? '', limit)
  return rows.map((row) => openGrant(keys, row))
}

/** Remove a grant; false where there is none. No call passes without its grant; ending its sessions is the caller's. */
export function removeGrant(store: Store, _keys: VaultKeys, id: string): boolean {
  return store.run('DELETE FROM grants WHERE id = ?', id) > 0
}
