import * as z from 'zod/mini'
import { said, say } from '../../shared/model/said.ts'
import type { Auth } from '../../shared/model/service.ts'
import { assertion, issuedAt } from './assertion.ts'
import { noClient } from './client-secret.ts'
import { JWT_BEARER_GRANT } from './jwt-bearer.ts'
import { mintedBearer } from './minted-bearer.ts'
import { noToken } from './minting.ts'
import type { Scheme, Secrets } from './scheme.ts'
import { storedText } from './secret-text.ts'
import { privateKeyOf, signingFault } from './signing-key.ts'

type GoogleServiceAccount = Extract<Auth, { kind: 'google-service-account' }>

/** What is needed of the file that Google gives with a service account's key. */
const AccountSchema = z.object({
  type: z.literal('service_account'),
  client_email: z.string().check(z.minLength(1)),
  private_key: z.string(),
  private_key_id: z.optional(z.string()),
  token_uri: z.url(),
})
type Account = z.infer<typeof AccountSchema>

/** How long an assertion is good, seconds (developers.google.com/identity/protocols/oauth2/service-account: an hour at most). */
const LIFE = 3600

/**
 * A token of a Google service account, got with an assertion (RFC 7523, with `scope` among its claims as Google has it), sent
 * as `Authorization: Bearer`. Where it is asked for stands in the account's own file.
 */
export const googleServiceAccount: Scheme<GoogleServiceAccount> = {
  ...mintedBearer,
  kind: 'google-service-account',
  secretNames: (auth) => [auth.secret],
  keptHere: (auth) => [auth.secret],
  fault: () => null,
  misfit(auth, secrets) {
    const account = accountOf(secrets, auth.secret)
    if (account === null)
      return say`secret \`${auth.secret}\` is not the JSON file of a service account (\`"type": "service_account"\`)`
    const fault = signingFault(account.private_key, 'RS256')
    return fault === null ? null : say`the \`private_key\` of secret \`${auth.secret}\` ${said(fault)}`
  },
  minting: {
    tokenUrl: (auth, _service, secrets) => knownAccount(secrets, auth).token_uri,
    signsTime: true,
    rotates: false,
    async mint(auth, request) {
      const account = knownAccount(request.secrets, auth)
      const key = privateKeyOf(account.private_key)
      if (key === null) throw noToken('token-malformed')
      const iat = issuedAt(request.now)
      const kid = account.private_key_id
      const signed = await assertion(
        key,
        { alg: 'RS256', ...(kid === undefined ? {} : { kid }) },
        {
          iss: account.client_email,
          ...(auth.subject === null ? {} : { sub: auth.subject }),
          scope: auth.scope,
          aud: account.token_uri,
          iat,
          exp: iat + LIFE,
        },
      )
      const grant = {
        tokenUrl: account.token_uri,
        clientId: account.client_email,
        client: noClient,
        grantType: JWT_BEARER_GRANT,
        parameters: { assertion: signed },
      }
      const { askTokenEndpoint } = await import('./token-endpoint.ts')
      return (await askTokenEndpoint(grant, request)).minted
    },
  },
}

function knownAccount(secrets: Secrets, auth: GoogleServiceAccount): Account {
  const account = accountOf(secrets, auth.secret)
  if (account === null) throw noToken('token-malformed')
  return account
}

function accountOf(secrets: Secrets, name: string): Account | null {
  try {
    return AccountSchema.parse(JSON.parse(storedText(secrets, name) ?? ''))
  } catch {
    return null
  }
}
