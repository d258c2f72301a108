import { say } from '../../shared/model/said.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { schemeOf } from '../auth/schemes.ts'
import { checkAuthorizationUrl } from '../policy/authorization-url.ts'
import { checkTokenUrl } from '../policy/token-service.ts'
import { Refusal } from '../refusal.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretBytes } from './check-secrets.ts'

/** What secrets are judged for. */
interface Fitting {
  /** As for `checkSecrets`. */
  readonly complete: boolean
  /** Milliseconds since the epoch; null: they were good once, and need not be so now. */
  readonly now: number | null
}

/**
 * Refuse, before anything is saved, keys and files that a scheme could not sign or prove itself with, and a file that has
 * tokens asked for where that may not be. After `checkSecrets`.
 *
 * @throws Refusal `invalid`. The message names the secret, never its bytes.
 */
export function checkFit(service: Service, given: SecretBytes, how: Fitting): void {
  // What lives elsewhere is looked at when it is fetched.
  const here = [...given].flatMap(([name, each]) =>
    each instanceof Uint8Array ? [[name, new Secret(each)] as const] : [],
  )
  const secrets = new Map(here)
  for (const { auth } of service.auth) {
    if (auth.kind === 'oauth2-refresh' && auth.authorizationUrl !== undefined)
      checkAuthorizationUrl(auth.authorizationUrl)
    // A server may replace it at any use, and what lives elsewhere is not ours to write.
    if (auth.kind === 'oauth2-refresh' && given.has(auth.secret) && !secrets.has(auth.secret))
      throw new Refusal('invalid', say`secret \`${auth.secret}\` changes as it is used: store it here`)
    const kept = keptNames(auth)
    if (kept.some((name) => given.has(name) && !secrets.has(name))) continue
    // A rotation of other secrets says nothing about these.
    if (how.complete || kept.some((name) => secrets.has(name))) checkAuth(service, auth, secrets, how.now)
  }
}

function keptNames(auth: Auth): string[] {
  return schemeOf(auth).keptHere?.(auth) ?? []
}

function checkAuth(service: Service, auth: Auth, secrets: Map<string, Secret>, now: number | null): void {
  const scheme = schemeOf(auth)
  const misfit = scheme.misfit?.(auth, secrets, now) ?? null
  if (misfit !== null) throw new Refusal('invalid', misfit)
  if (scheme.minting !== undefined) checkTokenUrl(service, scheme.minting.tokenUrl(auth, service, secrets))
}
