import type { Auth } from '../model/service.ts'

/** Names of the secrets a service's schemes need, each once, the main one first. Empty for a service without a key. */
export function secretNames(schemes: readonly { auth: Auth }[]): string[] {
  return [...new Set(schemes.flatMap(({ auth }) => namesOf(auth)))]
}

/** Names of the secrets that a service may have or not. */
export function optionalSecretNames(schemes: readonly { auth: Auth }[]): string[] {
  return [...new Set(schemes.flatMap(({ auth }) => optionalOf(auth)))]
}

/** True where the owner signs in for the main secret after the service was added, see `valetkey service authorize`. */
export function isSignedInTo(auth: Auth): auth is SignedIn {
  return auth.kind === 'oauth2-refresh' && auth.authorizationUrl !== undefined
}

type SignedIn = Extract<Auth, { kind: 'oauth2-refresh' }>

/**
 * Names of the secrets that an owner has in hand when they add a service of the catalogue, each once: what it needs, and in
 * place of what they sign in for the client's own secret.
 */
export function givenSecretNames(schemes: readonly { auth: Auth }[]): string[] {
  return [
    ...new Set(
      schemes.flatMap(({ auth }) => (isSignedInTo(auth) ? [auth.clientSecret] : secretNames([{ auth }]))),
    ),
  ]
}

function optionalOf(auth: Auth): string[] {
  if (auth.kind === 'sigv4') return [auth.sessionToken]
  if (auth.kind === 'mtls') return [auth.pkcs12, auth.certificate, auth.privateKey, auth.passphrase]
  return auth.kind === 'oauth2-refresh' ? [auth.clientSecret] : []
}

function namesOf(auth: Auth): string[] {
  if (auth.kind === 'none' || auth.kind === 'mtls') return []
  if (auth.kind === 'header') return auth.headers.map((header) => header.secret)
  if (
    auth.kind === 'hmac' &&
    [...auth.headers, ...auth.query].some(({ value }) => value.includes('{passphrase}'))
  )
    return [auth.secret, auth.passphrase]
  if (auth.kind === 'oauth1' && auth.accessToken !== null) return [auth.secret, auth.tokenSecret]
  return [auth.secret]
}
