import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/** How a token server answers a form; null: with a token. */
export type TokenAnswer = (form: URLSearchParams, response: ServerResponse) => object | null | 'answered'

/** An API that takes only tokens it gave itself, and the token endpoint that gives them. */
export interface TokenApi {
  readonly server: LoopbackServer
  /** `…/token`. */
  readonly tokenUrl: string
  /** Forms that the token endpoint has got, oldest first, and how each client proved itself. */
  readonly asked: { form: URLSearchParams; authorization: string | null }[]
  /** Every token that was given, oldest first. */
  readonly given: string[]
  /** Tokens that the API takes. Taking one out revokes it. */
  readonly live: Set<string>
  /** Seconds each token is said to live; null: not said. */
  lifetime: number | null
  /** Whether to answer otherwise; may hold the answer back. */
  refuse: TokenAnswer | ((form: URLSearchParams, response: ServerResponse) => Promise<object | null>)
  /** How far its clock is ahead, milliseconds. */
  ahead: number
  /** The one refresh token it takes, another one after each use (RFC 9700 section 4.14.2); null: it looks at none. */
  refreshToken: string | null
  /** Requests to the API, without those for tokens. */
  calls(): number
}

/**
 * Start it: `POST /token` gives a token for any grant, `/v1/**` answers the bearer of a live one with what it was sent (the
 * token in it, `?all` every token there is) and anybody else with 401.
 */
export async function startTokenApi(): Promise<TokenApi> {
  const api: Omit<TokenApi, 'server' | 'tokenUrl'> = {
    asked: [],
    given: [],
    live: new Set(),
    lifetime: 3600,
    refuse: () => null,
    ahead: 0,
    refreshToken: null,
    calls: () => server.journal.calls.filter(({ target }) => !target.startsWith('/token')).length,
  }
  const server = await startLoopbackServer(async (request, response) => {
    response.setHeader('date', new Date(Date.now() + api.ahead).toUTCString())
    const body = await readBody(request)
    if (request.url?.startsWith('/token')) await giveToken(api, request, response, body)
    else answerCall(api, request, response, body)
  })
  return Object.assign(api, { server, tokenUrl: `${server.url}/token` })
}

async function giveToken(
  api: Omit<TokenApi, 'server' | 'tokenUrl'>,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const form = new URLSearchParams(body.toString())
  api.asked.push({ form, authorization: request.headers.authorization ?? null })
  // At once: where its answer is lost, so is what it answered with.
  const isKnown = takeRefreshToken(api, form)
  const refusal = await api.refuse(form, response)
  if (refusal === 'answered') return
  if (refusal !== null) return sendJson(response, 400, refusal)
  if (!isKnown) return sendJson(response, 400, { error: 'invalid_grant' })
  const token = `minted-${randomBytes(18).toString('base64url')}`
  api.given.push(token)
  api.live.add(token)
  sendJson(response, 200, {
    access_token: token,
    token_type: 'Bearer',
    ...(api.lifetime === null ? {} : { expires_in: api.lifetime }),
    ...(api.refreshToken === null ? {} : { refresh_token: api.refreshToken }),
  })
}

/** Take a refresh token and have another one from now on. @returns false for one that is not, or no longer, taken. */
function takeRefreshToken(api: Pick<TokenApi, 'refreshToken'>, form: URLSearchParams): boolean {
  if (api.refreshToken === null) return true
  if (form.get('refresh_token') !== api.refreshToken) return false
  api.refreshToken = `refresh-${randomBytes(18).toString('base64url')}`
  return true
}

function answerCall(
  api: Omit<TokenApi, 'server' | 'tokenUrl'>,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!api.live.has(token)) return sendJson(response, 401, { error: 'token', got: token })
  const all = request.url?.includes('?all') ? api.given : []
  sendJson(response, 200, { token, all, body: body.toString() })
}
