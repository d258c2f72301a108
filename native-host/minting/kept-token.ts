import type { Auth } from '../../shared/model/service.ts'
import { optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import type { Secrets } from '../auth/scheme.ts'
import type { KeptToken } from '../store/minted-tokens.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** A token is replaced so long before its end, ms, or a fifth of its life where that is shorter: a call takes time too. */
const MARGIN_MS = 60_000
/** How long a token without a stated end is used, ms; a service that thinks it shorter says 401. */
const UNSTATED_MS = 3_600_000
/** How long a token is used at most, whatever its server says, ms. */
const LONGEST_MS = 24 * 3_600_000

/** How long a token lives, whole ms, that the server says lives so many seconds, or parts of one; null: it did not say. */
export function span(seconds: number | null): number {
  if (seconds === null || !Number.isFinite(seconds)) return UNSTATED_MS
  return Math.min(Math.max(0, Math.floor(seconds * 1000)), LONGEST_MS)
}

/** True while a token may be used that was made from secrets with this digest. @param now the wall clock, ms. */
export function isGood(token: KeptToken, from: string, now: number): boolean {
  if (token.madeFrom !== from) return false
  const life = token.expiresAt - token.askedAt
  // A clock that was set back says nothing about the token any more.
  return now >= token.askedAt && now < token.expiresAt - Math.min(MARGIN_MS, life / 5)
}

/** Keyed digest of the secrets that a scheme makes its tokens from. */
export function madeFrom(keys: VaultKeys, auth: Auth, secrets: Secrets): string {
  const digest = keys.digest()
  for (const name of [...secretNames([{ auth }]), ...optionalSecretNames([{ auth }])]) {
    const bytes = secrets.get(name)?.reveal() ?? new Uint8Array(0)
    digest.update(Buffer.from(`${name.length}:${name}${bytes.length}:`))
    digest.update(bytes)
  }
  return digest.hex()
}
