import { createHash } from 'node:crypto'
import type { Service } from '../../shared/model/service.ts'
import type { ClientCertificate } from '../auth/client-certificate.ts'
import { type ConnectorOptions, connectorFor } from './connect.ts'
import { Agent } from './http-client.ts'

/** Node's own limit for servers is 16 KiB in all; some services send longer policies, which are dropped later. */
const MAX_HEADER_BYTES = 64 * 1024
/** Connections of one party to one service at once; further calls wait. */
const MAX_CONNECTIONS = 256
/** Agents kept: services in use at once, by party. The one that was made first goes. */
const MAX_AGENTS = 256

/** How connections are opened and how long they wait, ms. */
export interface ConnectionsOptions extends Omit<ConnectorOptions, 'timeout' | 'signal' | 'client'> {
  readonly timeouts: {
    readonly connect: number
    readonly headers: number
    readonly idle: number
    readonly kept: number
  }
}

/** The connections of one party to one service. */
interface Kept {
  readonly party: string | null
  readonly agent: Agent
  /** Ends those too that are still being opened, which the agent does not know yet. */
  readonly end: AbortController
}

/** Connections to services, kept alive and never shared between parties. */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #kept = new Map<string, Kept>()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** The agent of a party for a service; null is the local owner. @param client what its connections are made with. */
  agent(service: Service, party: string | null, client?: ClientCertificate): Agent {
    // What the connection guard reads: a service that changes gets connections of its own.
    const key = JSON.stringify([
      service.id,
      service.baseUrls,
      service.local,
      service.ca,
      party,
      printOf(client),
    ])
    const kept = this.#kept.get(key) ?? this.#open(service, party, client)
    this.#kept.set(key, kept)
    if (this.#kept.size > MAX_AGENTS) this.#retire()
    return kept.agent
  }

  /** End every connection of a party at once, also those that are still being opened. */
  drop(party: string): void {
    for (const [key, kept] of this.#kept) {
      if (kept.party !== party) continue
      this.#kept.delete(key)
      kept.end.abort()
      kept.agent.destroy().catch(() => {})
    }
  }

  /** End every connection. */
  async close(): Promise<void> {
    const all = [...this.#kept.values()]
    this.#kept.clear()
    for (const { end } of all) end.abort()
    await Promise.all(all.map(({ agent }) => agent.destroy()))
  }

  #open(service: Service, party: string | null, client?: ClientCertificate): Kept {
    const { timeouts } = this.#options
    const end = new AbortController()
    const connect = {
      ...this.#options,
      timeout: timeouts.connect,
      signal: end.signal,
      ...(client && { client }),
    }
    const agent = new Agent({
      connect: connectorFor(service, connect),
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.idle,
      keepAliveTimeout: timeouts.kept,
    })
    return { party, agent, end }
  }

  #retire(): void {
    const oldest = this.#kept.entries().next().value
    if (oldest === undefined) return
    this.#kept.delete(oldest[0])
    // Ends when its last response has; nobody waits for that.
    oldest[1].agent.close().catch(() => {})
  }
}

// SECURITY: a connection made with one certificate never carries a call that belongs to another.
function printOf(client: ClientCertificate | undefined): string | null {
  if (client === undefined) return null
  return createHash('sha256').update(client.cert).update(client.key).digest('hex')
}
