import { equal } from 'node:assert/strict'
import { gate } from './gate.ts'
import { BEARER } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

/** An answer in parts (github.com/graphql/graphql-over-http, "Incremental Delivery"), the second once the page has called again. */
function graphqlHandlers(): Readonly<Record<string, Handler>> {
  const { opened, open } = gate()
  const part = (value: object) => `\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(value)}\r\n---`
  return {
    'POST /graphql': async ({ request, response }) => {
      equal(`${request.headers.accept}`.includes('deferSpec=20220824'), true)
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary="-"; deferSpec=20220824' })
      response.write(`\r\n---${part({ data: { first: 'one' }, hasNext: true })}`)
      await opened
      const second = { incremental: [{ path: [], data: { second: 'two' } }], hasNext: false }
      response.end(`${part(second)}--\r\n`)
    },
    'POST /go': ({ response }) => {
      open()
      response.writeHead(204).end()
    },
    'POST /events': ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const next = [1, 2, 3].map((count) => `event: next\ndata: {"data":{"count":${count}}}\n\n`)
      response.end(`${next.join('')}event: complete\ndata:\n\n`)
    },
  }
}

/** Packages that read answers of GraphQL in parts. */
export const GRAPHQL_STREAMS: readonly Vendor[] = [
  {
    ...BEARER,
    package: 'graphql-sse',
    page: 'graphql-streams',
    job: 'with `@apollo/client`: an answer in parts (`@defer`), and a subscription by events',
    talks: true,
    handlers: graphqlHandlers,
    returns: {
      parts: [
        ['one', null],
        ['one', 'two'],
      ],
      counted: [1, 2, 3],
    },
  },
]
