import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import type Provider from 'oidc-provider'
import { errors, type TokenContext } from 'oidc-provider'
import verifyClientAssertion from 'oidc-provider/lib/shared/jwt_client_auth.js'
import { readBody } from './loopback-server.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Who may ask for tokens with assertions that it signs itself. */
export interface Robot {
  readonly clientId: string
  /** For whom it may ask. */
  readonly subjects: readonly string[]
}

/**
 * Have the certified server give tokens for assertions (RFC 7523 section 2.1). Whether one is good is its own code's verdict,
 * the one it has for clients that prove themselves with a key: signature by a key that was registered, algorithm, issuer,
 * audience, time, and that none is taken twice. Subject and error are of the grant (sections 3 and 3.1).
 */
export function registerJwtBearer(provider: Provider, { subjects }: Robot): void {
  provider.registerGrantType(
    GRANT,
    async (context) => {
      const { client, params } = context.oidc
      params.client_assertion = params.assertion
      try {
        await verifyClientAssertion(context, client.asymmetricKeyStore, (name) => !name.startsWith('HS'))
      } catch (cause) {
        throw new errors.InvalidGrant({ cause })
      }
      const subject = claimsOf(params.assertion).sub ?? ''
      if (!subjects.includes(subject)) throw new errors.InvalidGrant()
      await giveToken(provider, context, subject)
    },
    ['assertion', 'scope'],
  )
}

async function giveToken(provider: Provider, context: TokenContext, subject: string): Promise<void> {
  const { client, params } = context.oidc
  const grant = new provider.Grant({ accountId: subject, clientId: client.clientId })
  if (params.scope !== undefined) grant.addOIDCScope(params.scope)
  const members = { accountId: subject, client, grantId: await grant.save(), gty: GRANT, scope: params.scope }
  const token = new provider.AccessToken(members)
  context.body = {
    access_token: await token.save(),
    expires_in: token.expiration,
    scope: params.scope,
    token_type: token.tokenType,
  }
}

/**
 * A client of this grant is known by its assertion alone (RFC 7521 section 4.1), and this server reads its name elsewhere:
 * it is given the form with the name in it, which is not believed before the signature is verified.
 */
export async function nameTheClient(request: IncomingMessage): Promise<void> {
  const form = parse((await readBody(request)).toString())
  const named =
    form.grant_type === GRANT && form.client_id === undefined
      ? { ...form, client_id: claimsOf(String(form.assertion)).iss ?? '' }
      : form
  Object.assign(request, { body: named })
}

function claimsOf(assertion = ''): { iss?: string; sub?: string } {
  try {
    return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return {}
  }
}

/** What the server says of a token to somebody it knows (RFC 7662). */
export interface Introspected {
  readonly active: boolean
  readonly client_id?: string
  readonly sub?: string
  readonly scope?: string
}

/** Ask the server about a token, as an API does that gave none itself. @param client whom the server lets ask. */
export async function introspect(
  issuer: string,
  client: { readonly id: string; readonly secret: string },
  token: string,
): Promise<Introspected> {
  const pair = [client.id, client.secret].map(encodeURIComponent).join(':')
  const response = await fetch(`${issuer}/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    body: new URLSearchParams({ token }),
  })
  if (!response.ok) throw new Error(`introspection: ${response.status}`)
  return (await response.json()) as Introspected
}
