import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../shared/model/auth.ts'
import type { Auth } from '../../shared/model/service.ts'
import type { Settings } from './scheme-names.ts'
import { UsageError } from './usage-error.ts'

/** Kinds whose schemes get a token first, and names a `--set` may have for each. */
export const MINTED_NAMES = {
  'oauth2-client-credentials': /^(client-id|token-url|scope|audience|client-auth)$/,
  'oauth2-refresh': /^(client-id|token-url|scope|client-auth|authorization-url|issuer)$/,
  'jwt-bearer': /^(issuer|subject|audience|token-url|algorithm|key-id|scope)$/,
  'github-app': /^(app-id|installation-id)$/,
  'google-service-account': /^(scope|subject)$/,
} as const
export type MintedKind = keyof typeof MINTED_NAMES

/** The scheme that a kind and its settings make. @param need gives a setting that must be there. @throws UsageError. */
export function mintedSchemeFrom(kind: MintedKind, settings: Settings, need: (name: string) => string): Auth {
  const maybe = (name: string) => settings.get(name) || null
  const token = () => ({ tokenUrl: urlOf(need('token-url')), scope: maybe('scope') })
  const client = () => ({ clientId: need('client-id'), clientAuth: clientAuthOf(settings), ...token() })
  const signIn = () => ({
    ...(settings.has('authorization-url') ? { authorizationUrl: need('authorization-url') } : {}),
    ...(settings.has('issuer') ? { issuer: need('issuer') } : {}),
  })
  switch (kind) {
    case 'oauth2-client-credentials':
      return { kind, ...client(), audience: maybe('audience'), secret: 'client-secret' }
    case 'oauth2-refresh':
      return { kind, ...client(), ...signIn(), secret: 'refresh-token', clientSecret: 'client-secret' }
    case 'jwt-bearer':
      return {
        kind,
        issuer: need('issuer'),
        subject: maybe('subject'),
        audience: need('audience'),
        ...token(),
        algorithm: algorithmOf(settings),
        keyId: maybe('key-id'),
        secret: 'private-key',
      }
    case 'github-app': {
      const appId = need('app-id')
      return { kind, appId, installationId: need('installation-id'), secret: 'private-key' }
    }
    case 'google-service-account':
      return { kind, scope: need('scope'), subject: maybe('subject'), secret: 'service-account' }
  }
}

/** As the URL parser writes it, where it is one. */
function urlOf(text: string): string {
  return URL.parse(text)?.href ?? text
}

function clientAuthOf(settings: Settings): 'basic' | 'post' {
  const place = settings.get('client-auth') ?? 'basic'
  if (place === 'basic' || place === 'post') return place
  throw new UsageError('`--set client-auth` is `basic` or `post`')
}

function algorithmOf(settings: Settings): SigningAlgorithm {
  const wanted = settings.get('algorithm') ?? 'RS256'
  const known = SIGNING_ALGORITHMS.find((each) => each === wanted)
  if (known !== undefined) return known
  throw new UsageError(`there is no algorithm \`${wanted}\`: there are ${SIGNING_ALGORITHMS.join(', ')}`)
}
