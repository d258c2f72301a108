import type { SlotSummary } from '../../shared/protocol/vault-commands.ts'
import type { MessageName } from '../ui/strings.ts'

/** A way to open the vault as its owner is told of it. */
export interface SlotWords {
  name: MessageName
  text: MessageName
}

const WORDS: Record<SlotSummary['kind'], SlotWords> = {
  passphrase: { name: 'slotPassphrase', text: 'slotPassphraseText' },
  'key-file': { name: 'slotKeyFile', text: 'slotKeyFileText' },
  keychain: { name: 'slotKeychain', text: 'slotKeychainText' },
  recovery: { name: 'slotRecovery', text: 'slotRecoveryText' },
  damaged: { name: 'slotDamaged', text: 'slotDamagedText' },
}

/** Its words; those of a damaged one for a kind that only a later host knows. */
export function slotWords(kind: string): SlotWords {
  return Object.hasOwn(WORDS, kind) ? WORDS[kind as SlotSummary['kind']] : WORDS.damaged
}

/** True where the vault still opens without it: a recovery code alone is for emergencies, and the host keeps to that too. */
export function isRemovable(slot: SlotSummary, all: readonly SlotSummary[]): boolean {
  return all.some(({ id, kind }) => id !== slot.id && kind !== 'recovery' && kind !== 'damaged')
}
