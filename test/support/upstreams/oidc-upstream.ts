import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider from 'oidc-provider'
import { Journal } from './journal.ts'
import { type LoopbackServer, listen, sendJson } from './loopback-server.ts'

const SCOPE = 'openid offline_access'

/** The certified server `oidc-provider`, and an API beside it, `/v1/**`, that takes the tokens it gave and no others. */
export interface OidcUpstream {
  readonly server: LoopbackServer
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** A refresh token as somebody gets it who has just signed in. Each may be used once. */
  refreshToken(): Promise<string>
  /** Forms that came to the token endpoint, oldest first. */
  asked(): URLSearchParams[]
}

/** Start it on 127.0.0.1, unencrypted: for services that are declared local. */
export async function startOidcUpstream(): Promise<OidcUpstream> {
  const [clientId, clientSecret] = ['client-1', 'client_secret-Zq83hTs7~Qm2.with*marks']
  let answer = (_request: IncomingMessage, response: ServerResponse) => void response.end()
  const journal = new Journal()
  const server = await listen(
    createServer((request, response) => {
      journal.record(request, response)
      answer(request, response)
    }),
    journal,
    0,
  )
  const provider = new Provider(server.url, configuration(clientId, clientSecret))
  const tokens = provider.callback()
  answer = (request, response) => {
    if (!request.url?.startsWith('/v1/')) void tokens(request, response)
    else void answerCall(provider, request, response)
  }
  return {
    server,
    tokenUrl: `${server.url}/token`,
    clientId,
    clientSecret,
    refreshToken: () => newRefreshToken(provider, clientId),
    asked: () =>
      journal.calls
        .filter(({ target }) => target === '/token')
        .map(({ body }) => new URLSearchParams(body.toString())),
  }
}

function configuration(clientId: string, clientSecret: string): object {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        redirect_uris: ['http://127.0.0.1/back'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        application_type: 'native',
      },
    ],
    scopes: ['openid', 'offline_access', 'read'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    // Whoever uses one twice loses all that came of it.
    rotateRefreshToken: true,
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    cookies: { keys: ['of these tests'] },
    ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 3600, Grant: 3600, IdToken: 600 },
  }
}

async function newRefreshToken(provider: Provider, clientId: string): Promise<string> {
  const client = await provider.Client.find(clientId)
  const grant = new provider.Grant({ accountId: 'somebody', clientId })
  grant.addOIDCScope(SCOPE)
  const grantId = await grant.save()
  const members = { accountId: 'somebody', client, grantId, scope: SCOPE, gty: 'authorization_code' }
  return new provider.RefreshToken(members).save()
}

async function answerCall(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token))
  if (found === undefined) sendJson(response, 401, { error: 'token', got: token })
  else sendJson(response, 200, { client: found.clientId, token })
}
