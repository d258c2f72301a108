import { randomUUID } from 'node:crypto'
import { say } from '../../shared/model/said.ts'
import { type Service, ServiceSchema } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { integerOf, textOf } from './columns.ts'
import { findNamed, listNamed, namedKind, namedRowId, putNamed, removeNamed } from './named-rows.ts'
import type { Store } from './store.ts'
import { openSecret, sealSecret, secretRows } from './stored-secret.ts'

const KIND = namedKind<Service>('services', ServiceSchema)

/** Longest secret, bytes: a PKCS #12 bundle with its chain fits several times. */
const MAX_SECRET_BYTES = 256 * 1024

/** Longest name of a secret, characters. */
const MAX_SECRET_NAME = 200

/** Insert, or replace by id; its secrets stay. @throws Refusal `invalid` where the service does not fit its schema. */
export function putService(store: Store, keys: VaultKeys, service: Service): void {
  putNamed(store, keys, KIND, service)
}

/** The service of an id, frozen, or null. @throws Refusal `store-damaged`. */
export function findService(store: Store, keys: VaultKeys, id: string): Service | null {
  return findNamed(store, keys, KIND, id)
}

/** All services, frozen, sorted by id. @throws Refusal `store-damaged`. */
export function listServices(store: Store, keys: VaultKeys): Service[] {
  return listNamed(store, keys, KIND)
}

/** Remove a service and its secrets; false where there is none. Its capabilities are the caller's to remove. */
export function removeService(store: Store, keys: VaultKeys, id: string): boolean {
  return removeNamed(store, keys, 'services', id)
}

/**
 * Store a secret of a service under a name, replacing the one that was there.
 *
 * @param isReference true where the bytes say where the secret lives.
 * @throws Refusal `unknown` where there is no such service; `invalid` where name or bytes are empty or too long.
 */
export function putSecret(
  store: Store,
  keys: VaultKeys,
  service: string,
  name: string,
  bytes: Uint8Array,
  isReference = false,
): void {
  if (name === '' || name.length > MAX_SECRET_NAME)
    throw new Refusal('invalid', say`the name of a secret has 1 to ${MAX_SECRET_NAME} characters`)
  if (bytes.length === 0 || bytes.length > MAX_SECRET_BYTES)
    throw new Refusal('invalid', say`a secret has 1 to ${MAX_SECRET_BYTES} bytes`)
  store.transaction(() => {
    const owner = namedRowId(store, keys, 'services', service)
    if (owner === null) throw new Refusal('unknown', say`there is no service \`${service}\``)
    const index = keys.index('secrets', name)
    const old = store.get(
      'SELECT id, version FROM secrets WHERE service = ? AND name_index = ?',
      owner,
      index,
    )
    const id = old === null ? randomUUID() : textOf(old, 'id')
    const version = old === null ? 1 : integerOf(old, 'version') + 1
    const sealed = sealSecret(keys, id, version, { service, name, isReference, bytes })
    const row = [id, version, owner, index, sealed]
    store.run(
      'INSERT OR REPLACE INTO secrets (id, version, service, name_index, sealed) VALUES (?, ?, ?, ?, ?)',
      ...row,
    )
  })
}

/** Remove a secret of a service; false where there is none. */
export function removeSecret(store: Store, keys: VaultKeys, service: string, name: string): boolean {
  const owner = namedRowId(store, keys, 'services', service)
  if (owner === null) return false
  const index = keys.index('secrets', name)
  return store.run('DELETE FROM secrets WHERE service = ? AND name_index = ?', owner, index) > 0
}

/** Names of a service's secrets, sorted; none where there is no such service. @throws Refusal `store-damaged`. */
export function listSecretNames(store: Store, keys: VaultKeys, service: string): string[] {
  return secretRows(store, keys, service)
    .map((row) => openSecret(keys, row, service).name)
    .sort()
}

/** References of a service by the names of the secrets they stand for; see `references/packed-reference.ts`. @throws Refusal `store-damaged`. */
export function listReferences(store: Store, keys: VaultKeys, service: string): Map<string, Uint8Array> {
  const all = secretRows(store, keys, service).map((row) => openSecret(keys, row, service))
  return new Map(all.filter(({ isReference }) => isReference).map(({ name, bytes }) => [name, bytes]))
}
