import type { IncomingMessage, ServerResponse } from 'node:http'
import { buildSchema, graphql } from 'graphql'
import {
  type LoopbackServer,
  readBody,
  sendJson,
  startLoopbackServer,
} from '../../support/upstreams/loopback-server.ts'

/** How many pieces `/ticks` sends. */
export const TICKS = 5
const TICK_MS = 20
/** How many rows `/table` has, below its names. */
export const ROWS = 100
const TABLE = Buffer.from(
  `row,name\n${Array.from({ length: ROWS }, (_, at) => `${at + 1},name ${at + 1}`).join('\n')}`,
)

const SCHEMA = buildSchema(`
  type User { login: String! }
  type Query { viewer: User!, greet(name: String!): String! }
  type Mutation { remember(word: String!): String! }
`)
const ROOT = {
  viewer: { login: 'octocat' },
  greet: ({ name }: { name: string }) => `hello ${name}`,
  remember: ({ word }: { word: string }) => `${word} it is`,
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void

/**
 * A server as clients of REST, GraphQL and hypertext expect one, which checks its key before anything else.
 *
 * @param isAllowed whether a request brought the key, and nothing else that looks like one.
 */
export function startNotesUpstream(
  isAllowed: (request: IncomingMessage) => boolean,
): Promise<LoopbackServer> {
  const busy = new Set<string>()
  const handlers: Record<string, Handler> = {
    ...NOTES,
    'GET /once-busy': (_request, response, url) => {
      const who = url.searchParams.get('who') ?? ''
      if (busy.has(who)) return sendJson(response, 200, { free: who })
      busy.add(who)
      sendJson(response, 503, { message: 'busy' })
    },
  }
  return startLoopbackServer(async (request, response) => {
    if (!isAllowed(request)) return sendJson(response, 401, { message: 'wrong key' })
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const handler = handlers[`${request.method} ${url.pathname}`]
    if (handler === undefined) return sendJson(response, 404, { message: 'not found' })
    await handler(request, response, url)
  })
}

const NOTES: Record<string, Handler> = {
  'POST /notes': makeNote,
  'GET /notes/first': (_request, response) => sendJson(response, 200, { id: 'first', title: 'the first' }),
  'POST /form': async (request, response) => {
    sendJson(response, 200, Object.fromEntries(new URLSearchParams((await readBody(request)).toString())))
  },
  'POST /html/notes': async (request, response) => {
    const title = new URLSearchParams((await readBody(request)).toString()).get('title')
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<li>${title}</li>`)
  },
  'GET /table': sendTable,
  'GET /rest/v1/notes': (_request, response) => {
    response.setHeader('content-range', '0-0/1')
    response.setHeader('access-control-expose-headers', 'content-range')
    sendJson(response, 200, [{ id: 'first', title: 'the first' }])
  },
  'POST /rest/v1/notes': makeNote,
  'POST /storage/v1/object/files/a/note.txt': async (request, response) => {
    const { length } = await readBody(request)
    sendJson(response, 200, { Id: `${length > 0}`, Key: 'files/a/note.txt' })
  },
  'GET /ticks': sendTicks,
  'GET /events': sendEvents,
  'GET /repos/octo/cat/issues': (_request, response, url) => {
    if (url.searchParams.get('page') === '2') return sendJson(response, 200, [{ title: 'three' }])
    const next = new URL(`/repos/octo/cat/issues?page=2`, url)
    response.setHeader('link', `<${next}>; rel="next"`)
    response.setHeader('access-control-expose-headers', 'link')
    sendJson(response, 200, [{ title: 'one' }, { title: 'two' }])
  },
  'POST /repos/octo/cat/issues': async (request, response) => {
    const { title } = JSON.parse((await readBody(request)).toString()) as { title: string }
    sendJson(response, 201, { title, number: 3 })
  },
  'POST /graphql': async (request, response) => {
    const { query, variables, operationName } = JSON.parse((await readBody(request)).toString())
    const asked = { variableValues: variables, operationName }
    sendJson(response, 200, await graphql({ schema: SCHEMA, rootValue: ROOT, source: query, ...asked }))
  },
}

async function makeNote(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { title } = JSON.parse((await readBody(request)).toString()) as { title: string }
  sendJson(response, 201, { id: 'second', title })
}

/** The table, or the range of it that is asked for. */
function sendTable(request: IncomingMessage, response: ServerResponse): void {
  const length = TABLE.length
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const headers = { 'content-type': 'text/csv', 'access-control-expose-headers': 'content-range' }
  if (from === undefined) return void response.writeHead(200, headers).end(TABLE)
  const last = Math.min(Number(to), length - 1)
  response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${last}/${length}` })
  response.end(TABLE.subarray(Number(from), last + 1))
}

async function sendTicks(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Chromium's own XMLHttpRequest keeps the beginning of other plain text back, to guess from it what it is.
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  for (let tick = 1; tick <= TICKS; tick++) {
    response.write(`tick ${tick}\n`)
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  response.end()
}

async function sendEvents(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (let tick = 1; tick <= TICKS; tick++) {
    response.write(`id: ${tick}\nevent: tick\ndata: tick ${tick}\n\n`)
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  response.end('event: done\ndata: bye\n\n')
}
