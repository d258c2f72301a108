import type { Permit } from '../audit/permit.ts'
import type { Secrets } from '../auth/scheme.ts'
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

/** The secrets of a service, those from elsewhere among them. @throws Refusal as `takeSecrets`. */
export function allSecrets(context: MintContext, permit: Permit, service: string): Map<string, Secret> {
  const stored = takeSecrets(context.store, context.keys, permit, service)
  return new Map([...stored, ...context.elsewhere])
}
