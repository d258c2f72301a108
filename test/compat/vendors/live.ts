import { equal } from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { Server } from 'socket.io'
import { onTestFinished } from 'vitest'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { gate } from './gate.ts'
import { BEARER, withPassword } from './places.ts'
import { signalrHandlers } from './signalr-hub.ts'
import type { Asked, Handler, Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())

/** A request with its body still to be read. */
const unread = ({ request, body }: Asked) => {
  const { method, url, headers, socket } = request
  return Object.assign(Readable.from(body.length > 0 ? [body] : []), {
    ...{ method, url, headers, socket, connection: socket },
  }) as unknown as IncomingMessage
}

/** The package's own server. */
function socketHandlers(): Readonly<Record<string, Handler>> {
  const server = createServer()
  const io = new Server(server, { transports: ['polling'], serveClient: false })
  onTestFinished(() => {
    io.engine.close()
  })
  io.on('connection', (socket) =>
    socket.on('echo', (text, bytes, answer) => {
      answer([text, bytes])
      socket.emit('told', 'later')
    }),
  )
  return { '*': (asked) => void server.emit('request', unread(asked), asked.response) }
}

/** A frame of gRPC-Web: its kind, its length, what it holds (github.com/grpc/grpc, PROTOCOL-WEB.md). */
function frame(kind: number, text: string): string {
  const held = Buffer.from(text)
  const head = Buffer.alloc(5)
  head[0] = kind
  head.writeUInt32BE(held.length, 1)
  return Buffer.concat([head, held]).toString('base64')
}

const PROCEDURE = { 'content-type': 'application/grpc-web-text' }
const WELL = frame(0x80, 'grpc-status:0\r\ngrpc-message:well\r\n')

/** Two messages, as of one the last byte may wait for the next, and the rest once the page has called again. */
function grpcHandlers(): Readonly<Record<string, Handler>> {
  const { opened, open } = gate()
  return {
    'POST /notes.Notes/Tell': async ({ request, response }) => {
      equal(request.headers['x-grpc-web'], '1')
      response.writeHead(200, PROCEDURE)
      response.write(frame(0, 'größe') + frame(0, 'zwei'))
      await opened
      response.end(frame(0, 'and more') + WELL)
    },
    'POST /notes.Notes/Go': ({ response }) => {
      open()
      response.writeHead(200, PROCEDURE).end(frame(0, 'gone') + WELL)
    },
    'POST /notes.Notes/None': ({ response }) => {
      response.writeHead(200, { ...PROCEDURE, 'grpc-status': '5', 'grpc-message': 'not%20here' }).end()
    },
  }
}

/** A database of CouchDB whose feed of changes waits for a third (docs.couchdb.org, "Changes Feeds"). */
function couchHandlers(): Readonly<Record<string, Handler>> {
  const { opened, open } = gate()
  const changes = ['first', 'second', 'third'].map((id, at) => ({
    seq: at + 1,
    id,
    changes: [{ rev: '1-a' }],
  }))
  const made: Handler = ({ response, url }) => {
    if (url.pathname.endsWith('third')) open()
    sendJson(response, 201, { ok: true, id: url.pathname.split('/').at(-1), rev: '1-a' })
  }
  return {
    'GET /notes/': ({ response }) => sendJson(response, 200, { db_name: 'notes', update_seq: 2 }),
    'GET /notes/first': ({ response }) =>
      sendJson(response, 200, { _id: 'first', _rev: '1-a', title: 'the first' }),
    'PUT /notes/second': made,
    'PUT /notes/third': made,
    'GET /notes/first/a.png': ({ response }) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(5000, 0xc8))
    },
    'GET /notes/_changes': async ({ response, url }) => {
      const since = Number(url.searchParams.get('since'))
      if (since >= 2) await opened
      const results = changes.slice(since, since < 2 ? 2 : 3)
      sendJson(response, 200, { results, last_seq: since + results.length, pending: 0 })
    },
  }
}

/** Events that answer a POST. */
const told: Handler = ({ response, body }) => {
  equal(jsonOf(body).prompt, 'größe')
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const id of [1, 2, 3]) response.write(`id: ${id}\ndata: wort ${id}.\n\n`)
  response.end('data: [DONE]\n\n')
}

/** Packages to which more is told as time goes by, each in its own way. */
export const LIVE: readonly Vendor[] = [
  {
    ...BEARER,
    package: 'socket.io-client',
    page: 'socket-io',
    job: 'connects by polling, is answered with bytes, is told something',
    talks: true,
    handlers: socketHandlers,
    returns: { bytes: [1, 2, 255], later: 'later', transport: 'polling' },
  },
  {
    ...BEARER,
    package: '@microsoft/signalr',
    page: 'signalr',
    job: 'connects by long polling, calls, is told something, leaves',
    talks: true,
    handlers: signalrHandlers,
    returns: { echoed: 'größe', later: 'later', state: 'Disconnected' },
  },
  {
    ...BEARER,
    package: 'grpc-web',
    page: 'grpc-web',
    job: 'is told by a stream of an XMLHttpRequest while it calls, meets a failure',
    handlers: grpcHandlers,
    returns: { told: ['größe', 'zwei', 'and more', 0, 'well'], failure: [5, 'not here'] },
  },
  {
    ...withPassword('page'),
    package: 'pouchdb-browser',
    page: 'pouchdb',
    job: 'reads, writes, follows changes by long polling, meets a 404',
    talks: true,
    handlers: couchHandlers,
    returns: {
      title: 'the first',
      made: '1-a',
      picture: ['image/png', 5000],
      missing: 404,
      changed: ['first', 'second', 'third'],
    },
  },
  {
    ...BEARER,
    package: 'sse.js',
    page: 'sse-js',
    job: 'reads events of an XMLHttpRequest as they come, meets a 404',
    streamed: true,
    handlers: () => ({ 'POST /ask': told }),
    returns: {
      ids: ['1', '2', '3'],
      text: 'wort 1.wort 2.wort 3.',
      failure: [404, '{"message":"not found"}'],
    },
  },
]
