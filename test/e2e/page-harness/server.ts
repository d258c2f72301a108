import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventPlans } from './event-plans.ts'
import { greetSocket } from './greet-socket.ts'
import { ODD_ANSWERS } from './odd-answers.ts'

/** A request whose answer nobody waits for. */
export interface SeenBeacon {
  id: string
  method: string
  type: string | null
  length: number
  text: string
}

/** The loopback server of these tests: pages, and `/plain/*` that both native and carried calls end at. */
export interface TestServer {
  readonly origin: string
  /** Paths below `/caught` that reached the network: calls that leaked. */
  readonly leaks: string[]
  /** What came to `/plain/beacon`. */
  readonly beacons: SeenBeacon[]
  close(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => unknown

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const plans = new EventPlans()

const answers: Record<string, Answer> = {
  events: (request, response, url) => plans.connect(request, response, url),
  'event-log': (_, response, url) => response.end(JSON.stringify(plans.log(url))),
  async echo(request, response) {
    const body = await bodyOf(request)
    const names = ['content-type', 'x-a', 'accept', 'authorization']
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        method: request.method,
        headers: Object.fromEntries(names.map((name) => [name, request.headers[name] ?? null])),
        length: body.length,
        sha256: createHash('sha256').update(body).digest('hex'),
        text: body.length < 4096 ? body.toString('latin1') : '',
      }),
    )
  },
  text: (_, response, url) => {
    response.setHeader('content-type', url.searchParams.get('type') ?? 'text/plain')
    response.setHeader('x-b', 'two')
    response.setHeader('X-A', 'one')
    response.end(Buffer.from(url.searchParams.get('hex') ?? '68656c6c6f', 'hex'))
  },
  status: (_, response, url) => {
    response.statusCode = Number(url.searchParams.get('code'))
    response.end()
  },
  redirect: (_, response) => {
    response.writeHead(302, { location: 'echo' })
    response.end()
  },
  async burst(_, response) {
    response.setHeader('content-type', 'text/plain')
    for (let piece = 0; piece < 6; piece++) {
      response.write('ab')
      await pause(5)
    }
    // And no end.
  },
  async slow(_, response, url) {
    response.setHeader('content-type', 'text/plain')
    const count = Number(url.searchParams.get('count') ?? 5)
    for (let i = 0; i < count; i++) {
      response.write(`part ${i} é\n`)
      await pause(Number(url.searchParams.get('pause') ?? 60))
    }
    response.end()
  },
  async sse(_, response) {
    response.setHeader('content-type', 'text/event-stream')
    for (let i = 0; i < 5; i++) {
      response.write(`data: ${i}\n\n`)
      await pause(150)
    }
    response.end()
  },
  async big(_, response, url) {
    const total = Number(url.searchParams.get('bytes'))
    response.setHeader('content-type', 'application/octet-stream')
    const block = Buffer.alloc(65_536, 'abcdefgh')
    let left = total
    response.on('close', () => {
      left = 0
    })
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.length))
      left -= part.length
      if (!response.write(part)) await new Promise((resolve) => response.once('drain', resolve))
    }
    response.end()
  },
  hang: () => undefined,
  ...ODD_ANSWERS,
}

async function note(request: IncomingMessage, response: ServerResponse, url: URL, beacons: SeenBeacon[]) {
  const body = await bodyOf(request)
  beacons.push({
    id: url.searchParams.get('id') ?? '',
    method: request.method ?? '',
    type: request.headers['content-type'] ?? null,
    length: body.length,
    text: body.length < 4096 ? body.toString('latin1') : '',
  })
  response.end()
}

const PAGE =
  '<!doctype html><title>page</title><script>window.early = { fetch, source: fetch.toString() }</script>'

/** Start it on a free port of 127.0.0.1 (also reached as `localhost`). */
export async function startServer(): Promise<TestServer> {
  const leaks: string[] = []
  const beacons: SeenBeacon[] = []
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-headers', '*')
    response.setHeader('access-control-allow-methods', '*')
    response.setHeader('access-control-expose-headers', '*')
    response.setHeader('cache-control', 'no-store')
    // Without it Chromium holds the first bytes of a text back to guess its type.
    response.setHeader('x-content-type-options', 'nosniff')
    // Nobody else may read what says so, and no request but a simple one comes to what does.
    if (url.searchParams.has('private')) response.removeHeader('access-control-allow-origin')
    if (url.searchParams.has('simple')) response.removeHeader('access-control-allow-headers')
    if (request.method === 'OPTIONS') return response.end()
    if (/^\/caught(\/|$)/.test(url.pathname)) leaks.push(`${request.method} ${url.pathname}`)
    if (url.pathname === '/plain/beacon') return void note(request, response, url, beacons)
    const answer = url.pathname.startsWith('/plain/') ? answers[url.pathname.slice(7)] : undefined
    if (answer) return void answer(request, response, url)
    response.setHeader('content-type', 'text/html')
    // A page may name its own policies.
    for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
      const policy = url.searchParams.get(name)
      if (policy !== null) response.setHeader(name, policy)
    }
    const meta = url.searchParams.get('meta')
    const tag = `<meta http-equiv="Content-Security-Policy" content="${meta}">`
    return response.end(meta === null ? PAGE : PAGE.replace('<title>', `${tag}<title>`))
  })
  server.on('upgrade', greetSocket)
  // A method that Node does not know ends here. Its own answer has no length and resets the connection, so whether a
  // browser reads it to its end depends on the machine's load.
  server.on('clientError', (_, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    leaks,
    beacons,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
