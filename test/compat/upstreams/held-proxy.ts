import { type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { type LoopbackServer, startLoopbackServer } from '../../support/upstreams/loopback-server.ts'

/** A server before another one, that keeps the end of each stream back until it is told. */
export interface HeldProxy extends LoopbackServer {
  /** Streams that wait for {@link HeldProxy.release}. */
  readonly held: number
  /** Let the ends of all streams go that are held now. */
  release(): void
}

/** Bytes of a stream's end that are kept back: enough that its last event is not whole. */
const KEPT = 2
const STREAMS = [
  'text/event-stream',
  'text/plain',
  'application/x-ndjson',
  'audio/',
  'application/vnd.amazon.eventstream',
]

/**
 * Pass every request on as it came, and its answer back piece by piece. The last {@link KEPT} bytes of a stream stay here
 * until the page has said that it has its beginning: a client that waits for the whole of it would wait for ever.
 *
 * @param prefix of the path, that the server behind does not know; taken off.
 * @param cors as for the servers of `loopback-server.ts`.
 * @param holds whether anything is kept back at all.
 */
export async function startHeldProxy(
  behind: string,
  prefix = '',
  cors = false,
  holds = true,
): Promise<HeldProxy> {
  const waiting = new Set<() => void>()
  const server = await startLoopbackServer(
    (request, response) => {
      const path = (request.url ?? '/').slice(prefix.length)
      const passed = send(`${behind}${path}`, { method: request.method ?? 'GET', headers: pairsOf(request) })
      passed.on('error', () => response.destroy())
      passed.on('response', (answer) => {
        const rest = passBack(answer, response, holds)
        if (rest === null) return
        const release = () => {
          waiting.delete(release)
          rest()
        }
        waiting.add(release)
      })
      response.on('close', () => passed.destroy())
      request.pipe(passed)
    },
    { cors },
  )
  const release = () => {
    for (const each of [...waiting]) each()
  }
  return Object.defineProperties(Object.assign(server, { release }), {
    held: { get: () => waiting.size },
  }) as HeldProxy
}

function pairsOf(request: IncomingMessage): Record<string, string | string[]> {
  const { host: [host = ''] = [], connection: _connection, ...headers } = request.headersDistinct
  // With the name it was asked under: some servers write it into what they answer.
  return { ...(headers as Record<string, string[]>), host }
}

/** @returns what lets the end go; null where nothing is kept back. */
function passBack(answer: IncomingMessage, response: ServerResponse, holds: boolean): (() => void) | null {
  const { connection: _connection, 'transfer-encoding': _coding, ...headers } = answer.headersDistinct
  response.writeHead(answer.statusCode ?? 502, headers as Record<string, string[]>)
  const type = answer.headers['content-type'] ?? ''
  if (!holds || !STREAMS.some((each) => type.startsWith(each))) {
    answer.pipe(response)
    return null
  }
  let [kept, isWhole, isReleased] = [Buffer.alloc(0), false, false]
  const finish = () => {
    if (isWhole && isReleased) response.end(kept)
  }
  answer.on('data', (piece: Buffer) => {
    const all = Buffer.concat([kept, piece])
    const cut = Math.max(0, all.length - KEPT)
    kept = all.subarray(cut)
    if (cut > 0) response.write(all.subarray(0, cut))
  })
  answer.on('end', () => {
    isWhole = true
    finish()
  })
  return () => {
    isReleased = true
    finish()
  }
}
