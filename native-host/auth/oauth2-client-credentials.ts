import type { Auth } from '../../shared/model/service.ts'
import { clientSecret } from './client-secret.ts'
import { mintedBearer } from './minted-bearer.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type ClientCredentials = Extract<Auth, { kind: 'oauth2-client-credentials' }>

/** A token that the client gets for its own id and secret (RFC 6749 section 4.4), sent as `Authorization: Bearer`. */
export const oauth2ClientCredentials: Scheme<ClientCredentials> = {
  ...mintedBearer,
  kind: 'oauth2-client-credentials',
  secretNames: (auth) => [auth.secret],
  fault: () => null,
  minting: {
    tokenUrl: (auth) => auth.tokenUrl,
    signsTime: false,
    rotates: false,
    async mint(auth, request) {
      const secret = secretText(request.secrets, auth.secret, () => null)
      const { scope, audience } = auth
      const grant = {
        tokenUrl: auth.tokenUrl,
        clientId: auth.clientId,
        client: clientSecret(auth.clientAuth, secret),
        grantType: 'client_credentials',
        parameters: { ...(scope === null ? {} : { scope }), ...(audience === null ? {} : { audience }) },
      }
      const { askTokenEndpoint } = await import('./token-endpoint.ts')
      return (await askTokenEndpoint(grant, request)).minted
    },
  },
}
