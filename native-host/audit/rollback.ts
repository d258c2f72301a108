import * as z from 'zod/mini'
import { Refusal } from '../refusal.ts'
import { readMeta, removeMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { ACCEPTED_PLACE, fitsWitness, type Witness, WitnessSchema, witnessOf } from './witness.ts'
import { recordAct } from './write-audit.ts'

const FOUND_PLACE = 'meta:audit-rollback'

/** What a witness knew of and what the log then had, in records, and when each was, milliseconds since the epoch. */
const FoundSchema = z.object({ witnessed: z.int(), found: z.int(), at: z.int(), witnessedAt: z.int() })
export type Rollback = z.infer<typeof FoundSchema>

/**
 * Hold a witness against the log. Where it does not fit, say so in the vault, for every process: from then on no call
 * is sent until the owner has accepted it.
 *
 * @returns true where it fits.
 * @throws Refusal where that cannot be written: the caller must not send either.
 */
export function checkWitness(store: Store, keys: VaultKeys, witness: Witness, now: number): boolean {
  if (fitsWitness(store, keys, witness)) return true
  store.transaction(() => {
    if (isRolledBack(store)) return
    const found = witnessOf(store, keys, now)?.sequence ?? 0
    const rollback = { witnessed: witness.sequence, found, at: now, witnessedAt: witness.at }
    writeMeta(store, 'audit-rollback', sealJson(keys, FOUND_PLACE, FoundSchema, rollback))
  })
  return false
}

/** True where a witness was found not to fit, and the owner has not accepted it. Needs no keys. */
export function isRolledBack(store: Store): boolean {
  return readMeta(store, 'audit-rollback') !== null
}

/** What was found; null where nothing was. @throws Refusal `store-damaged` where that was changed from outside. */
export function foundRollback(store: Store, keys: VaultKeys): Rollback | null {
  const sealed = readMeta(store, 'audit-rollback')
  if (sealed === null) return null
  if (!(sealed instanceof Uint8Array)) throw new Refusal('store-damaged', 'the vault is damaged')
  return openJson(keys, FOUND_PLACE, FoundSchema, sealed)
}

/**
 * Refuse to send while the log is older than what was witnessed of it: calls of the time between would be denied to
 * have been. Within the transaction of the intent.
 *
 * @throws Refusal `rolled-back`.
 */
export function checkNotRolledBack(store: Store): void {
  if (isRolledBack(store)) throw rolledBack()
}

/** For what is not done while the log is older than what was witnessed of it. */
export function rolledBack(): Refusal {
  return new Refusal(
    'rolled-back',
    'the audit log is older than it was seen to be: if you put back a backup, run `valetkey audit accept-rollback`',
  )
}

/**
 * The owner says that the log going back was their own doing, as after putting back a backup: an act in the log, and
 * nothing that was witnessed before now is held against it any more. What is witnessed from now on is.
 *
 * @param by front end it came through. @param now milliseconds since the epoch.
 */
export function acceptRollback(store: Store, keys: VaultKeys, by: string, now: number): void {
  store.transaction(() => {
    const found = readable(store, keys)
    const subject = found === null ? 'the log' : `${found.witnessed} to ${found.found}`
    removeMeta(store, 'audit-rollback')
    recordAct(store, keys, { act: 'audit.accept-rollback', subject, by, now })
    // A clock that was set back in between must not make the witness look newer than this.
    const witness = witnessOf(store, keys, Math.max(now, found?.witnessedAt ?? 0))
    if (witness !== null)
      writeMeta(store, 'audit-accepted', sealJson(keys, ACCEPTED_PLACE, WitnessSchema, witness))
  })
}

function readable(store: Store, keys: VaultKeys): Rollback | null {
  try {
    return foundRollback(store, keys)
  } catch {
    return null
  }
}
