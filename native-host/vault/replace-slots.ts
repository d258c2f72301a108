import { randomBytes, randomUUID } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from './keys.ts'
import { formatRecoveryCode, newRecoveryCode } from './recovery-code.ts'
import { newSlotSecret } from './slot-kinds.ts'
import { dropSlots, wrap, writeSlot } from './slot-rows.ts'
import { listSlots, openedBy } from './slots.ts'

/**
 * Put a new passphrase in the place of the one that is given, or beside the other slots where the vault has none. The new one opens and
 * the old one does not from one moment to the next; records are not touched.
 *
 * @param current null where the vault has no passphrase yet.
 * @returns ids: `added`, and `removed`, null where there was none.
 * @throws Refusal `wrong-passphrase` where `current` opens no passphrase slot, also where it is missing; `weak-passphrase`.
 */
export async function replacePassphrase(
  store: Store,
  keys: VaultKeys,
  { current, next }: { current: string | null; next: string },
): Promise<{ added: string; removed: string | null }> {
  const old = await passphraseSlot(store, current)
  const id = randomUUID()
  const { parameters, secret } = await newSlotSecret(id, { kind: 'passphrase', passphrase: next })
  const dataKey = keys.exportKey()
  const made = wrap(id, parameters, secret, dataKey)
  dataKey.fill(0)
  store.transaction(() => {
    // Stretching takes a moment: another process may have replaced it meanwhile.
    if (old !== null && !listSlots(store).some((slot) => slot.id === old)) throw notThat()
    writeSlot(store, made)
    if (old !== null) dropSlots(store, [old])
  })
  // SECURITY: the log still holds the wrapped key; an old passphrase must not open a copy of it.
  store.get('PRAGMA wal_checkpoint(TRUNCATE)')
  return { added: id, removed: old }
}

/**
 * Make one more recovery code. Those before it go on to open the vault until `keepRecovery` says that this one is stored: whoever
 * closes the page before has lost nothing.
 *
 * @param current the passphrase, null where the vault has none.
 * @returns the slot's id and the code, which is kept nowhere: show it once. @throws Refusal `wrong-passphrase`.
 */
export async function addRecovery(
  store: Store,
  keys: VaultKeys,
  current: string | null,
): Promise<{ id: string; recoveryCode: string }> {
  await passphraseSlot(store, current)
  const code = newRecoveryCode()
  const id = randomUUID()
  const parameters = { kind: 'recovery', salt: randomBytes(16).toString('base64') } as const
  const dataKey = keys.exportKey()
  const made = wrap(id, parameters, code, dataKey)
  dataKey.fill(0)
  store.transaction(() => writeSlot(store, made))
  return { id, recoveryCode: formatRecoveryCode(code) }
}

/** Remove every recovery code but this one. @returns ids of the removed. @throws Refusal `unknown` where it is none. */
export function keepRecovery(store: Store, id: string): string[] {
  const others = store.transaction(() => {
    const codes = listSlots(store).filter(({ kind }) => kind === 'recovery')
    if (!codes.some((slot) => slot.id === id))
      throw new Refusal('unknown', 'there is no such recovery code any more')
    const removed = codes.map((slot) => slot.id).filter((each) => each !== id)
    dropSlots(store, removed)
    return removed
  })
  // SECURITY: as above; an old code must not open what the log still holds.
  store.get('PRAGMA wal_checkpoint(TRUNCATE)')
  return others
}

/** The slot that a passphrase opens; null where the vault has no passphrase at all. @throws Refusal `wrong-passphrase`. */
async function passphraseSlot(store: Store, current: string | null): Promise<string | null> {
  if (!listSlots(store).some(({ kind }) => kind === 'passphrase')) return null
  // SECURITY: an open vault on a desk is no leave to take it over for good.
  const id = current === null ? null : await openedBy(store, { kind: 'passphrase', text: current })
  if (id === null) throw notThat()
  return id
}

function notThat(): Refusal {
  return new Refusal('wrong-passphrase', 'that is not the passphrase of this vault')
}
