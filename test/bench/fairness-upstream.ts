import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'

// A service in a process of its own, so that making its answers takes no time from whoever measures. Sends its port to
// the parent; ends with it.

const MIB = Buffer.alloc(1024 * 1024, 0xa5)
/** Each below what a coded body may grow to without a reason: a bomb that is delivered. */
const BOMB_BYTES = 30 * 1024 * 1024
const PACK = { br: brotliCompressSync, gzip: gzipSync, zstd: zstdCompressSync }

/** `/v1/small`, `/v1/bomb?coding=`, `/v1/endless`, `/v1/drip`, `/v1/tiny?count=`, `/v1/sink`. */
const PATHS: Record<string, (response: ServerResponse, query: URLSearchParams) => void> = {
  '/v1/small': (response) => response.end('{"ok":true}'),
  '/v1/bomb': (response, query) => {
    const coding = query.get('coding') as keyof typeof PACK
    response.writeHead(200, { 'content-encoding': coding }).end(bomb(coding))
  },
  '/v1/endless': (response) => endless(response),
  '/v1/drip': (response) => {
    const timer = setInterval(() => response.write('data: .\n\n'), 50)
    response.on('close', () => clearInterval(timer))
  },
  '/v1/tiny': (response, query) => tiny(response, Number(query.get('count'))),
  '/v1/sink': (response) => response.end('{"ok":true}'),
}

const bombs = new Map<string, Buffer>()
function bomb(coding: keyof typeof PACK): Buffer {
  const made = bombs.get(coding) ?? PACK[coding](Buffer.alloc(BOMB_BYTES))
  bombs.set(coding, made)
  return made
}

function endless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(MIB));
  }
  response.on('drain', more)
  more()
}

function tiny(response: ServerResponse, count: number): void {
  response.socket?.setNoDelay(true)
  let sent = 0
  const more = () => {
    for (let burst = 0; burst < 50 && sent < count; burst += 1, sent += 1) response.write('x')
    if (response.destroyed) return
    if (sent < count) setImmediate(more)
    else response.end()
  }
  more()
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://bench.test')
  response.on('error', () => {})
  const path = PATHS[url.pathname]
  request.resume()
  request.on('end', () =>
    path === undefined ? response.writeHead(404).end() : path(response, url.searchParams),
  )
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit(0))
