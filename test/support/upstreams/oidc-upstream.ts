import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider from 'oidc-provider'
import { Journal } from './journal.ts'
import { type Introspected, introspect, nameTheClient, registerJwtBearer } from './jwt-bearer-grant.ts'
import { type LoopbackServer, listen, readBody, sendJson } from './loopback-server.ts'

const SCOPE = 'openid offline_access'

/** The certified server `oidc-provider`, and an API beside it, `/v1/**`, that asks it about each token (`/v1/who`: says for whom it is). */
export interface OidcUpstream {
  readonly server: LoopbackServer
  readonly tokenUrl: string
  /** Where somebody signs in: says yes at once, see `signIn`. */
  readonly authorizationUrl: string
  /** What whoever signs in says; `asks`: a page with a button `#yes` and a button `#no` asks whoever is there. */
  says: 'yes' | 'no' | 'asks'
  readonly clientId: string
  readonly clientSecret: string
  /** A client with the keys the server was started with, that signs for itself and for `somebody`. */
  readonly robotId: string
  /** Whether its answers say what time it is there. */
  saysTime: boolean
  /** A refresh token as somebody gets it who has just signed in. Each may be used once. */
  refreshToken(): Promise<string>
  /** Forms that came to the token endpoint, oldest first. */
  asked(): URLSearchParams[]
}

/**
 * Start it on 127.0.0.1, unencrypted: for services that are declared local.
 *
 * @param keys public keys of the client that signs; none: it is not looked for who signed what.
 */
export async function startOidcUpstream(keys: readonly JsonWebKey[] = []): Promise<OidcUpstream> {
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
  const robot = { clientId: 'robot-1', subjects: ['robot-1', 'somebody'] }
  const provider = new Provider(
    server.url,
    configuration(clientId, clientSecret, robotOf(robot.clientId, keys)),
  )
  registerJwtBearer(provider, robot)
  const tokens = provider.callback()
  const asks = { id: clientId, secret: clientSecret }
  answer = (request, response) => {
    response.sendDate = upstream.saysTime
    if (request.url?.startsWith('/interaction/')) void interact(provider, request, response, upstream.says)
    else if (request.url === '/token' && keys.length > 0)
      void nameTheClient(request).then(() => tokens(request, response))
    else if (!request.url?.startsWith('/v1/')) void tokens(request, response)
    else void answerCall((token) => introspect(server.url, asks, token), request, response)
  }
  const upstream: OidcUpstream = {
    server,
    tokenUrl: `${server.url}/token`,
    authorizationUrl: `${server.url}/auth`,
    says: 'yes',
    clientId,
    clientSecret,
    robotId: robot.clientId,
    saysTime: true,
    refreshToken: () => newRefreshToken(provider, clientId),
    asked: () =>
      journal.calls
        .filter(({ target }) => target === '/token')
        .map(({ body }) => new URLSearchParams(body.toString())),
  }
  return upstream
}

/** Somebody signs in as `somebody`, and then agrees to everything or refuses. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  says: OidcUpstream['says'],
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  const isLogin = prompt.name === 'login'
  if (says === 'asks' && !isLogin && request.method !== 'POST') return askWhoIsThere(response)
  const body = says === 'asks' && !isLogin ? (await readBody(request, 1000)).toString() : ''
  const refuses = says === 'no' || body === 'answer=no'
  const no = { error: 'access_denied', error_description: 'not <b>today</b>' }
  const login = { login: { accountId: 'somebody' } }
  const yes = async () => {
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id })
    grant.addOIDCScope(params.scope)
    return { consent: { grantId: await grant.save() } }
  }
  const result = refuses ? no : isLogin ? login : await yes()
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: !refuses })
}

function askWhoIsThere(response: ServerResponse): void {
  const button = (name: string) => `<button id="${name}" name="answer" value="${name}">${name}</button>`
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(
    `<!doctype html><html lang="en"><title>May it?</title><link rel="icon" href="data:,"><form method="post">${button('yes')}${button('no')}</form></html>`,
  )
}

/**
 * What a browser does with an address, until it is sent to this machine's own `/callback`: follows redirects and keeps
 * cookies. @returns the text of the page it ends at.
 */
export async function signIn(address: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = address
  for (let hop = 0; hop < 12; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get('location')
    if (location === null) return response.text()
    await response.body?.cancel()
    url = new URL(location, url).href
  }
  throw new Error('led around in a circle')
}

/** It proves itself with what it signs and with nothing else. */
function robotOf(clientId: string, keys: readonly JsonWebKey[]): object {
  return {
    client_id: clientId,
    grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'none',
    jwks: { keys },
  }
}

function configuration(clientId: string, clientSecret: string, robot: object): object {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        redirect_uris: ['http://127.0.0.1/back', 'http://127.0.0.1/callback'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        application_type: 'native',
      },
      robot,
    ],
    scopes: ['openid', 'offline_access', 'read'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_: unknown, asks: { clientId: string }) => asks.clientId === clientId,
      },
    },
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
  ask: (token: string) => Promise<Introspected>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null
  // RFC 7662 section 2.1: without a token there is nothing to ask about.
  if (token === null) return sendJson(response, 401, { error: 'no token' })
  const { active, client_id: client, sub, scope } = await ask(token)
  const who = request.url === '/v1/who' ? { sub, scope } : {}
  if (!active) sendJson(response, 401, { error: 'token', got: token })
  else sendJson(response, 200, { client, ...who, token })
}
