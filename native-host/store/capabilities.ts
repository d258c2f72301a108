import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { findNamed, listNamed, namedKind, putNamed, removeNamed } from './named-rows.ts'
import type { Store } from './store.ts'

const KIND = namedKind<Capability>('capabilities', CapabilitySchema)

/** Insert, or replace by id. @throws Refusal `invalid` where the capability does not fit its schema. */
export function putCapability(store: Store, keys: VaultKeys, capability: Capability): void {
  putNamed(store, keys, KIND, capability)
}

/** The capability of an id, frozen, or null. @throws Refusal `store-damaged`. */
export function findCapability(store: Store, keys: VaultKeys, id: string): Capability | null {
  return findNamed(store, keys, KIND, id)
}

/** All capabilities, frozen, sorted by id. @throws Refusal `store-damaged`. */
export function listCapabilities(store: Store, keys: VaultKeys): Capability[] {
  return listNamed(store, keys, KIND)
}

/** Remove a capability; false where there is none. Its grants and sessions are the caller's to end. */
export function removeCapability(store: Store, keys: VaultKeys, id: string): boolean {
  return removeNamed(store, keys, 'capabilities', id)
}
