import type { Service } from '../../shared/model/service.ts'
import { type MintRequest, noToken, type TokenFetch } from '../auth/minting.ts'
import { tokenServiceOf } from '../policy/token-service.ts'
import { Problem } from '../problem.ts'
import type { Upstream, UpstreamResponse } from '../upstream/send.ts'

/** Longest answer of a token server, bytes. */
const MAX_ANSWER = 64 * 1024

/** What a request to a token server depends on. */
export interface TokenWire {
  readonly upstream: Upstream
  readonly signal: AbortSignal
  /** Throws where the request must not leave any more. */
  readonly lastLook: () => void
  /** Called where it leaves. */
  readonly leaving?: () => void
  /** Told what time it is where the server is, milliseconds since the epoch, to the second. */
  readonly serverTime: (time: number) => void
}

/**
 * A `fetch` for the token URL of a service and for nothing else: through the address guard, with verified TLS, without
 * redirects, and with an answer that is bounded.
 */
export function tokenFetch(service: Service, tokenUrl: string, wire: TokenWire): MintRequest['fetch'] {
  const { href } = new URL(tokenUrl)
  const server = tokenServiceOf(service, href)
  return async (url, init) => {
    // SECURITY: secrets go with it; only to where the owner said.
    if (url.toString() !== href) throw noToken('token-malformed')
    const response = await sent(server, href, init, wire)
    const date = response.headers.find(([name]) => name === 'date')?.[1]
    const time = date === undefined ? Number.NaN : Date.parse(date)
    if (!Number.isNaN(time)) wire.serverTime(time)
    return answerOf(response, await bytesOf(response, wire.signal))
  }
}

async function sent(
  server: Service,
  url: string,
  { method, headers, body }: TokenFetch,
  { upstream, signal, lastLook, leaving = () => {} }: TokenWire,
): Promise<UpstreamResponse> {
  const bytes = Buffer.from(body)
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'user-agent')
  const outbound = {
    method,
    url,
    // Some servers answer nobody who gives no name.
    headers: [...own, ['user-agent', 'valetkey']] as [string, string][],
    body: bytes,
    bodyLength: bytes.length,
  }
  try {
    // Nobody shares these connections: what a token server answers is for nobody else.
    return await upstream.send(outbound, server, { signal, lastLook, leaving, party: server.id, plain: true })
  } catch (failure) {
    throw failureOf(failure, signal)
  }
}

async function bytesOf(response: UpstreamResponse, signal: AbortSignal): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of response.body) {
      length += part.length
      if (length > MAX_ANSWER) throw noToken('token-malformed')
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (failure) {
    throw failureOf(failure, signal)
  } finally {
    response.destroy()
  }
}

function answerOf({ status, headers }: UpstreamResponse, body: Buffer): Response {
  if (status === 429) throw noToken('token-limited')
  if (status >= 500) throw noToken('token-unreachable')
  // SECURITY: no redirect is followed, and no answer without a body is one.
  if (status < 200 || status === 204 || status === 205 || (status >= 300 && status < 400))
    throw noToken('token-malformed')
  return new Response(new Uint8Array(body), { status, headers })
}

function failureOf(failure: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (!(failure instanceof Problem) || failure.code === 'credential-unavailable') return failure
  if (failure.code === 'upstream-timeout') return noToken('token-timeout', failure)
  return failure.code === 'upstream-unreachable' ? noToken('token-unreachable', failure) : failure
}
