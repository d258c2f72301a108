import type { RefusalCode } from '../../shared/protocol/refusals.ts'
import { type MessageName, t } from './strings.ts'

/** Refusals that our own words say better than the host's sentence. */
const OWN_WORDS: Partial<Record<RefusalCode, MessageName>> = {
  'wrong-passphrase': 'refusalWrongPassphrase',
  'vault-locked': 'refusalVaultLocked',
  'host-missing': 'refusalHostMissing',
  'host-exited': 'refusalHostExited',
  'permission-withdrawn': 'refusalPermissionWithdrawn',
}

/** Why an order was not carried out, as a sentence for the owner. Whatever was thrown, there is a sentence. */
export function refusalText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const own = Object.hasOwn(OWN_WORDS, code) ? OWN_WORDS[code as RefusalCode] : undefined
  if (own !== undefined) return t(own)
  const message = error instanceof Error ? error.message : ''
  return message === '' ? t('refusalUnknown') : asSentence(message)
}

/** The host writes sentences without a capital and a full stop. */
export function asSentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
