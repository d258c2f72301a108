import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { ServerCertificate } from '../certificates.ts'

/** One whole request as its bytes came out of the encryption. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  /** Head and body, as Latin-1. */
  readonly text: string
}

/** A TLS server on this machine that parses no more than where a request ends. */
export interface TlsUpstream {
  readonly port: number
  readonly requests: RawRequest[]
  /** Connections made to the port, whether or not a handshake came of them. */
  readonly connections: number
  close(): Promise<void>
}

/** Start it on 127.0.0.1. @param answer the bytes of the response, Latin-1. */
export async function startTlsUpstream(
  certificate: ServerCertificate,
  answer: (request: RawRequest) => string,
): Promise<TlsUpstream> {
  const requests: RawRequest[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(certificate, (socket) => {
    let pending = ''
    socket.on('error', () => {})
    socket.on('data', (piece: Buffer) => {
      pending += piece.toString('latin1')
      for (let end = endOfFirst(pending); end > 0; end = endOfFirst(pending)) {
        const request = requestOf(pending.slice(0, end))
        pending = pending.slice(end)
        requests.push(request)
        socket.write(Buffer.from(answer(request), 'latin1'))
      }
    })
  })
  server.on('tlsClientError', () => {})
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Where the first request of these bytes ends; -1 where it has not come whole. Knows lengths, not chunks. */
function endOfFirst(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return -1
  const length = Number(/^content-length: *(\d+)\r$/im.exec(text.slice(0, head + 2))?.[1] ?? 0)
  return text.length < head + 4 + length ? -1 : head + 4 + length
}

function requestOf(text: string): RawRequest {
  const [method = '', target = ''] = text.split(' ', 2)
  return { method, target, text }
}
