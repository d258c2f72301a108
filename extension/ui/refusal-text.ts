import { type Said, sentenceText } from '../../shared/model/said.ts'
import type { RefusalCode } from '../../shared/protocol/refusals.ts'
import { type MessageName, t, visible } from './strings.ts'
import { isTranslated, translated } from './translations.ts'

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
  const said = error instanceof Error && 'said' in error ? (error.said as Said | undefined) : undefined
  return message === '' ? t('refusalUnknown') : hostSentence({ message, said })
}

/** A sentence of the host's in the user's language; in English, as the host wrote it, where that has none. */
export function hostSentence({ message, said }: { message: string; said?: Said | undefined }): string {
  const sentence = said ?? message
  const text = typeof sentence === 'string' ? sentence : sentence.text
  if (!isTranslated('host', text)) return asSentence(message)
  return asSentence(sentenceText(sentence, (english) => translated('host', english), visible))
}

/** The host writes sentences without a capital and a full stop. */
export function asSentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
