import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'

/** A service that means its clients' memory and time ill. All paths are GET; see {@link PATHS}. */
export interface HostileUpstream {
  readonly url: string
  close(): Promise<void>
}

const MIB = Buffer.alloc(1024 * 1024, 0x5a)
const ZEROS = Buffer.alloc(100 * 1024 * 1024)
const BOMBS = {
  br: brotliCompressSync(ZEROS),
  gzip: gzipSync(ZEROS),
  zstd: zstdCompressSync(ZEROS),
}

/**
 * - `/v1/bomb?coding=br` 100 MiB of zeros in some hundred bytes; `/v1/chain` says a thousand codings;
 * - `/v1/body?mib=N` so many MiB, without `mib` without end; `/v1/tiny?count=N` a body in pieces of one byte;
 * - `/v1/drip?every=MS` one byte at a time without end; `/v1/headers?count=N` so many header fields;
 * - `/v1/ok` a small answer.
 */
const PATHS: Record<string, (response: ServerResponse, query: URLSearchParams) => void> = {
  '/v1/bomb': (response, query) => {
    const coding = (query.get('coding') ?? 'br') as keyof typeof BOMBS
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': coding })
    response.end(BOMBS[coding])
  },
  '/v1/chain': (response) => {
    response.writeHead(200, { 'content-encoding': Array.from({ length: 1000 }, () => 'gzip').join(',') })
    response.end(BOMBS.gzip)
  },
  '/v1/body': (response, query) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    const count = Number(query.get('mib') ?? Number.POSITIVE_INFINITY)
    let sent = 0
    const more = () => {
      while (sent < count) {
        sent += 1
        if (!response.write(MIB)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  },
  '/v1/tiny': (response, query) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.socket?.setNoDelay(true)
    const count = Number(query.get('count') ?? 1000)
    let sent = 0
    const more = () => {
      for (let burst = 0; burst < 50 && sent < count; burst += 1, sent += 1) response.write('x')
      if (sent < count) setImmediate(more)
      else response.end()
    }
    more()
  },
  '/v1/drip': (response, query) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write('.'), Number(query.get('every') ?? 100))
    response.on('close', () => clearInterval(timer))
  },
  '/v1/headers': (response, query) => {
    for (let at = 0; at < Number(query.get('count') ?? 1000); at += 1)
      response.setHeader(`x-h-${at}`, 'v'.repeat(20))
    response.end('many')
  },
  '/v1/ok': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"ok":true}')
  },
}

/** Start it on 127.0.0.1. It checks no key: what it is for is the client's health. */
export async function startHostileUpstream(): Promise<HostileUpstream> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hostile.test')
    const path = PATHS[url.pathname]
    response.on('error', () => {})
    if (path === undefined) response.writeHead(404).end()
    else path(response, url.searchParams)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
