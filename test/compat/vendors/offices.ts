import { deepEqual, equal, match } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER, inHeader, withPassword } from './places.ts'
import type { Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())

/** Packages that search, read and rank the web, and that do an office's work. */
export const OFFICES: readonly Vendor[] = [
  {
    ...BEARER,
    package: '@mendable/firecrawl-js',
    page: 'firecrawl',
    job: 'reads a page, waits for a crawl, meets a 404',
    handlers: () => {
      let looks = 0
      return {
        'POST /v2/scrape': ({ response, body }) => {
          equal(jsonOf(body).url, 'https://example.test')
          sendJson(response, 200, { success: true, data: { markdown: '# größer', metadata: {} } })
        },
        'POST /v2/crawl': ({ response }) =>
          sendJson(response, 200, { success: true, id: 'c1', url: 'https://api.firecrawl.dev/v2/crawl/c1' }),
        'GET /v2/crawl/c1': ({ response }) => {
          looks += 1
          const data = [{ markdown: 'one', metadata: {} }]
          const status = looks > 1 ? 'completed' : 'scraping'
          sendJson(response, 200, { success: true, status, total: 1, completed: 1, creditsUsed: 1, data })
        },
      }
    },
    returns: { read: '# größer', crawled: ['one'], failure: 404 },
  },
  {
    ...inHeader('x-api-key'),
    package: 'exa-js',
    page: 'exa',
    job: 'searches, reads an answer as it comes, meets a failure',
    streamed: true,
    handlers: () => ({
      'POST /search': ({ response, body }) => {
        equal(jsonOf(body).query, 'notes')
        sendJson(response, 200, {
          requestId: 'r',
          results: [{ id: '1', url: 'https://one.test', title: 'one' }],
        })
      },
      'POST /answer': ({ response, body }) => {
        equal(jsonOf(body).stream, true)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (const content of ['Said ', 'in ', 'parts.'])
          response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
        response.end('data: [DONE]\n\n')
      },
      'POST /findSimilar': ({ response }) =>
        sendJson(response, 400, { error: 'no such page', path: '/findSimilar' }),
    }),
    returns: { text: 'Said in parts.', found: ['https://one.test'], failure: 400 },
  },
  {
    ...BEARER,
    package: 'voyageai',
    page: 'voyageai',
    job: 'makes a vector, ranks texts, meets a failure',
    handlers: () => ({
      'POST /v1/embeddings': ({ response, body }) => {
        deepEqual(jsonOf(body).input, ['the first'])
        const data = [{ object: 'embedding', embedding: [0.5, 0.25], index: 0 }]
        sendJson(response, 200, { object: 'list', data, model: 'voyage-3', usage: { total_tokens: 2 } })
      },
      'POST /v1/rerank': ({ response }) => {
        const data = [1, 0].map((index) => ({ index, relevance_score: index / 2 }))
        sendJson(response, 200, { object: 'list', data, model: 'rerank-2', usage: { total_tokens: 2 } })
      },
      'POST /v1/contextualizedembeddings': ({ response }) =>
        sendJson(response, 400, { detail: 'no such model' }),
    }),
    returns: { vector: [0.5, 0.25], order: [1, 0], failure: 400 },
  },
  {
    ...inHeader('authorization'),
    package: '@linear/sdk',
    page: 'linear',
    job: 'asks who it is, makes an issue, meets a failure',
    handlers: () => ({
      'POST /graphql': ({ response, body }) => {
        const { query, variables } = jsonOf(body)
        if (query.includes('mutation')) {
          deepEqual(variables.input, { teamId: 't1', title: 'from linear' })
          const issueCreate = { success: true, lastSyncId: 1, issue: { id: 'i1' } }
          return sendJson(response, 200, { data: { issueCreate } })
        }
        if (variables?.id === 'none') {
          const extensions = { type: 'invalid input', userError: true, userPresentableMessage: 'none' }
          return sendJson(response, 400, {
            errors: [{ message: 'Entity not found', extensions }],
            data: null,
          })
        }
        match(query, /viewer/)
        sendJson(response, 200, { data: { viewer: { id: 'u1', name: 'Grö SSer' } } })
      },
    }),
    returns: { name: 'Grö SSer', made: true, failure: ['InvalidInput', 400] },
  },
  {
    ...withPassword('api'),
    package: 'mailgun.js',
    page: 'mailgun',
    job: 'sends a message with a file as a form, meets a 404',
    handlers: () => ({
      'POST /v3/mg.example.test/messages': ({ request, response, body }) => {
        match(`${request.headers['content-type']}`, /^multipart\/form-data; boundary=/)
        for (const part of ['name="to"', 'b@example.test', 'größer', 'filename="a.csv"', 'a,b\n'])
          equal(body.includes(part), true, part)
        sendJson(response, 200, { id: '<1@mg.example.test>', message: 'Queued. Thank you.' })
      },
    }),
    returns: { sent: '<1@mg.example.test>', failure: 404 },
  },
]
