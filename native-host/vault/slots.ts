import { randomBytes, randomUUID } from 'node:crypto'
import { startChain } from '../audit/chain.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row, textOf } from '../store/columns.ts'
import { readMeta } from '../store/meta.ts'
import type { Store } from '../store/store.ts'
import { createKeys, openWith, sealWith, subkey } from './envelope.ts'
import type { VaultKeys } from './keys.ts'
import { formatRecoveryCode, newRecoveryCode } from './recovery-code.ts'
import {
  type NewSlot,
  newSlotSecret,
  type Opener,
  type SlotParameters,
  SlotParametersSchema,
  slotSecret,
} from './slot-kinds.ts'

export type { NewSlot, Opener } from './slot-kinds.ts'

/** A slot ready to be stored. */
interface WrappedSlot {
  readonly id: string
  readonly parameters: SlotParameters
  readonly wrapped: Uint8Array
}

/** A slot as the owner may see it. */
export interface SlotSummary {
  id: string
  /** `damaged` where the slot was changed from outside: it opens nothing and can be removed. */
  kind: SlotParameters['kind'] | 'damaged'
  /** Milliseconds since the epoch. */
  createdAt: number
}

// SECURITY: the parameters are bound, so that a slot cannot be given another's salt or a weaker stretching.
function placeOf(id: string, parameters: SlotParameters): string {
  return `slots:${id}:${JSON.stringify(parameters)}`
}

function wrap(id: string, parameters: SlotParameters, secret: Uint8Array, dataKey: Uint8Array): WrappedSlot {
  const key = subkey(secret, Buffer.from(parameters.salt, 'base64'), `slot-${parameters.kind}`)
  return { id, parameters, wrapped: sealWith(key, placeOf(id, parameters), dataKey) }
}

function unwrap(slot: WrappedSlot, secret: Uint8Array): Uint8Array | null {
  const { id, parameters, wrapped } = slot
  const key = subkey(secret, Buffer.from(parameters.salt, 'base64'), `slot-${parameters.kind}`)
  return openWith(key, placeOf(id, parameters), wrapped)
}

/** What a slot says of itself; null where that is nothing a slot may say. */
function parametersOf(row: Row): SlotParameters | null {
  const parameters = SlotParametersSchema.safeParse(jsonOrNull(textOf(row, 'parameters')))
  return parameters.success && parameters.data.kind === textOf(row, 'kind') ? parameters.data : null
}

function readSlot(row: Row): WrappedSlot {
  const parameters = parametersOf(row)
  if (parameters === null)
    throw new Refusal('store-damaged', 'the vault is damaged: a key slot asks for what no slot may')
  return { id: textOf(row, 'id'), parameters, wrapped: bytesOf(row, 'wrapped') }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function writeSlot(store: Store, slot: WrappedSlot): void {
  store.run(
    'INSERT INTO slots (id, kind, created_at, parameters, wrapped) VALUES (?, ?, ?, ?, ?)',
    slot.id,
    slot.parameters.kind,
    Date.now(),
    JSON.stringify(slot.parameters),
    slot.wrapped,
  )
}

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
  const slots = store
    .all('SELECT * FROM slots WHERE kind = ? ORDER BY created_at, id', opener.kind)
    .map(readSlot)
  for (const slot of slots) {
    const secret = await slotSecret(slot.parameters, opener)
    const dataKey = secret === null ? null : unwrap(slot, secret)
    if (dataKey === null) continue
    const keys = createKeys(dataKey)
    dataKey.fill(0)
    return keys
  }
  throw new Refusal('wrong-passphrase', 'that does not open the vault')
}

/** Kinds of the slots there are, each once, sorted: `key-file`, `keychain`, `passphrase`, `recovery`. */
export function slotKinds(store: Store): string[] {
  const kinds = listSlots(store).map(({ kind }) => kind)
  return [...new Set(kinds)].filter((kind) => kind !== 'damaged').sort()
}

/** All slots, oldest first. */
export function listSlots(store: Store): SlotSummary[] {
  return store.all('SELECT * FROM slots ORDER BY created_at, id').map((row) => {
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
    if (!slots.some((slot) => slot.id === id)) throw new Refusal('unknown', `there is no slot \`${id}\``)
    if (!slots.some((slot) => slot.id !== id && slot.kind !== 'recovery' && slot.kind !== 'damaged'))
      throw new Refusal('in-use', 'this is the last slot beside the recovery code: add another one first')
    store.run('DELETE FROM slots WHERE id = ?', id)
  })
  // SECURITY: the log still holds the wrapped key; an old passphrase must not open a copy of it.
  store.get('PRAGMA wal_checkpoint(TRUNCATE)')
}
