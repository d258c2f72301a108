import { isPermit, type Permit } from '../audit/permit.ts'
import { Refusal } from '../refusal.ts'
import { type KeptToken, readToken, type TokenSource, tokensOf } from '../store/minted-tokens.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from './keys.ts'
import { Secret } from './secret.ts'

/** The token that is kept for a source, good or not; null where there is none. @throws Refusal as {@link takeTokens}. */
export function takeToken(
  store: Store,
  keys: VaultKeys,
  permit: Permit,
  from: TokenSource,
): KeptToken | null {
  checkPermit(permit, from.service)
  return readToken(store, keys, from)
}

/**
 * Every token that is kept for a service, also those that were replaced: what must not come back with a response.
 *
 * @throws Refusal `internal` for anything but a permit for this very service; `store-damaged`.
 */
export function takeTokens(store: Store, keys: VaultKeys, permit: Permit, service: string): Secret[] {
  checkPermit(permit, service)
  return tokensOf(store, keys, service).map((token) => new Secret(Buffer.from(token)))
}

// SECURITY: a minted token is a secret like those it was made from: no permit, no token.
function checkPermit(permit: Permit, service: string): void {
  if (!isPermit(permit) || permit.service !== service)
    throw new Refusal('internal', 'there is no permit for the tokens of this service')
}
