import { randomBytes, randomUUID } from 'node:crypto'
import { say } from '../../shared/model/said.ts'
import type { SlotSummary } from '../../shared/protocol/vault-commands.ts'
import { startChain } from '../audit/chain.ts'
import { Refusal } from '../refusal.ts'
import { integerOf, textOf } from '../store/columns.ts'
import { readMeta } from '../store/meta.ts'
import type { Store } from '../store/store.ts'
import { createKeys } from './envelope.ts'
import type { VaultKeys } from './keys.ts'
import { formatRecoveryCode, newRecoveryCode } from './recovery-code.ts'
import { type NewSlot, newSlotSecret, type Opener, type SlotParameters, slotSecret } from './slot-kinds.ts'
import { dropSlots, parametersOf, readSlot, unwrap, wrap, writeSlot } from './slot-rows.ts'

export type { NewSlot, Opener } from './slot-kinds.ts'

function checkNoVault(store: Store): void {
  if (vaultPresent(store)) throw new Refusal('vault-exists', 'there is a vault already')
}

/** True where a vault was made in this store. */
export function vaultPresent(store: Store): boolean {
  return store.get('SELECT 1 FROM slots LIMIT 1') !== null || readMeta(store, 'audit-head') !== null
}

/**
 * Make the vault: a random data key, wrapped by `slot` and by a recovery code.
 *
 * @returns its keys, and the recovery code, which is kept nowhere: show it once.
 * @throws Refusal `vault-exists`, `weak-passphrase`, `invalid` (key file, keychain), `disk-full`.
 */
export async function createVault(
  store: Store,
  slot: NewSlot,
): Promise<{ keys: VaultKeys; recoveryCode: string }> {
  checkNoVault(store)
  const dataKey = randomBytes(32)
  const keys = createKeys(dataKey)
  const id = randomUUID()
  const { parameters, secret } = await newSlotSecret(id, slot)
  const code = newRecoveryCode()
  const recovery: SlotParameters = { kind: 'recovery', salt: randomBytes(16).toString('base64') }
  store.transaction(() => {
    // Asked again: another process may have made one meanwhile.
    checkNoVault(store)
    writeSlot(store, wrap(id, parameters, secret, dataKey))
    writeSlot(store, wrap(randomUUID(), recovery, code, dataKey))
    startChain(store, keys)
  })
  dataKey.fill(0)
  return { keys, recoveryCode: formatRecoveryCode(code) }
}

/**
 * Open the vault with what the owner brings.
 *
 * @throws Refusal `vault-missing`; `wrong-passphrase` with one message whatever was wrong; `store-damaged` where a slot
 *   asks for what is too little or too much; `invalid` where the key file or the keychain cannot be read at all.
 */
export async function unlockVault(store: Store, opener: Opener): Promise<VaultKeys> {
  if (!vaultPresent(store)) throw new Refusal('vault-missing', 'there is no vault yet: run `valetkey init`')
  const opened = await openSlot(store, opener)
  if (opened === null) throw new Refusal('wrong-passphrase', 'that does not open the vault')
  const keys = createKeys(opened.dataKey)
  opened.dataKey.fill(0)
  return keys
}

/** The id of the slot that this opens; null: it opens none. @throws Refusal as `unlockVault`. */
export async function openedBy(store: Store, opener: Opener): Promise<string | null> {
  const opened = await openSlot(store, opener)
  opened?.dataKey.fill(0)
  return opened?.id ?? null
}

async function openSlot(store: Store, opener: Opener): Promise<{ id: string; dataKey: Uint8Array } | null> {
  const rows = store.all('SELECT * FROM slots WHERE kind = ? ORDER BY created_at, id', opener.kind)
  // All are read before any is tried: one that was tampered with is said, whatever the others open.
  for (const slot of rows.map(readSlot)) {
    const secret = await slotSecret(slot.parameters, opener)
    const dataKey = secret === null ? null : unwrap(slot, secret)
    if (dataKey !== null) return { id: slot.id, dataKey }
  }
  return null
}

/** Kinds of the slots there are, each once, sorted: `key-file`, `keychain`, `passphrase`, `recovery`. */
export function slotKinds(store: Store): string[] {
  const kinds = listSlots(store).map(({ kind }) => kind)
  return [...new Set(kinds)].filter((kind) => kind !== 'damaged').sort()
}

/** All slots, oldest first; those of one moment by their kind. */
export function listSlots(store: Store): SlotSummary[] {
  return store.all('SELECT * FROM slots ORDER BY created_at, kind, id').map((row) => {
    const kind = parametersOf(row)?.kind ?? 'damaged'
    return { id: textOf(row, 'id'), kind, createdAt: integerOf(row, 'created_at') }
  })
}

/** Add a slot to an open vault; its id. Records are not touched. @throws Refusal `weak-passphrase`, `invalid`. */
export async function addSlot(store: Store, keys: VaultKeys, slot: NewSlot): Promise<string> {
  const id = randomUUID()
  const { parameters, secret } = await newSlotSecret(id, slot)
  const dataKey = keys.exportKey()
  store.transaction(() => writeSlot(store, wrap(id, parameters, secret, dataKey)))
  dataKey.fill(0)
  return id
}

/**
 * Remove a slot. What a keychain holds for it is the caller's to remove; it opens nothing any more.
 *
 * @throws Refusal `unknown`; `in-use` for the last one beside the recovery code.
 */
export function removeSlot(store: Store, id: string): void {
  store.transaction(() => {
    const slots = listSlots(store)
    if (!slots.some((slot) => slot.id === id)) throw new Refusal('unknown', say`there is no slot \`${id}\``)
    if (!slots.some((slot) => slot.id !== id && slot.kind !== 'recovery' && slot.kind !== 'damaged'))
      throw new Refusal('in-use', 'this is the last slot beside the recovery code: add another one first')
    dropSlots(store, [id])
  })
  // SECURITY: the log still holds the wrapped key; an old passphrase must not open a copy of it.
  store.get('PRAGMA wal_checkpoint(TRUNCATE)')
}
