import { recordAct } from '../audit/write-audit.ts'
import { Refusal } from '../refusal.ts'
import { isLive } from '../sessions/session-life.ts'
import { listSessions } from '../sessions/sessions.ts'
import { vaultPausedSince } from '../sessions/vault-pause.ts'
import { listServices } from '../store/services.ts'
import type { Store } from '../store/store.ts'
import { keychainDelete } from '../vault/keychain.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { raiseLock } from '../vault/lock.ts'
import type { NewSlot, Opener } from '../vault/slots.ts'
import * as slots from '../vault/slots.ts'
import type { OwnerContext } from './context.ts'
import { forgetLeftPlayground } from './forget-playground.ts'
import { record } from './record.ts'

/** What is known of a vault without opening it, and the counts that only an open one shows. */
export interface VaultStatus {
  vault: 'missing' | 'locked' | 'unlocked'
  /** Kinds of key slots. Empty where there is no vault. */
  slots: string[]
  /** Zero while locked. */
  services: number
  liveSessions: number
  /** Since when the owner has paused everything, milliseconds since the epoch. Null: not, or the vault is not open. */
  paused: number | null
}

type By = OwnerContext['by']

/**
 * Create the vault. The recovery code is shown to the owner once and kept nowhere.
 *
 * @throws Refusal `vault-exists`, `weak-passphrase`, `invalid` (a key file others may read).
 */
export async function init(
  store: Store,
  slot: NewSlot,
  by: By,
): Promise<{ keys: VaultKeys; recoveryCode: string }> {
  const made = await slots.createVault(store, slot)
  recordAct(store, made.keys, { act: 'vault.init', subject: slot.kind, by, now: Date.now() })
  return made
}

/** Open the vault. @throws Refusal `vault-missing`, `wrong-passphrase`, `store-damaged`. */
export async function unlock(store: Store, opener: Opener, by: By): Promise<VaultKeys> {
  const keys = await slots.unlockVault(store, opener)
  recordAct(store, keys, { act: 'vault.unlock', subject: opener.kind, by, now: Date.now() })
  forgetLeft({ store, keys, now: Date.now, by })
  return keys
}

/** A process that was locked or killed could not take back what it had given to its playground's page. */
function forgetLeft(context: OwnerContext): void {
  try {
    forgetLeftPlayground(context)
  } catch {
    // What cannot be read or written now must not keep the vault closed.
  }
}

/**
 * Lock the vault everywhere: every process that holds the keys ends.
 *
 * @param keys null where this process has none: the lock is raised all the same, only without an audit record.
 * @throws Refusal `vault-missing`.
 */
export function lock(store: Store, keys: VaultKeys | null, by: By): void {
  if (!slots.vaultPresent(store)) throw new Refusal('vault-missing', 'there is no vault to lock')
  // SECURITY: the lock comes first; an audit that cannot be written must not keep the keys in memory.
  raiseLock(store)
  if (keys !== null) recordAct(store, keys, { act: 'vault.lock', subject: 'vault', by, now: Date.now() })
}

/** Kinds of slots that open without a word from the owner, in the order they are tried. */
const STORED = ['keychain', 'key-file'] as const

/**
 * The opener for a slot that needs no word from the owner.
 *
 * @throws Refusal `vault-missing`; `unknown` where the vault has no such slot.
 */
export function storedOpener(store: Store): Opener {
  if (!slots.vaultPresent(store)) throw new Refusal('vault-missing', 'there is no vault yet')
  const kinds = slots.slotKinds(store)
  const kind = STORED.find((each) => kinds.includes(each))
  if (kind === undefined) throw new Refusal('unknown', 'the vault has neither a key file nor a keychain slot')
  return { kind }
}

/** True where the vault has a slot that opens without a word from the owner. */
export function hasStoredSlot(store: Store): boolean {
  return slots.slotKinds(store).some((kind) => STORED.some((each) => each === kind))
}

/** State, slots and counts. Never throws for a locked or missing vault. */
export function status(store: Store, keys: VaultKeys | null, now: number): VaultStatus {
  if (!slots.vaultPresent(store))
    return { vault: 'missing', slots: [], services: 0, liveSessions: 0, paused: null }
  const kinds = slots.slotKinds(store)
  if (keys === null) return { vault: 'locked', slots: kinds, services: 0, liveSessions: 0, paused: null }
  const live = listSessions(store, keys, now).filter((session) => isLive(session, now))
  const services = listServices(store, keys).length
  const paused = vaultPausedSince(store, keys)
  return { vault: 'unlocked', slots: kinds, services, liveSessions: live.length, paused }
}

/** Add a way to open the vault. @returns the slot's id. @throws Refusal `weak-passphrase`, `invalid`. */
export async function addSlot(context: OwnerContext, slot: NewSlot): Promise<string> {
  const id = await slots.addSlot(context.store, context.keys, slot)
  record(context, 'slot.add', id)
  return id
}

/**
 * Remove a way to open the vault, and what the system's keychain held for it.
 *
 * @returns false where the keychain could not be asked: its entry is still there and opens nothing any more.
 * @throws Refusal `unknown`, `in-use` (the last one besides the recovery code).
 */
export async function removeSlot(context: OwnerContext, id: string): Promise<boolean> {
  const slot = slots.listSlots(context.store).find((each) => each.id === id)
  // Not one transaction: the removal also empties the log of the wrapped key, which SQLite does outside one only.
  slots.removeSlot(context.store, id)
  record(context, 'slot.remove', id)
  if (slot?.kind !== 'keychain') return true
  return keychainDelete(id).then(
    () => true,
    () => false,
  )
}
