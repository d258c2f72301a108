import { readMeta, writeMeta } from '../store/meta.ts'
import type { Store } from '../store/store.ts'

/** How often this vault has been locked. A process whose keys date from an earlier count must end. */
export function lockEpoch(store: Store): number {
  const value = readMeta(store, 'lock-epoch')
  return typeof value === 'number' ? value : 0
}

/** Tell every process that holds keys to end. They notice by `store.version()`. Needs no keys. */
export function raiseLock(store: Store): void {
  store.transaction(() => writeMeta(store, 'lock-epoch', lockEpoch(store) + 1))
}
