import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Asked } from './vendor.ts'

/** Answer a call by a handler that speaks in `Request` and `Response`, as frameworks for many platforms have it. */
export async function byFetch(asked: Asked, handle: (request: Request) => Promise<Response>): Promise<void> {
  const { request, response, url, body } = asked
  const headers = new Headers()
  for (const [name, values] of Object.entries(request.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  const method = request.method ?? 'GET'
  const sent = method === 'GET' || method === 'HEAD' ? null : new Uint8Array(body)
  const answer = await handle(new Request(url, { method, headers, body: sent }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body === null) return void response.end()
  const pieces = Readable.fromWeb(answer.body as ReadableStream)
  pieces.on('error', () => response.destroy())
  pieces.pipe(response)
}
