import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ServerCertificate } from '../certificates.ts'
import { type Arrival, Journal } from './journal.ts'

/** A server on this machine with a record of everything that arrived. */
export interface LoopbackServer {
  /** `http://127.0.0.1:port`, or `https:`, no trailing slash. */
  readonly url: string
  readonly port: number
  readonly journal: Journal
  /** Ends every connection and resolves when the port is free. */
  close(): Promise<void>
}

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  arrival: Arrival,
) => void | Promise<void>

export interface LoopbackOptions {
  /** Fixed port; default: one the system picks. */
  port?: number
  /** Answer preflights and let any page read the answers, as public APIs do. Default false: a page's own call then fails. */
  cors?: boolean
  /** Speak TLS with it. Default: none. */
  certificate?: ServerCertificate
}

/** Start a server on 127.0.0.1. A handler that throws answers 500 and the message. */
export async function startLoopbackServer(
  answer: Answer,
  options: LoopbackOptions = {},
): Promise<LoopbackServer> {
  const journal = new Journal()
  const handle: RequestListener = (request, response) => {
    const arrival = journal.record(request, response)
    if (options.cors === true && allowAnyPage(request, response)) return
    Promise.resolve(answer(request, response, arrival)).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { error: { message: String(error) } })
    })
  }
  const { certificate, port = 0 } = options
  if (certificate === undefined) return listen(createServer(handle), journal, port)
  const server = await listen(createTlsServer(certificate, handle), journal, port)
  return { ...server, url: `https://127.0.0.1:${server.port}` }
}

/** Bind a server to 127.0.0.1 and give it the common face. */
export async function listen(server: Server, journal: Journal, port: number): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return { url: `http://127.0.0.1:${bound}`, port: bound, journal, close: () => closeServer(server) }
}

/** Close at once: open sockets are dropped. */
export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

/** Answer with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

/** Read a request body whole, at most `limit` bytes. @throws Error beyond it. */
export async function readBody(request: IncomingMessage, limit = 256 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw new Error(`the body is longer than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** True for exactly `Authorization: Bearer <one of keys>` and no second credential header beside it. */
export function hasBearer(request: IncomingMessage, keys: readonly string[]): boolean {
  const sent = request.headersDistinct.authorization ?? []
  const value = sent[0]
  return sent.length === 1 && value !== undefined && keys.some((key) => value === `Bearer ${key}`)
}

function allowAnyPage(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', '*')
  response.setHeader('access-control-allow-private-network', 'true')
  response.setHeader('access-control-max-age', '600')
  const asked = request.headers['access-control-request-headers']
  if (asked !== undefined) response.setHeader('access-control-allow-headers', asked)
  if (request.method !== 'OPTIONS') return false
  response.writeHead(204).end()
  return true
}
