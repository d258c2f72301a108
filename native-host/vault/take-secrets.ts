import { isPermit, type Permit } from '../audit/permit.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store/store.ts'
import { openSecret, type StoredSecret, secretRows } from '../store/stored-secret.ts'
import type { VaultKeys } from './keys.ts'
import { Secret } from './secret.ts'

/**
 * The one door through which secrets leave the vault: those of the service that a permit is for, by name. Not those that
 * live elsewhere: of these {@link takeReferences} says where.
 *
 * @returns empty where the service has none (or is gone).
 * @throws Refusal `internal` for anything but a permit for this very service; `store-damaged`.
 */
export function takeSecrets(
  store: Store,
  keys: VaultKeys,
  permit: Permit,
  service: string,
): Map<string, Secret> {
  const taken = take(store, keys, permit, service).filter(({ isReference }) => !isReference)
  return new Map(taken.map(({ name, bytes }) => [name, new Secret(bytes)]))
}

/** Where the secrets of the service live that are not in the vault, packed, by name. @throws like {@link takeSecrets}. */
export function takeReferences(
  store: Store,
  keys: VaultKeys,
  permit: Permit,
  service: string,
): Map<string, Uint8Array> {
  const taken = take(store, keys, permit, service).filter(({ isReference }) => isReference)
  return new Map(taken.map(({ name, bytes }) => [name, bytes]))
}

function take(store: Store, keys: VaultKeys, permit: Permit, service: string): StoredSecret[] {
  // SECURITY: no permit, no secret; and a permit is for one service.
  if (!isPermit(permit) || permit.service !== service)
    throw new Refusal('internal', 'there is no permit for the secrets of this service')
  return secretRows(store, keys, service).map((row) => openSecret(keys, row, service))
}
