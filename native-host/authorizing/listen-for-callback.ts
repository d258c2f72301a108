import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveOnLoopback } from '../serve-on-loopback.ts'
import { type Callback, type Expected, readCallback } from './read-callback.ts'

/** What a redirect comes to; registered with the server as `http://127.0.0.1/callback`, of any port (RFC 8252 section 7.3). */
const PATH = '/callback'

/** One answer is waited for; others are told that they are none. */
const LIMITS = { requestTimeout: 10_000, connections: 16 }

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
  const { server, host } = await serveOnLoopback(LIMITS, (request, response, named) => {
    const callback = named === null ? null : callbackOf(request, named, expected)
    respond(response, callback)
    if (callback !== null) resolve(callback)
  })
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
  return { redirectUri: `http://${host}${PATH}`, answer }
}

/** The answer a request brings; null for any other request, which changes nothing. */
function callbackOf(request: IncomingMessage, host: string, expected: Expected): Callback | null {
  if (request.method !== 'GET') return null
  const url = URL.parse(request.url ?? '', `http://${host}`)
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
