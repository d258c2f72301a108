import type { Auth, Service } from '../../shared/model/service.ts'
import { schemeOf } from '../auth/schemes.ts'
import { checkTokenUrl } from '../policy/token-service.ts'
import { Refusal } from '../refusal.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretBytes } from './check-secrets.ts'

/**
 * Refuse, before anything is saved, keys and files that a scheme could not sign or prove itself with, and a file that has
 * tokens asked for where that may not be. After `checkSecrets`.
 *
 * @throws Refusal `invalid`. The message names the secret, never its bytes.
 */
export function checkFit(service: Service, given: SecretBytes): void {
  // What lives elsewhere is looked at when it is fetched.
  const here = [...given].flatMap(([name, each]) =>
    each instanceof Uint8Array ? [[name, new Secret(each)] as const] : [],
  )
  const secrets = new Map(here)
  for (const { auth } of service.auth) {
    // A rotation of other secrets says nothing about these.
    if (keptNames(auth).some((name) => secrets.has(name))) checkAuth(service, auth, secrets)
  }
}

function keptNames(auth: Auth): string[] {
  return schemeOf(auth).keptHere?.(auth) ?? []
}

function checkAuth(service: Service, auth: Auth, secrets: Map<string, Secret>): void {
  const scheme = schemeOf(auth)
  const misfit = scheme.misfit?.(auth, secrets) ?? null
  if (misfit !== null) throw new Refusal('invalid', misfit)
  if (scheme.minting !== undefined) checkTokenUrl(service, scheme.minting.tokenUrl(auth, service, secrets))
}
