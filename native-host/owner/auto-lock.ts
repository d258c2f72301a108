import type { AutoLockMinutes } from '../../shared/protocol/auto-lock-commands.ts'
import { recordAct } from '../audit/write-audit.ts'
import { setAutoLock } from '../sessions/auto-lock.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { dateOf, lockEpoch, raiseLock } from '../vault/lock.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'

/** Choose after how many minutes without use the vault locks itself; null: never. */
export function chooseAutoLock(context: OwnerContext, minutes: AutoLockMinutes): AutoLockMinutes {
  context.store.transaction(() => {
    setAutoLock(context.store, context.keys, minutes)
    record(context, 'vault.auto-lock-set', minutes === null ? 'never' : `${minutes} min`)
  })
  return minutes
}

/**
 * Nobody has used the vault for as long as its owner lets it stay open: lock it for every process. Of several that notice
 * at once one does; each of them must end.
 *
 * @param now the wall clock, milliseconds since the epoch.
 * @throws Refusal `disk-full` and the like where other processes cannot be told.
 */
export function lockUnused(store: Store, keys: VaultKeys, now: number): void {
  const isFirst = store.urgently(() => {
    if (lockEpoch(store) !== dateOf(keys)) return false
    raiseLock(store)
    return true
  })
  // SECURITY: after the lock; an audit that cannot be written must not keep the keys in memory.
  if (isFirst) recordAct(store, keys, { act: 'vault.auto-lock', subject: 'vault', by: 'clock', now })
}
