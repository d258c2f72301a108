import { deepEqual, equal } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER, inHeader } from './places.ts'
import type { Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())

/** Packages for what a site shows. */
export const CONTENT: readonly Vendor[] = [
  {
    ...BEARER,
    package: '@sanity/client',
    page: 'sanity',
    job: 'asks in its own language, makes a document, uploads a picture with its progress, meets a 404',
    handlers: () => ({
      'GET /v2025-01-01/data/query/production': ({ response, url }) => {
        equal(url.searchParams.get('query'), '*[_type == $type]{title}')
        equal(url.searchParams.get('$type'), '"note"')
        sendJson(response, 200, { result: [{ title: 'the first' }], ms: 1 })
      },
      'POST /v2025-01-01/data/mutate/production': ({ response, body }) => {
        deepEqual(jsonOf(body).mutations, [{ create: { _type: 'note', title: 'from sanity' } }])
        const document = { _id: 'n2', _type: 'note', title: 'from sanity' }
        sendJson(response, 200, { results: [{ id: 'n2', document }], documentIds: ['n2'] })
      },
      'POST /v2025-01-01/assets/images/production': ({ request, response, url, body }) => {
        equal(request.headers['content-type'], 'image/png')
        equal(url.searchParams.get('filename'), 'a.png')
        deepEqual(body, Buffer.alloc(100_000, 7))
        sendJson(response, 200, { document: { _id: 'image-1' } })
      },
    }),
    returns: { asked: [{ title: 'the first' }], made: 'n2', kept: 'image-1', missing: 404 },
  },
  {
    ...BEARER,
    package: 'contentful',
    page: 'contentful',
    job: 'reads entries and puts in what they link to, waits where it is told to, meets a 404',
    handlers: () => {
      let asks = 0
      const sys = (id: string) => ({ id, type: 'Entry', contentType: { sys: { id: 'note' } } })
      return {
        'GET /spaces/s1/environments/master/entries': ({ response, url }) => {
          const one = url.searchParams.get('sys.id')
          if (one !== null) return sendJson(response, 200, { sys: { type: 'Array' }, total: 0, items: [] })
          equal(url.searchParams.get('content_type'), 'note')
          asks += 1
          if (asks === 1) {
            response.setHeader('x-contentful-ratelimit-reset', '1')
            return sendJson(response, 429, {
              sys: { type: 'Error', id: 'RateLimitExceeded' },
              message: 'wait',
            })
          }
          const link = { sys: { type: 'Link', linkType: 'Entry', id: 'two' } }
          const items = [{ sys: sys('one'), fields: { title: 'the first', next: link } }]
          const includes = { Entry: [{ sys: sys('two'), fields: { title: 'the second' } }] }
          sendJson(response, 200, { sys: { type: 'Array' }, total: 1, skip: 0, limit: 100, items, includes })
        },
      }
    },
    returns: { titles: [['the first', 'the second']], missing: 'NotFound' },
  },
  {
    ...inHeader('authorization'),
    package: 'pocketbase',
    page: 'pocketbase',
    job: 'reads all pages, makes a record with a file, meets a 404',
    handlers: () => ({
      'GET /api/collections/notes/records': ({ response, url }) => {
        const page = Number(url.searchParams.get('page'))
        const perPage = Number(url.searchParams.get('perPage'))
        sendJson(response, 200, {
          page,
          perPage,
          items: page === 1 ? [{ id: 'one' }] : [{ id: 'two' }].slice(page - 2),
        })
      },
      'POST /api/collections/notes/records': ({ request, response, body }) => {
        equal(/^multipart\/form-data; boundary=/.test(request.headers['content-type'] ?? ''), true)
        equal(body.includes('filename="a.txt"') && body.includes('from pocketbase'), true)
        sendJson(response, 200, { id: 'three', title: 'from pocketbase' })
      },
    }),
    returns: { ids: ['one', 'two'], made: 'from pocketbase', missing: ['ClientResponseError 404', 404] },
  },
]
