import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Callback, type Expected, readCallback } from './read-callback.ts'

/** What a redirect comes to; registered with the server as `http://127.0.0.1/callback`, of any port (RFC 8252 section 7.3). */
const PATH = '/callback'

/** Longest request head that is read, bytes. */
const MAX_HEAD = 16 * 1024

/** A listener on this machine that waits for one answer. */
export interface CallbackListener {
  /** `http://127.0.0.1:PORT/callback`. */
  readonly redirectUri: string
  /** The answer. Rejects with the signal's reason; then nobody listens any more. */
  readonly answer: Promise<Callback>
}

/**
 * Listen on a random port of the loopback address for the one answer to an attempt, and no longer.
 *
 * @param signal ends it: after its time, or when the owner gives up.
 */
export async function listenForCallback(expected: Expected, signal: AbortSignal): Promise<CallbackListener> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Callback>()
  // Whoever waits for it may come later than its failure.
  answer.catch(() => {})
  const server = createServer({ maxHeaderSize: MAX_HEAD, requestTimeout: 10_000 }, (request, response) => {
    const callback = callbackOf(request, server, expected)
    respond(response, callback)
    if (callback !== null) resolve(callback)
  })
  server.maxConnections = 16
  await listening(server)
  signal.addEventListener('abort', () => reject(signal.reason))
  if (signal.aborted) reject(signal.reason)
  const close = () => {
    server.close()
    server.closeIdleConnections()
  }
  answer.then(close, () => {
    close()
    server.closeAllConnections()
  })
  return { redirectUri: `http://${hostOf(server)}${PATH}`, answer }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo | null)?.port}`
}

/** The answer a request brings; null for any other request, which changes nothing. */
function callbackOf(request: IncomingMessage, server: Server, expected: Expected): Callback | null {
  // SECURITY: a page that has a name of its own point here must not be able to speak to it.
  if (request.method !== 'GET' || request.headers.host !== hostOf(server)) return null
  const url = URL.parse(request.url ?? '', `http://${hostOf(server)}`)
  return url?.pathname === PATH ? readCallback(url.searchParams, expected) : null
}

/** Says how it went. SECURITY: nothing of the request is in it, and nobody may keep, frame or script it. */
function respond(response: ServerResponse, callback: Callback | null): void {
  const isDone = callback !== null && 'code' in callback
  const text = isDone
    ? 'Back to Valet Key: you can close this tab.'
    : callback === null
      ? 'This address is for one answer only, and this is not it.'
      : 'It did not work. Valet Key says why. You can close this tab.'
  response.writeHead(callback === null ? 404 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Valet Key</title><p>${text}</p></html>`,
  )
}
