import type { Auth } from '../../shared/model/service.ts'
import type { Secret } from '../vault/secret.ts'
import type { Needle } from './needle.ts'
import type { Outbound } from './outbound.ts'

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

/** A request with its credential, and in which texts, beside the stored secrets themselves, that leaves. */
export interface Injection {
  readonly outbound: Outbound
  /**
   * Whatever the scheme made of the secrets for this call: pairs, signatures, minted tokens. It leaves with the request,
   * so it could come back with the response. Part of what `apply` answers, so that no scheme can forget it.
   */
  readonly derived: readonly Needle[]
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
   * The request with the credential added and everything else unchanged, and what must not come back of it.
   *
   * @throws Problem `internal` (`secret-missing`, `secret-unsendable`): never a call without its credential.
   */
  apply(outbound: Outbound, auth: A, secrets: Secrets): Injection
}
