import { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import type { Service } from '../../shared/model/service.ts'
import type { Outbound } from '../auth/outbound.ts'
import { Problem } from '../problem.ts'
import { connectorFor, type Resolve } from './connect.ts'
import { failureOf } from './failure.ts'

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

/** The one way out of the machine. */
export interface Upstream {
  /**
   * Send one request and wait for the head of its response. Redirects are answers like any other.
   *
   * @param options `party`: for whom, e.g. a session. Connections are shared within a party only, so that one that
   *   takes them all, or confuses a server about where a message ends, keeps or gets nobody else's answers.
   * @throws Problem `upstream-unreachable` or `upstream-timeout`; the signal's reason where it was aborted.
   */
  send(
    outbound: Outbound,
    service: Service,
    options: { readonly signal: AbortSignal; readonly party?: string | null },
  ): Promise<UpstreamResponse>
  /** End every connection. */
  close(): Promise<void>
}

export interface UpstreamOptions {
  /** PEM certificates trusted in place of the built-in ones. Never taken from the environment. */
  readonly ca?: string
  readonly resolve?: Resolve
  readonly timeouts?: Partial<typeof TIMEOUTS>
}

/** Milliseconds. `headers` is long because image and video services answer when they are done; `idle` is between two reads. */
const TIMEOUTS = { connect: 10_000, headers: 120_000, idle: 300_000 }
/** Node's own limit for servers is 16 KiB in all; some services send longer policies, which are dropped later. */
const MAX_HEADER_BYTES = 64 * 1024
/** Connections of one party to one service at once; further calls wait. */
const MAX_CONNECTIONS = 256
/** Agents kept: services in use at once, by party. The one that was made first goes. */
const MAX_AGENTS = 256

/** Methods whose body has a meaning (RFC 9110 section 9.3); after any other body the connection is not used again. */
const EXPECTS_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** An upstream with its own connections, kept alive per service. */
export function createUpstream(options: UpstreamOptions = {}): Upstream {
  const agents = new Map<string, Agent>()
  const agentOf = (service: Service, party: string | null): Agent => {
    // What the connection guard reads: a service that changes gets connections of its own.
    const key = JSON.stringify([service.id, service.baseUrls, service.local, party])
    const agent = agents.get(key) ?? createAgent(service, options)
    agents.set(key, agent)
    if (agents.size > MAX_AGENTS) retire(agents)
    return agent
  }
  return {
    send: (outbound, service, { signal, party = null }) => send(agentOf(service, party), outbound, signal),
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
      agents.clear()
    },
  }
}

function retire(agents: Map<string, Agent>): void {
  const oldest = agents.entries().next().value
  if (oldest === undefined) return
  agents.delete(oldest[0])
  // Ends when its last response has; nobody waits for that.
  oldest[1].close().catch(() => {})
}

function createAgent(service: Service, options: UpstreamOptions): Agent {
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  return new Agent({
    connect: connectorFor(service, { ...options, timeout: timeouts.connect }),
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.idle,
  })
}

async function send(agent: Agent, outbound: Outbound, signal: AbortSignal): Promise<UpstreamResponse> {
  signal.throwIfAborted()
  try {
    const response = await agent.request({ ...requestOf(outbound), signal })
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: headersOf(response.headers),
      body: bodyOf(response.body, signal),
      destroy: () => void response.body.on('error', () => {}).destroy(),
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw failureOf(error)
  }
}

function requestOf(outbound: Outbound): Dispatcher.RequestOptions {
  const { origin } = new URL(outbound.url)
  // SECURITY: the path below is cut from the text, so the text must begin with what the parser calls its origin.
  if (!outbound.url.startsWith(`${origin}/`)) throw new Problem('internal', 'url-not-canonical')
  const whole = outbound.body === null || outbound.body instanceof Uint8Array
  const headers = outbound.headers.filter(([name]) => name !== 'accept-encoding').flat()
  headers.push('accept-encoding', acceptedCodings(outbound))
  if (!whole && outbound.bodyLength !== null) headers.push('content-length', String(outbound.bodyLength))
  return {
    origin,
    // What was decided is what is sent: taken from the text, not from the parse.
    path: outbound.url.slice(origin.length),
    method: outbound.method as Dispatcher.HttpMethod,
    // SECURITY: servers that expect no body with a method may take it for the next request of the connection.
    reset: outbound.body !== null && !EXPECTS_BODY.has(outbound.method),
    headers,
    body: whole ? (outbound.body as Uint8Array | null) : streamOf(outbound.body as AsyncIterable<Uint8Array>),
  }
}

/** Only codings that `cleanse` decodes. A range counts bytes of the coded body, so there it must be none. */
function acceptedCodings(outbound: Outbound): string {
  return outbound.headers.some(([name]) => name === 'range') ? 'identity' : 'gzip, br'
}

function streamOf(body: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(body, { objectMode: false, highWaterMark: 256 * 1024 })
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
