import { Readable } from 'node:stream'
import type { Agent, Dispatcher } from 'undici'
import type { Service } from '../../shared/model/service.ts'
import type { Outbound } from '../auth/outbound.ts'
import { Problem } from '../problem.ts'
import type { Resolve } from './connect.ts'
import type { Connections } from './connections.ts'
import { failureOf } from './failure.ts'
import { lookFirst } from './last-look.ts'

/** What a service answered, as it answered it: nothing is decoded, followed or taken out yet. */
export interface UpstreamResponse {
  readonly status: number
  readonly statusText: string
  /** Lower-case names, Latin-1 values, in order. */
  readonly headers: [name: string, value: string][]
  /** Fails with a Problem where the body ends before its end, or with the signal's reason. Read at most once. */
  readonly body: AsyncIterable<Uint8Array>
  /** Let the connection go, whatever is left of the body. */
  destroy(): void
}

/** For whom a request is sent, and what may still stop it. */
export interface SendOptions {
  readonly signal: AbortSignal
  readonly party?: string | null
  readonly lastLook?: () => void
  readonly leaving?: () => void
  readonly plain?: boolean
}

/** The one way out of the machine. */
export interface Upstream {
  /**
   * Send one request and wait for the head of its response. Redirects are answers like any other.
   *
   * @param options `party`: for whom, e.g. a session. Connections are shared within a party only, so that one that
   *   takes them all, or confuses a server about where a message ends, keeps or gets nobody else's answers. `lastLook`:
   *   called right before the head, and before each further piece of a streamed body, is given to the socket, however
   *   long name, connection and handshake took; whoever has a reason to stop aborts the signal there. `leaving`: called
   *   after each such look that stopped nothing; where it never was, no byte of the request left. `plain`: ask for a body
   *   without a coding.
   * @throws Problem `upstream-unreachable` or `upstream-timeout`; the signal's reason where it was aborted.
   */
  send(outbound: Outbound, service: Service, options: SendOptions): Promise<UpstreamResponse>
  /** End every connection of a party at once, also those that are still being opened. */
  drop(party: string): void
  /** End every connection. */
  close(): Promise<void>
  /** Load what a first request would have to wait for. Rejects where that cannot be loaded: so does the request then. */
  warm(): Promise<void>
}

export interface UpstreamOptions {
  readonly resolve?: Resolve
  readonly timeouts?: Partial<typeof TIMEOUTS>
}

/**
 * Milliseconds. `headers` is long because image and video services answer when they are done; `idle` is between two reads.
 * `kept`: how long a connection that nobody uses stays where its server does not say. Browsers keep them for minutes, most
 * servers for one: a person who reads an answer before asking on is not to wait for a handshake.
 */
const TIMEOUTS = { connect: 10_000, headers: 120_000, idle: 300_000, kept: 30_000 }
/** Methods whose body has a meaning (RFC 9110 section 9.3); after any other body the connection is not used again. */
const EXPECTS_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** An upstream with its own connections, kept alive per service. The HTTP client is loaded with the first request, or by `warm`. */
export function createUpstream(options: UpstreamOptions = {}): Upstream {
  let connections: Connections | null = null
  const load = async () => {
    const { Connections } = await import('./connections.ts')
    connections ??= new Connections({ ...options, timeouts: { ...TIMEOUTS, ...options.timeouts } })
    return connections
  }
  return {
    send: async (outbound, service, sending) => {
      const loaded = connections ?? (await load())
      sending.signal.throwIfAborted()
      return await send(loaded.agent(service, sending.party ?? null, outbound.client), outbound, sending)
    },
    // Before it is loaded there is none to end: whoever waits for that looks at its signal after it.
    drop: (party) => connections?.drop(party),
    close: async () => await connections?.close(),
    warm: async () => void (await load()),
  }
}

async function send(
  agent: Agent,
  outbound: Outbound,
  { signal, lastLook = () => {}, leaving = () => {}, plain = false }: SendOptions,
): Promise<UpstreamResponse> {
  signal.throwIfAborted()
  const look = () => {
    lastLook()
    signal.throwIfAborted()
    leaving()
  }
  try {
    const response = await agent
      .compose(lookFirst(look))
      .request({ ...requestOf(outbound, look, plain), signal })
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: headersOf(response.headers),
      body: bodyOf(response.body, signal),
      destroy: () => void response.body.on('error', () => {}).destroy(),
    }
  } catch (error) {
    // What failed after its session had ended is told as that.
    lastLook()
    if (signal.aborted) throw signal.reason
    throw failureOf(error)
  }
}

function requestOf(outbound: Outbound, look: () => void, plain: boolean): Dispatcher.RequestOptions {
  const { origin } = new URL(outbound.url)
  // SECURITY: the path below is cut from the text, so the text must begin with what the parser calls its origin.
  if (!outbound.url.startsWith(`${origin}/`)) throw new Problem('internal', 'url-not-canonical')
  const whole = outbound.body === null || outbound.body instanceof Uint8Array
  const headers = outbound.headers.filter(([name]) => name !== 'accept-encoding').flat()
  headers.push('accept-encoding', plain ? 'identity' : acceptedCodings(outbound))
  if (!whole && outbound.bodyLength !== null) headers.push('content-length', String(outbound.bodyLength))
  return {
    origin,
    // What was decided is what is sent: taken from the text, not from the parse.
    path: outbound.url.slice(origin.length),
    method: outbound.method as Dispatcher.HttpMethod,
    highWaterMark: 16 * 1024,
    // SECURITY: servers that expect no body with a method may take it for the next request of the connection.
    reset: outbound.body !== null && !EXPECTS_BODY.has(outbound.method),
    headers,
    body: whole
      ? (outbound.body as Uint8Array | null)
      : streamOf(outbound.body as AsyncIterable<Uint8Array>, look),
  }
}

/** Only codings that `cleanse` decodes. A range counts bytes of the coded body, so there it must be none. */
function acceptedCodings(outbound: Outbound): string {
  return outbound.headers.some(([name]) => name === 'range') ? 'identity' : 'gzip, br'
}

function streamOf(body: AsyncIterable<Uint8Array>, look: () => void): Readable {
  return Readable.from(looking(body, look), { objectMode: false, highWaterMark: 256 * 1024 })
}

async function* looking(body: AsyncIterable<Uint8Array>, look: () => void): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    look()
    yield piece
  }
}

function headersOf(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name.toLowerCase(), one]),
  )
}

async function* bodyOf(body: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error instanceof Problem ? error : failureOf(error)
  }
}
