import * as z from 'zod/mini'
import {
  type AutoLockMinutes,
  AutoLockMinutesSchema,
  DEFAULT_AUTO_LOCK,
} from '../../shared/protocol/auto-lock-commands.ts'
import { readMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { vaultTime } from './clock.ts'
import { lastUse, noteUse } from './last-use.ts'

const PLACE = 'meta:auto-lock'

const AutoLockSchema = z.object({ minutes: AutoLockMinutesSchema })

/** After how many minutes without use the vault locks itself; null: never. The default where its owner chose nothing. */
export function autoLockMinutes(store: Store, keys: VaultKeys): AutoLockMinutes {
  const sealed = readMeta(store, 'auto-lock')
  if (!(sealed instanceof Uint8Array)) return DEFAULT_AUTO_LOCK
  try {
    return openJson(keys, PLACE, AutoLockSchema, sealed).minutes
  } catch {
    // SECURITY: what was changed from outside keeps no vault open.
    return DEFAULT_AUTO_LOCK
  }
}

/** Choose it. Within the transaction of the act. */
export function setAutoLock(store: Store, keys: VaultKeys, minutes: AutoLockMinutes): void {
  writeMeta(store, 'auto-lock', sealJson(keys, PLACE, AutoLockSchema, { minutes }))
}

/**
 * True where nobody has used the vault for as long as its owner lets it stay open. By the vault's own time, which a clock that
 * is set back does not stop, and in which sleep counts.
 *
 * @param now the wall clock, milliseconds since the epoch.
 */
export function isAutoLockDue(store: Store, keys: VaultKeys, now: number): boolean {
  if (autoLockMinutes(store, keys) === null) return false
  // A look each second is not to write: how far the clock has come is in what the machine counts as well.
  return isAutoLockDueAt(store, keys, vaultTime(store, keys, now, Number.POSITIVE_INFINITY))
}

/** The same for whoever has read the vault's own time. @param time it, milliseconds. */
export function isAutoLockDueAt(store: Store, keys: VaultKeys, time: number): boolean {
  const minutes = autoLockMinutes(store, keys)
  if (minutes === null) return false
  const used = lastUse(store, keys)
  if (used !== null) return time - used >= minutes * 60_000
  // A vault from before there was this begins now.
  store.transaction(() => noteUse(store, keys, time))
  return false
}

/** Calls in flight are a use for as long as they run. @param now the wall clock, milliseconds since the epoch. */
export function noteUseNow(store: Store, keys: VaultKeys, now: number): void {
  const time = vaultTime(store, keys, now, Number.POSITIVE_INFINITY)
  store.transaction(() => noteUse(store, keys, time))
}
