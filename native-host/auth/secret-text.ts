import { Problem } from '../problem.ts'
import type { Secrets } from './scheme.ts'

/** The text of UTF-8 bytes; null for anything else, a byte order mark included. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.startsWith('\ufeff') ? null : text
  } catch {
    return null
  }
}

/** The text of a secret that is there; null where there is none or it is no text. */
export function storedText(secrets: Secrets, name: string): string | null {
  const bytes = secrets.get(name)?.reveal()
  return bytes === undefined ? null : textOf(bytes)
}

/**
 * The text of one secret, about to be written into a request.
 *
 * @param fault the scheme's own judgement, asked again here: what is stored may be older than the check at save time.
 * @throws Problem `internal`: `secret-missing` where there is none or it is empty, `secret-unsendable` where the
 *   scheme cannot carry it.
 */
export function secretText(secrets: Secrets, name: string, fault: (text: string) => string | null): string {
  const bytes = secrets.get(name)?.reveal()
  // SECURITY: an absent or empty secret ends the call; a call without its credential is never sent.
  if (bytes === undefined || bytes.length === 0) throw new Problem('internal', 'secret-missing')
  const text = textOf(bytes)
  if (text === null || fault(text) !== null) throw new Problem('internal', 'secret-unsendable')
  return text
}
