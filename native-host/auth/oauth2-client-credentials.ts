import * as oauth from 'oauth4webapi'
import type { Auth } from '../../shared/model/service.ts'
import { mintedBearer } from './minted-bearer.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'
import { askTokenEndpoint } from './token-endpoint.ts'

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
      return (await askTokenEndpoint(grant, request)).minted
    },
  },
}

/** How a client proves itself with a secret (RFC 6749 section 2.3.1). */
export function clientSecret(place: 'basic' | 'post', secret: string): oauth.ClientAuth {
  if (place === 'post') return oauth.ClientSecretPost(secret)
  // Encoded as forms are (WHATWG URL), not as the library has it: that also encodes `-` and `_`, which many secrets hold
  // and servers that do not decode then refuse.
  return (_server, client, _body, headers) => {
    const pair = `${formEncoded(client.client_id)}:${formEncoded(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
