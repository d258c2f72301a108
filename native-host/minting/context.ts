import type { Auth, Service } from '../../shared/model/service.ts'
import type { Permit } from '../audit/permit.ts'
import type { Minting } from '../auth/minting.ts'
import type { Secrets } from '../auth/scheme.ts'
import type { TokenSource } from '../store/minted-tokens.ts'
import type { Store } from '../store/store.ts'
import type { Upstream } from '../upstream/send.ts'
import type { VaultKeys } from '../vault/keys.ts'
import type { Secret } from '../vault/secret.ts'
import { takeSecrets } from '../vault/take-secrets.ts'

/** What tokens are got with. */
export interface MintContext {
  readonly store: Store
  readonly keys: VaultKeys
  readonly upstream: Upstream
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Look now whether a call that waits is over, and abort its signal: called right before a byte leaves. */
  readonly look: () => void
  /** Secrets of the service that live elsewhere, as fetched for this call. */
  readonly elsewhere: Secrets
}

/** What to get a token for. */
export interface MintJob {
  readonly permit: Permit
  readonly service: Service
  readonly auth: Auth
  readonly minting: Minting<Auth>
  readonly from: TokenSource
}

/** The secrets of a service, those from elsewhere among them. @throws Refusal as `takeSecrets`. */
export function allSecrets(context: MintContext, permit: Permit, service: string): Map<string, Secret> {
  const stored = takeSecrets(context.store, context.keys, permit, service)
  return new Map([...stored, ...context.elsewhere])
}
