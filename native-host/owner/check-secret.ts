import { type Sentence, said, say } from '../../shared/model/said.ts'
import type { Auth } from '../../shared/model/service.ts'
import { schemeOf } from '../auth/schemes.ts'
import { textOf } from '../auth/secret-text.ts'
import { REDACTION_FLOOR } from '../broker/reflections.ts'
import { Refusal } from '../refusal.ts'

/**
 * Refuse, before it is saved, a secret that the scheme could not send as it is or that could not be told from
 * ordinary text in a response. Nothing is trimmed: a key with a newline at its end is a slip of the paste. What never leaves
 * this machine is judged with the others, see `Scheme.misfit`.
 *
 * @throws Refusal `invalid`. The message names the secret, never its bytes.
 */
export function checkSecret(auth: Auth, name: string, bytes: Uint8Array): void {
  if (schemeOf(auth).keptHere?.(auth).includes(name) && bytes.length > 0) return
  const fault = faultOf(auth, name, bytes)
  if (fault !== null) throw new Refusal('invalid', say`secret \`${name}\` ${said(fault)}`)
}

function faultOf(auth: Auth, name: string, bytes: Uint8Array): Sentence | null {
  if (bytes.length === 0) return 'is empty'
  const text = textOf(bytes)
  if (text === null) return 'is not UTF-8 text'
  if (text.includes('\n') || text.includes('\r')) return 'contains a line break: paste the key alone'
  if (text.trim() !== text) return 'begins or ends with white space: paste the key alone'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return 'contains a control character'
  if (bytes.length < REDACTION_FLOOR) {
    return say`is shorter than ${REDACTION_FLOOR} bytes, too short to be found in a response and taken out`
  }
  return schemeOf(auth).fault(text, auth, name)
}
