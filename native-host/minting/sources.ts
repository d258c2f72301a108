import type { Auth, Service } from '../../shared/model/service.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import type { Minting } from '../auth/minting.ts'
import type { TokenSource } from '../store/minted-tokens.ts'

/** Where the tokens of one scheme of a service come from. */
export function sourceOf({ id, baseUrls }: Service, auth: Auth): TokenSource {
  return { service: id, source: JSON.stringify([auth, baseUrls]) }
}

/**
 * Whose turn it is to ask for tokens: those of one scheme, or of all that have a secret in common which the server replaces
 * as it is used.
 */
export function turnOf(service: Service, auth: Auth, minting: Minting<Auth>): TokenSource {
  // SECURITY: two schemes that sent one refresh token at once would have the server take it for stolen and end both.
  if (minting.rotates)
    return { service: service.id, source: JSON.stringify(['turn', secretNames([{ auth }])]) }
  return sourceOf(service, auth)
}
