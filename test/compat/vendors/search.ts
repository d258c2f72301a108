import { deepEqual, equal, match } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER, inHeader, inQuery } from './places.ts'
import type { Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())
const HIT = { id: 'one', title: 'the first' }

/** Packages that search texts and vectors. */
export const SEARCH: readonly Vendor[] = [
  {
    ...BEARER,
    package: 'meilisearch',
    page: 'meilisearch',
    job: 'adds documents and waits for it, searches, meets a 404',
    handlers: () => {
      let looks = 0
      return {
        'POST /indexes/notes/documents': ({ response, url, body }) => {
          equal(url.searchParams.get('primaryKey'), 'id')
          deepEqual(jsonOf(body), [HIT])
          sendJson(response, 202, {
            taskUid: 7,
            indexUid: 'notes',
            status: 'enqueued',
            type: 'documentAdditionOrUpdate',
          })
        },
        'GET /tasks/7': ({ response }) => {
          looks += 1
          sendJson(response, 200, {
            uid: 7,
            indexUid: 'notes',
            status: looks > 1 ? 'succeeded' : 'processing',
          })
        },
        'POST /indexes/notes/search': ({ response, body }) => {
          deepEqual(jsonOf(body), { q: 'first', limit: 3 })
          sendJson(response, 200, { hits: [HIT], query: 'first', processingTimeMs: 1 })
        },
        'POST /indexes/none/search': ({ response }) =>
          sendJson(response, 404, {
            message: 'none',
            code: 'index_not_found',
            type: 'invalid_request',
            link: '',
          }),
      }
    },
    returns: { task: 'succeeded', hits: [HIT], missing: 'index_not_found' },
  },
  {
    ...inQuery('x-algolia-api-key'),
    package: 'algoliasearch',
    page: 'algolia',
    job: 'searches with its key in the address, goes on after a 503 at its other host',
    handlers: () => {
      let asks = 0
      return {
        'POST /1/indexes/*/queries': ({ response, url, body }) => {
          equal(url.searchParams.get('x-algolia-application-id'), 'APPID')
          match(`${url.searchParams.get('x-algolia-agent')}`, /^Algolia for JavaScript/)
          deepEqual(jsonOf(body), { requests: [{ indexName: 'notes', query: 'first' }] })
          asks += 1
          if (asks === 1) return sendJson(response, 503, { message: 'busy' })
          sendJson(response, 200, { results: [{ hits: [HIT], nbHits: 1 }] })
        },
      }
    },
    returns: { hits: [HIT] },
  },
  {
    ...inHeader('x-typesense-api-key'),
    package: 'typesense',
    page: 'typesense',
    job: 'adds documents line by line, searches, meets a 404',
    handlers: () => ({
      'POST /collections/notes/documents/import': ({ response, url, body }) => {
        equal(url.searchParams.get('action'), 'upsert')
        equal(body.toString(), `${JSON.stringify(HIT)}\n${JSON.stringify(HIT)}`)
        response
          .writeHead(200, { 'content-type': 'application/octet-stream' })
          .end('{"success":true}\n{"success":true}')
      },
      'GET /collections/notes/documents/search': ({ response, url }) => {
        deepEqual([url.searchParams.get('q'), url.searchParams.get('query_by')], ['first', 'title'])
        sendJson(response, 200, { found: 1, hits: [{ document: HIT }] })
      },
    }),
    returns: { added: [{ success: true }, { success: true }], hits: [HIT], missing: 404 },
  },
  {
    ...inHeader('api-key'),
    package: '@qdrant/js-client-rest',
    page: 'qdrant',
    job: 'puts points, searches, meets a 404',
    handlers: () => ({
      'PUT /collections/notes/points': ({ response, url, body }) => {
        equal(url.searchParams.get('wait'), 'true')
        deepEqual(jsonOf(body), { points: [{ id: 1, vector: [0.5, 0.25], payload: HIT }] })
        sendJson(response, 200, { result: { operation_id: 0, status: 'completed' }, status: 'ok', time: 0.1 })
      },
      'POST /collections/notes/points/query': ({ response, body }) => {
        equal(jsonOf(body).limit, 1)
        sendJson(response, 200, { result: { points: [{ id: 1, score: 1 }] }, status: 'ok', time: 0.1 })
      },
    }),
    returns: { put: 'completed', points: [[1, 1]], missing: 404 },
  },
  {
    ...inHeader('api-key'),
    package: '@pinecone-database/pinecone',
    page: 'pinecone',
    job: 'puts vectors and asks for the nearest, in the version it speaks',
    handlers: () => ({
      'POST /vectors/upsert': ({ request, response, body }) => {
        match(`${request.headers['x-pinecone-api-version']}`, /^\d{4}-\d\d$/)
        deepEqual(jsonOf(body).vectors, [{ id: 'one', values: [0.5, 0.25] }])
        sendJson(response, 200, { upsertedCount: 1 })
      },
      'POST /query': ({ request, response, body }) => {
        match(`${request.headers['x-pinecone-api-version']}`, /^\d{4}-\d\d$/)
        equal(jsonOf(body).topK, 1)
        sendJson(response, 200, { matches: [{ id: 'one', score: 1 }], namespace: '' })
      },
    }),
    returns: { nearest: ['one'] },
  },
]
