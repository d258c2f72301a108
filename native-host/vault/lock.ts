import { Refusal } from '../refusal.ts'
import { readMeta, writeMeta } from '../store/meta.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from './keys.ts'

/** How often this vault has been locked. A process whose keys date from an earlier count must end. */
export function lockEpoch(store: Store): number {
  const value = readMeta(store, 'lock-epoch')
  return typeof value === 'number' ? value : 0
}

/** Tell every process that holds keys to end. They notice by `store.version()`. Needs no keys. */
export function raiseLock(store: Store): void {
  store.urgently(() => writeMeta(store, 'lock-epoch', lockEpoch(store) + 1))
}

const dates = new WeakMap<VaultKeys, number>()

/** Say which count of the lock keys date from: the one read before they were obtained. */
export function dateKeys(keys: VaultKeys, epoch: number): void {
  dates.set(keys, epoch)
}

/** The count of the lock that keys date from; zero for keys that nobody dated. */
export function dateOf(keys: VaultKeys): number {
  return dates.get(keys) ?? 0
}

/**
 * Refuse to go on with keys from before a lock. Within the transaction of what they are used for, so that nothing is
 * sent in the moment until this process notices that it must end.
 *
 * @throws Refusal `vault-locked`.
 */
export function checkNotLocked(store: Store, keys: VaultKeys): void {
  if (lockEpoch(store) !== dateOf(keys)) throw new Refusal('vault-locked', 'the vault was locked')
}
