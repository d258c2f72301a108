import type { IncomingMessage, ServerResponse } from 'node:http'
import { formsOf } from '../canary-forms.ts'
import { type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/** What no list of patterns can catch, and SECURITY.md says so: half a key is not the key. */
const NOT_PROMISED = new Set(['first half', 'second half'])

/**
 * A service that gives everything back, to show what redaction is for. Where the key did not arrive it answers 401.
 *
 * - `/v1/echo/headers` the request's headers as JSON;
 * - `/v1/echo/forms` the credential in every form of {@link formsOf} but the halves, one a line;
 * - `/v1/echo/pieces?size=N` the same, written N bytes at a time;
 * - `/v1/echo/response-headers` the credential in response headers;
 * - `/v1/echo/body` the request's body.
 */
export function startEchoUpstream(key: string): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://echo.test')
    const body = await readBody(request)
    if (!(request.headers.authorization ?? '').includes(key)) {
      return sendJson(response, 401, { error: { message: 'wrong key' } })
    }
    if (url.pathname === '/v1/echo/headers') return sendJson(response, 200, request.headersDistinct)
    if (url.pathname === '/v1/echo/response-headers') return echoInHeaders(response, key)
    if (url.pathname === '/v1/echo/body') return echoBody(request, response, body)
    const text = formsOf(key)
      .filter((form) => !NOT_PROMISED.has(form.name))
      .map((form) => `${form.name}: ${form.bytes.toString('latin1')}`)
      .join('\n')
    const size = Number(url.searchParams.get('size') ?? text.length)
    await writeInPieces(response, Buffer.from(text, 'latin1'), size)
  })
}

function echoInHeaders(response: ServerResponse, key: string): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-request-id': key,
    etag: `"${Buffer.from(key).toString('base64')}"`,
    link: `<https://example.test/?k=${key}>; rel=next`,
    'x-ratelimit-remaining': '99',
    'x-echo-cursor': 'page-2',
    'x-echo-key': key,
    'x-unlisted': 'yes',
  })
  response.end('{}')
}

function echoBody(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/octet-stream' })
  response.end(body)
}

async function writeInPieces(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size))
    await new Promise((resolve) => setImmediate(resolve))
  }
  response.end()
}
