import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A server that parses nothing: every byte that arrived, by connection, and an answer for each. */
export interface RawUpstream {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** What each connection has sent so far, in the order they were made. */
  readonly received: Buffer[]
  readonly sockets: Set<Socket>
  /** Everything received, as Latin-1. */
  text(): string
  close(): Promise<void>
}

/** A whole answer with a body. */
export function answerOf(body: string, headers = '', status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
}

/**
 * Start it on 127.0.0.1.
 *
 * @param react called with each piece that arrives and all that this connection has sent. Default: answers `ok` once
 *   the end of a head has been seen.
 */
export async function startRawUpstream(
  react: (socket: Socket, all: Buffer, piece: Buffer) => void = answerHeads,
): Promise<RawUpstream> {
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const place = received.push(Buffer.alloc(0)) - 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (piece: Buffer) => {
      const all = Buffer.concat([received[place] ?? Buffer.alloc(0), piece])
      received[place] = all
      react(socket, all, piece)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    sockets,
    text: () => Buffer.concat(received).toString('latin1'),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answerHeads(socket: Socket, _all: Buffer, piece: Buffer): void {
  const heads = piece.toString('latin1').split('\r\n\r\n').length - 1
  for (let head = 0; head < heads; head++) socket.write(answerOf('ok'))
}
