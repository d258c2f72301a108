import type { Auth } from '../../shared/model/service.ts'
import { clientSecret, publicClient } from './client-secret.ts'
import { mintedBearer } from './minted-bearer.ts'
import { usableToken } from './minting.ts'
import type { Scheme, Secrets } from './scheme.ts'
import { secretText } from './secret-text.ts'

type Refresh = Extract<Auth, { kind: 'oauth2-refresh' }>

/**
 * A token got with a refresh token (RFC 6749 section 6), sent as `Authorization: Bearer`. A server may answer with another
 * refresh token and take the old one no more (RFC 9700 section 4.14.2): the new one replaces the stored one.
 */
export const oauth2Refresh: Scheme<Refresh> = {
  ...mintedBearer,
  kind: 'oauth2-refresh',
  secretNames: (auth) => [auth.secret],
  fault: () => null,
  minting: {
    tokenUrl: (auth) => auth.tokenUrl,
    signsTime: false,
    rotates: true,
    async mint(auth, request) {
      const refreshToken = secretText(request.secrets, auth.secret, () => null)
      const grant = {
        tokenUrl: auth.tokenUrl,
        clientId: auth.clientId,
        client: clientOf(auth, request.secrets),
        grantType: 'refresh_token',
        parameters: {
          refresh_token: refreshToken,
          ...(auth.scope === null ? {} : { scope: auth.scope }),
        },
      }
      const { askTokenEndpoint } = await import('./token-endpoint.ts')
      const answer = await askTokenEndpoint(grant, request)
      const isOther = answer.refreshToken !== null && answer.refreshToken !== refreshToken
      const replaced = new Map(isOther ? [[auth.secret, usableToken(answer.refreshToken)]] : [])
      return { ...answer.minted, replaced }
    },
  },
}

function clientOf(auth: Refresh, secrets: Secrets) {
  if (!secrets.has(auth.clientSecret)) return publicClient
  return clientSecret(
    auth.clientAuth,
    secretText(secrets, auth.clientSecret, () => null),
  )
}
