import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Longest request head that is read, bytes. */
const MAX_HEAD = 16 * 1024
const LOOPBACK = '127.0.0.1'

/** How much a server on this machine bears. */
export interface LoopbackLimits {
  /** For one request to be there as a whole, ms. */
  readonly requestTimeout: number
  readonly connections: number
}

/** A server that nobody beyond this machine reaches. */
export interface LoopbackServer {
  readonly server: Server
  /** `127.0.0.1:PORT`. */
  readonly host: string
}

/**
 * Serve on a port of the loopback address that the system chooses.
 *
 * @param answer `host` is what a request must name as its host; null for one that names another.
 */
export async function serveOnLoopback(
  { requestTimeout, connections }: LoopbackLimits,
  answer: (request: IncomingMessage, response: ServerResponse, host: string | null) => void,
): Promise<LoopbackServer> {
  // Only now: with `node:http` comes the whole of Node's own `fetch`, and a host that starts needs neither.
  const { createServer } = await import('node:http')
  const server = createServer({ maxHeaderSize: MAX_HEAD, requestTimeout }, (request, response) => {
    const host = hostOf(server)
    // SECURITY: a page that has a name of its own point here must not be able to speak to it.
    answer(request, response, request.headers.host === host ? host : null)
  })
  server.maxConnections = connections
  await listening(server)
  return { server, host: hostOf(server) }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, resolve)
  })
}

function hostOf(server: Server): string {
  return `${LOOPBACK}:${(server.address() as AddressInfo | null)?.port}`
}
