import type { Sentence } from '../../shared/model/said.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import type { Secret } from '../vault/secret.ts'
import type { Minting } from './minting.ts'
import type { Needle } from './needle.ts'
import type { Outbound } from './outbound.ts'

/** Secrets of a service by the name its schemes know them by. */
export type Secrets = ReadonlyMap<string, Secret>

/** When and below what a credential is added. */
export interface Occasion {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The path of the base URL the call is below; empty for an origin alone. */
  readonly basePath: string
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
  /** How it comes by a token first, which `apply` then finds under `MINTED`; absent: it sends what is stored. */
  readonly minting?: Minting<A>
  /**
   * Names of those that never leave this machine: keys that sign, files, passphrases. They are not judged as texts that are
   * pasted and sent, and not looked for in responses, where they cannot be. Absent: none.
   */
  keptHere?(auth: A): string[]
  /** True where its secrets belong together: whoever replaces one gives all, and those not given are removed. */
  readonly replacedTogether?: true
  /** Loads what only this scheme needs, before anything below is asked. Absent: nothing. */
  ready?(): Promise<void>
  /**
   * What makes secrets that are about to be stored unfit for their purpose, as a sentence without its full stop; null:
   * nothing. Absent: `fault` says all there is to say.
   *
   * @param now milliseconds since the epoch; null: what has expired meanwhile may be kept.
   */
  misfit?(auth: A, secrets: Secrets, now: number | null): Sentence | null
  /**
   * What makes a secret impossible to send this way, as the end of a sentence; null: nothing.
   *
   * @param auth, name where it depends on the configuration, and on which of several secrets it is.
   */
  fault(text: string, auth?: A, name?: string): string | null
  /**
   * What makes the configuration impossible to work with, as a sentence without its full stop; null: nothing. Asked
   * before a service is saved. Absent: its members say all there is to say.
   */
  flaw?(auth: A, service: Pick<Service, 'baseUrls'>): string | null
  /**
   * The request with the credential added and everything else unchanged, and what must not come back of it.
   *
   * @throws Problem `internal` (`secret-missing`, `secret-unsendable`): never a call without its credential.
   */
  apply(outbound: Outbound, auth: A, secrets: Secrets, occasion: Occasion): Injection
}
