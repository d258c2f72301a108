import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { Outbound } from '../../native-host/auth/outbound.ts'
import { createUpstream, type Upstream, type UpstreamOptions } from '../../native-host/upstream/send.ts'
import type { Service } from '../../shared/model/service.ts'
import { serviceWith } from '../unit/auth-fixture.ts'

/** A loopback server, its origin, and everything that connected to it. */
export interface Served {
  readonly port: number
  readonly origin: string
  readonly sockets: Set<Socket>
  readonly requests: string[]
}

const open: { servers: Set<Server>; sockets: Set<Socket>; upstreams: Set<Upstream> } = {
  servers: new Set(),
  sockets: new Set(),
  upstreams: new Set(),
}

/** End every server, socket and upstream of a test file. */
export async function closeAll(): Promise<void> {
  for (const upstream of open.upstreams) await upstream.close()
  for (const socket of open.sockets) socket.destroy()
  for (const server of open.servers) await new Promise((resolve) => server.close(resolve))
  for (const set of Object.values(open)) set.clear()
}

async function served(server: Server, scheme: string): Promise<Served> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    open.sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.servers.add(server)
  const { port } = server.address() as AddressInfo
  return { port, origin: `${scheme}://127.0.0.1:${port}`, sockets, requests: [] }
}

export async function serveHttp(listener: RequestListener): Promise<Served> {
  const server = createHttpServer(listener)
  const result = await served(server, 'http')
  server.prependListener('request', (request) => result.requests.push(`${request.method} ${request.url}`))
  return result
}

export const serveTls = (listener: RequestListener, options: ServerOptions) =>
  served(createHttpsServer(options, listener), 'https')

/** A server that says exactly these bytes to whatever it is asked, then does with the socket what `after` says. */
export async function serveBytes(
  answer: string | null,
  after: (socket: Socket) => void = () => {},
): Promise<Served> {
  const server = createTcpServer((socket) => {
    socket.once('data', () => {
      if (answer !== null) socket.write(Buffer.from(answer, 'latin1'), () => after(socket))
    })
  })
  return served(server, 'http')
}

export function upstreamWith(options: UpstreamOptions = {}): Upstream {
  const upstream = createUpstream(options)
  open.upstreams.add(upstream)
  return upstream
}

/** A service declared local at this base URL. */
export const localService = (
  baseUrl: string,
  address: string | null = null,
  over: Partial<Service> = {},
): Service => serviceWith({ kind: 'none' }, { baseUrls: [baseUrl], local: { address }, ...over })

export const requestTo = (url: string, over: Partial<Outbound> = {}): Outbound => ({
  method: 'GET',
  // As a canonical URL: with a path.
  url: /^https?:\/\/[^/]+$/.test(url) ? `${url}/` : url,
  headers: [],
  body: null,
  bodyLength: null,
  ...over,
})

/** Send one GET to a local server. */
export function get(upstream: Upstream, server: Served, path = '/', signal = new AbortController().signal) {
  return upstream.send(requestTo(server.origin + path), localService(server.origin), { signal })
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
