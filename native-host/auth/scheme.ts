import type { Auth, AuthKind } from '../../shared/model/service.ts'
import { REDACTION_FLOOR } from '../broker/reflections.ts'
import { Refusal } from '../refusal.ts'
import type { Secret } from '../vault/secret.ts'
import { basic } from './basic.ts'
import { bearer } from './bearer.ts'
import { header } from './header.ts'
import { jsonField } from './json-field.ts'
import { none } from './none.ts'
import type { Outbound } from './outbound.ts'
import { query } from './query.ts'
import { textOf } from './secret-text.ts'

/** Secrets of a service by the name its schemes know them by. */
export type Secrets = ReadonlyMap<string, Secret>

/** Where a scheme writes, so that whatever a page put there is stripped before. */
export interface Places {
  /** Lower-case names. */
  readonly headers: readonly string[]
  readonly query: readonly string[]
  /** RFC 6901 pointers. */
  readonly jsonFields: readonly string[]
}

/** One way to give a service its credential. */
export interface Scheme<A extends Auth> {
  readonly kind: A['kind']
  /** Names of the stored secrets it needs, each once. */
  secretNames(auth: A): string[]
  places(auth: A): Places
  /** What makes a secret impossible to send this way, as the end of a sentence; null: nothing. */
  fault(text: string): string | null
  /**
   * The request with the credential added and everything else unchanged.
   *
   * @throws Problem `internal` (`secret-missing`, `secret-unsendable`): never a call without its credential.
   */
  apply(outbound: Outbound, auth: A, secrets: Secrets): Outbound
  /** Texts beside the secret itself in which it leaves, and so could come back. */
  derived(auth: A, secrets: Secrets): Uint8Array[]
}

type Schemes = { readonly [K in AuthKind]: Scheme<Extract<Auth, { kind: K }>> }

const SCHEMES: Schemes = { none, bearer, header, basic, query, 'json-field': jsonField }

/** The scheme an `auth` names. Total: every kind has one. */
export function schemeOf<A extends Auth>(auth: A): Scheme<A> {
  // The compiler cannot see that the member found under `auth.kind` is the one for `A`; the type of the table says it.
  return SCHEMES[auth.kind] as unknown as Scheme<A>
}

/**
 * Refuse, before it is saved, a secret that the scheme could not send as it is or that could not be told from
 * ordinary text in a response. Nothing is trimmed: a key with a newline at its end is a slip of the paste.
 *
 * @throws Refusal `invalid`. The message names the secret, never its bytes.
 */
export function checkSecret(auth: Auth, name: string, bytes: Uint8Array): void {
  const fault = faultOf(auth, bytes)
  if (fault !== null) throw new Refusal('invalid', `secret \`${name}\` ${fault}`)
}

function faultOf(auth: Auth, bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'is empty'
  const text = textOf(bytes)
  if (text === null) return 'is not UTF-8 text'
  if (text.includes('\n') || text.includes('\r')) return 'contains a line break: paste the key alone'
  if (text.trim() !== text) return 'begins or ends with white space: paste the key alone'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return 'contains a control character'
  if (bytes.length < REDACTION_FLOOR) {
    return `is shorter than ${REDACTION_FLOOR} bytes, too short to be found in a response and taken out`
  }
  return schemeOf(auth).fault(text)
}
