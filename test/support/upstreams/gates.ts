import { type ChildProcess, spawn } from 'node:child_process'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A server that holds every connection up at one point, for as long as a test wants. */
export interface Gate {
  readonly port: number
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>
  /** Requests that came through, by their target. */
  readonly requests: string[]
  /** Let what waits go on. */
  release(): void
  close(): Promise<void>
}

/** Takes connections and leaves the handshake waiting until it is released; then it is a server like any other. */
export async function startTlsGate(certificate: { key: string; cert: string }): Promise<Gate> {
  const requests: string[] = []
  const https = createHttpsServer(certificate, (request, response) => {
    requests.push(request.url ?? '')
    response.end('{}')
  })
  https.on('tlsClientError', () => {})
  const sockets = new Set<Socket>()
  const held = new Map<Socket, Buffer[]>()
  const server = createServer((socket) => {
    const hello: Buffer[] = []
    sockets.add(socket)
    held.set(socket, hello)
    socket.on('error', () => {})
    // Read, so that the end of a connection is seen.
    socket.on('data', (bytes: Buffer) => hello.push(bytes))
    socket.on('close', () => {
      sockets.delete(socket)
      held.delete(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const release = () => {
    for (const [socket, hello] of held) {
      socket.removeAllListeners('data')
      socket.pause()
      socket.unshift(Buffer.concat(hello))
      https.emit('connection', socket)
    }
    held.clear()
  }
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, sockets, requests, release, close }
}

/** A server whose queue of connections is full and which is stopped, so that connecting to it does not end (Linux). */
export class FullServer {
  readonly port: number
  readonly #child: ChildProcess
  readonly #fillers: Socket[]

  private constructor(port: number, child: ChildProcess, fillers: Socket[]) {
    this.port = port
    this.#child = child
    this.#fillers = fillers
  }

  static async start(): Promise<FullServer> {
    const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
      process.stdout.write(this.address().port + '\\n') })`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const said = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
    child.kill('SIGSTOP')
    const port = Number(said.toString())
    const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    await new Promise((resolve) => setTimeout(resolve, 200))
    return new FullServer(port, child, fillers)
  }

  close(): void {
    for (const socket of this.#fillers) socket.destroy()
    this.#child.kill('SIGKILL')
  }
}
