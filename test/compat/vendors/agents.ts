import { deepEqual, equal, match, notEqual } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createToolServer, WAITED } from '../upstreams/tool-server.ts'
import { BEARER } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())

const used = { tools: ['wait', 'go'], seen: [1], said: WAITED, isRefused: true }

/** Each session has a transport of its own, found by the header that the page sends back. */
function streamableHandlers(): Readonly<Record<string, Handler>> {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const answer: Handler = async ({ request, response, body }) => {
    const message = request.method === 'POST' ? jsonOf(body) : undefined
    if (message?.method === 'initialize') {
      const id = randomUUID()
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => id })
      await createToolServer().connect(transport)
      sessions.set(id, transport)
      return transport.handleRequest(request, response, message)
    }
    match(`${request.headers['mcp-protocol-version']}`, /^\d{4}-\d\d-\d\d$/)
    const transport = sessions.get(`${request.headers['mcp-session-id']}`)
    notEqual(transport, undefined, 'a call of no session')
    await transport?.handleRequest(request, response, message)
  }
  return { 'POST /mcp': answer, 'GET /mcp': answer, 'DELETE /mcp': answer }
}

function eventHandlers(): Readonly<Record<string, Handler>> {
  const sessions = new Map<string, SSEServerTransport>()
  return {
    'GET /sse': async ({ response }) => {
      const transport = new SSEServerTransport('/messages', response)
      sessions.set(transport.sessionId, transport)
      await createToolServer().connect(transport)
    },
    'POST /messages': async ({ request, response, url, body }) => {
      const transport = sessions.get(`${url.searchParams.get('sessionId')}`)
      notEqual(transport, undefined, 'a call of no session')
      await transport?.handlePostMessage(request, response, jsonOf(body))
    },
  }
}

/** What an agent sends of a run (docs.ag-ui.com, "Events"). */
const RUN = [
  { type: 'RUN_STARTED', threadId: 'thread-1', runId: 'run-1' },
  { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
  ...['Said ', 'in ', 'parts.'].map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta })),
  { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
  { type: 'RUN_FINISHED', threadId: 'thread-1', runId: 'run-1' },
]

/** Packages with which agents talk to tools and pages. */
export const AGENTS: readonly Vendor[] = [
  {
    ...BEARER,
    package: '@modelcontextprotocol/sdk',
    page: 'mcp',
    job: 'opens a session over HTTP, lists tools, calls one that reports while another is called, ends it',
    talks: true,
    handlers: streamableHandlers,
    returns: { ...used, version: true },
  },
  {
    ...BEARER,
    package: '@modelcontextprotocol/sdk',
    page: 'mcp-sse',
    job: 'the same over one stream of events',
    talks: true,
    handlers: eventHandlers,
    returns: used,
  },
  {
    ...BEARER,
    package: '@ag-ui/client',
    page: 'ag-ui',
    job: 'runs an agent, reads its events as they come',
    streamed: true,
    handlers: () => ({
      'POST /agent': ({ request, response, body }) => {
        equal(request.headers.accept, 'text/event-stream')
        const { threadId, runId, messages } = jsonOf(body)
        deepEqual([threadId, runId, messages[0].content], ['thread-1', 'run-1', 'hello'])
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(RUN.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
      },
    }),
    returns: {
      text: 'Said in parts.',
      events: [...new Set(RUN.map(({ type }) => type))],
      messages: ['assistant'],
    },
  },
]
