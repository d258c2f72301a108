import type { SlotSummary } from '../../shared/protocol/vault-commands.ts'
import { addRecovery, keepRecovery, replacePassphrase } from '../vault/replace-slots.ts'
import { listSlots } from '../vault/slots.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'

/** Every way to open the vault, oldest first. */
export function list(context: OwnerContext): SlotSummary[] {
  return listSlots(context.store)
}

/**
 * Change the passphrase, or give the vault its first one. Both acts are in the log.
 *
 * @param change `current` absent where the vault has no passphrase. @throws Refusal `wrong-passphrase`, `weak-passphrase`.
 */
export async function changePassphrase(
  context: OwnerContext,
  change: { current?: string | undefined; next: string },
): Promise<void> {
  const { store, keys } = context
  const { added, removed } = await replacePassphrase(store, keys, {
    current: change.current ?? null,
    next: change.next,
  })
  record(context, 'slot.add', added)
  if (removed !== null) record(context, 'slot.remove', removed)
}

/**
 * Make a recovery code beside those there are; they go on to open the vault until {@link keep}.
 *
 * @param current the passphrase, absent where the vault has none. @throws Refusal `wrong-passphrase`.
 */
export async function newRecovery(
  context: OwnerContext,
  current: string | undefined,
): Promise<{ id: string; recoveryCode: string }> {
  const made = await addRecovery(context.store, context.keys, current ?? null)
  record(context, 'slot.add', made.id)
  return made
}

/** The owner has stored a recovery code: the others open nothing any more. @throws Refusal `unknown`. */
export function keep(context: OwnerContext, id: string): void {
  for (const removed of keepRecovery(context.store, id)) record(context, 'slot.remove', removed)
}
