import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { PATHS } from './service-paths.ts'

// The API that pages call, in a process of its own: over HTTP/1.1, over TLS, and over TLS with HTTP/2. It checks the key as APIs
// do, in a header or in the query, and answers every preflight with leave that may not be kept. Told its key and certificate by
// the parent, it sends its ports and ends with it.

/** What the parent tells. */
export interface ServiceOrder {
  readonly key: string
  /** Null: HTTP/1.1 in clear is all it speaks. */
  readonly certificate: { readonly key: string; readonly cert: string } | null
}

/** What it answers: the port of each transport; 0 where it has none. */
export type ServicePorts = Readonly<Record<'http1' | 'tls' | 'http2', number>>

process.once('message', (order: ServiceOrder) => void serve(order))
process.on('disconnect', () => process.exit(0))

async function serve({ key, certificate }: ServiceOrder): Promise<void> {
  const handle = (request: IncomingMessage, response: ServerResponse) => answer(request, response, key)
  const http1 = await listen(createServer(handle))
  const ports: ServicePorts = {
    http1,
    ...(certificate === null ? { tls: 0, http2: 0 } : await secure(certificate, handle)),
  }
  process.send?.(ports)
}

async function secure(certificate: { key: string; cert: string }, handle: RequestListener) {
  const http2 = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) =>
    // The two have the same face where it counts; its types do not know that.
    handle(
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse<IncomingMessage> & { req: IncomingMessage },
    ),
  )
  return { tls: await listen(createTlsServer(certificate, handle)), http2: await listen(http2) }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function answer(request: IncomingMessage, response: ServerResponse, key: string): void {
  response.on('error', () => {})
  response.setHeader('access-control-allow-origin', '*')
  if (request.method === 'OPTIONS') {
    request.resume()
    const asked = request.headers['access-control-request-headers'] ?? ''
    response.setHeader('access-control-allow-methods', '*')
    response.setHeader('access-control-allow-headers', asked)
    response.setHeader('access-control-max-age', '0')
    response.writeHead(204).end()
    return
  }
  const url = new URL(request.url ?? '/', 'http://service.bench')
  const given = request.headers.authorization?.replace(/^Bearer /, '') ?? url.searchParams.get('key')
  const path = PATHS[url.pathname]
  if (given === key && path !== undefined) return path(request, response, url.searchParams)
  request.resume()
  response.writeHead(path === undefined ? 404 : 401).end()
}
