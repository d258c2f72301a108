import { randomUUID } from 'node:crypto'
import type { Auth } from '../../shared/model/service.ts'
import { assertion, issuedAt, signingKey } from './assertion.ts'
import { noClient } from './client-secret.ts'
import { mintedBearer } from './minted-bearer.ts'
import type { Scheme } from './scheme.ts'
import { storedText } from './secret-text.ts'
import { signingFault } from './signing-key.ts'

type JwtBearer = Extract<Auth, { kind: 'jwt-bearer' }>

/** The grant of RFC 7523 section 2.1. */
export const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** How long an assertion is good, seconds: long enough for a slow connection. */
const LIFE = 300

/** A token got with an assertion that is signed with the stored key (RFC 7523), sent as `Authorization: Bearer`. */
export const jwtBearer: Scheme<JwtBearer> = {
  ...mintedBearer,
  kind: 'jwt-bearer',
  secretNames: (auth) => [auth.secret],
  keptHere: (auth) => [auth.secret],
  fault: () => null,
  misfit(auth, secrets) {
    const text = storedText(secrets, auth.secret)
    const fault = text === null ? 'is not text' : signingFault(text, auth.algorithm)
    return fault === null ? null : `secret \`${auth.secret}\` ${fault}`
  },
  minting: {
    tokenUrl: (auth) => auth.tokenUrl,
    signsTime: true,
    rotates: false,
    async mint(auth, request) {
      const key = signingKey(request.secrets, auth.secret, auth.algorithm)
      const iat = issuedAt(request.now)
      const header = { alg: auth.algorithm, ...(auth.keyId === null ? {} : { kid: auth.keyId }) }
      const { issuer: iss, audience: aud } = auth
      const sub = auth.subject ?? iss
      const signed = await assertion(key, header, { iss, sub, aud, iat, exp: iat + LIFE, jti: randomUUID() })
      const grant = {
        tokenUrl: auth.tokenUrl,
        clientId: auth.issuer,
        client: noClient,
        grantType: JWT_BEARER_GRANT,
        parameters: { assertion: signed, ...(auth.scope === null ? {} : { scope: auth.scope }) },
      }
      const { askTokenEndpoint } = await import('./token-endpoint.ts')
      return (await askTokenEndpoint(grant, request)).minted
    },
  },
}
