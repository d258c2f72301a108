import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { noise, records } from './service-bodies.ts'

/** Of all bodies. */
const MIB = 1024 * 1024

type Path = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void

/**
 * What the service of the bench answers:
 *
 * - `/v1/small?delay=MS` a small JSON answer, so long after the request;
 * - `/v1/events?count=N&every=MS` server-sent events with the time they were sent at (`at`, epoch milliseconds);
 * - `/v1/binary?mib=N` bytes that nothing makes smaller;
 * - `/v1/json?mib=N` JSON as it is, with `&gzip` packed where the client takes that;
 * - `/v1/sink` takes a body and says how long it was when all of it is there.
 */
export const PATHS: Readonly<Record<string, Path>> = {
  '/v1/small': (request, response, query) => {
    request.resume()
    const delay = Number(query.get('delay') ?? 0)
    if (delay === 0) small(response)
    else setTimeout(() => small(response), delay)
  },
  '/v1/events': (request, response, query) => {
    request.resume()
    events(response, Number(query.get('count')), Number(query.get('every')))
  },
  '/v1/binary': (request, response, query) => {
    request.resume()
    repeat(response, 'application/octet-stream', noise, Number(query.get('mib')))
  },
  '/v1/json': (request, response, query) => {
    request.resume()
    const mib = Number(query.get('mib'))
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    if (query.has('gzip') && takesGzip) whole(response, packed(mib))
    else repeat(response, 'application/json', records, mib)
  },
  '/v1/sink': (request, response) => {
    let bytes = 0
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
    })
    request.on('end', () => send(response, JSON.stringify({ bytes })))
  },
}

function small(response: ServerResponse): void {
  send(response, '{"object":"small","answer":"here"}')
}

function send(response: ServerResponse, json: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length }).end(json)
}

function events(response: ServerResponse, count: number, every: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  let sent = 0
  const next = () => {
    if (response.destroyed) return
    const at = performance.timeOrigin + performance.now()
    response.write(`id: ${sent}\ndata: ${JSON.stringify({ at, delta: { content: ' word' } })}\n\n`)
    sent += 1
    if (sent < count) setTimeout(next, every)
    else response.end()
  }
  next()
}

/** The same mebibyte so many times, as fast as the client reads. */
function repeat(response: ServerResponse, type: string, block: Buffer, times: number): void {
  response.writeHead(200, { 'content-type': type, 'content-length': times * MIB })
  let sent = 0
  const more = () => {
    while (sent < times && !response.destroyed) {
      sent += 1
      if (!response.write(block)) return
    }
    if (!response.destroyed) response.end()
    response.off('drain', more)
  }
  response.on('drain', more)
  more()
}

const made = new Map<number, Buffer>()
function packed(mib: number): Buffer {
  const body = made.get(mib) ?? gzipSync(Buffer.concat(Array.from({ length: mib }, () => records)))
  made.set(mib, body)
  return body
}

function whole(response: ServerResponse, body: Buffer): void {
  const head = {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': body.length,
  }
  response.writeHead(200, head).end(body)
}
