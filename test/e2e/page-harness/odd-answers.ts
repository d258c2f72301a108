import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => unknown

const TEXT = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz')

/** A WebAssembly module that exports nothing: magic number and version (WebAssembly Core Specification, 5.5.16). */
const WASM = Buffer.from('0061736d01000000', 'hex')

/** A picture of one dot. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Answers that few services give, and that a page may still see. */
export const ODD_ANSWERS: Record<string, Answer> = {
  /** Part of a text, as asked for by `Range` (RFC 9110, 14). */
  range(request, response) {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    response.setHeader('accept-ranges', 'bytes')
    response.setHeader('content-type', 'text/plain')
    if (from === undefined) return response.end(TEXT)
    if (Number(from) >= TEXT.length) {
      response.writeHead(416, { 'content-range': `bytes */${TEXT.length}` })
      return response.end()
    }
    const end = to ? Number(to) : TEXT.length - 1
    response.writeHead(206, { 'content-range': `bytes ${from}-${end}/${TEXT.length}` })
    return response.end(TEXT.subarray(Number(from), end + 1))
  },
  /** 304 to who has it already. */
  tagged(request, response) {
    response.setHeader('etag', '"one"')
    response.setHeader('content-type', 'text/plain')
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end()
    else response.end('tagged')
  },
  /** What a cache would keep for an hour. */
  lasting(_, response) {
    response.setHeader('cache-control', 'max-age=3600')
    response.setHeader('content-type', 'text/plain')
    response.end(String(Math.random()))
  },
  headers(_, response) {
    response.setHeader('content-type', 'text/plain')
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.setHeader('x-many', ['one', 'two'])
    response.setHeader('x-latin', Buffer.from('n\u00e4\u00efve').toString('latin1'))
    response.setHeader('x-empty', '')
    response.end('headers')
  },
  gzip(_, response) {
    const body = gzipSync('unpacked '.repeat(100))
    response.writeHead(200, {
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
      'content-length': body.length,
    })
    response.end(body)
  },
  /** Says more than it sends. */
  truncated(_, response) {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 1000 })
    response.write('half')
    setTimeout(() => response.destroy(), 50)
  },
  /** Breaks off before it answers. */
  reset: (request) => request.socket.destroy(),
  wasm(_, response) {
    response.writeHead(200, { 'content-type': 'application/wasm' }).end(WASM)
  },
  png(_, response) {
    response.writeHead(200, { 'content-type': 'image/png' }).end(PNG)
  },
  form(_, response) {
    const lines = ['--b', 'content-disposition: form-data; name="a"', '', '\u00e9', '--b--', '']
    response.writeHead(200, { 'content-type': 'multipart/form-data; boundary=b' }).end(lines.join('\r\n'))
  },
  /** Redirects as often as `times` says, with the status of `code`. */
  hop(_, response, url) {
    const times = Number(url.searchParams.get('times') ?? 1)
    const location = times > 1 ? `hop?times=${times - 1}` : 'echo'
    response.writeHead(Number(url.searchParams.get('code') ?? 302), { location }).end()
  },
}
