import { deepEqual, equal, match } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER, fromPreset, inHeader } from './places.ts'
import type { Vendor } from './vendor.ts'

const BASE = 'appABCDEFGHIJKLMN'
const jsonOf = (body: Buffer): unknown => JSON.parse(body.toString())

/** Packages for records of customers, pages, tables and projects. */
export const RECORDS: readonly Vendor[] = [
  {
    ...BEARER,
    ...fromPreset('stripe', 'stripe-customers'),
    package: 'stripe',
    page: 'stripe',
    job: 'makes a customer by a form, reads all pages of them, meets a 404',
    handlers: () => ({
      'POST /v1/customers': ({ request, response, body }) => {
        equal(request.headers['content-type'], 'application/x-www-form-urlencoded')
        match(`${request.headers['stripe-version']}`, /^\d{4}-\d\d-\d\d/)
        equal(request.headers['idempotency-key'], 'once')
        deepEqual(Object.fromEntries(new URLSearchParams(body.toString())), {
          email: 'a+b@example.test',
          'metadata[note]': 'zwei & drei',
        })
        response.setHeader('request-id', 'req_1')
        sendJson(response, 200, { id: 'cus_1', object: 'customer', email: 'a+b@example.test' })
      },
      'GET /v1/customers': ({ response, url }) => {
        equal(url.searchParams.get('limit'), '1')
        const isFirst = url.searchParams.get('starting_after') === null
        const id = isFirst ? 'cus_1' : 'cus_2'
        sendJson(response, 200, {
          object: 'list',
          url: '/v1/customers',
          has_more: isFirst,
          data: [{ id, object: 'customer' }],
        })
      },
      'GET /v1/customers/cus_404': ({ response }) => {
        response.setHeader('request-id', 'req_2')
        response.setHeader('stripe-should-retry', 'false')
        sendJson(response, 404, {
          error: { type: 'invalid_request_error', code: 'resource_missing', message: 'none' },
        })
      },
      // Busy in a way that is tried again where nobody says otherwise.
      'GET /v1/customers/cus_busy': ({ response }) => {
        response.setHeader('stripe-should-retry', 'false')
        sendJson(response, 503, { error: { type: 'api_error', message: 'busy' } })
      },
    }),
    returns: {
      made: ['cus_1', 'req_1'],
      ids: ['cus_1', 'cus_2'],
      missing: ['StripeInvalidRequestError', 'resource_missing', 'req_2'],
      busy: [503, 1],
    },
  },
  {
    ...BEARER,
    ...fromPreset('notion', 'notion-read'),
    package: '@notionhq/client',
    page: 'notion',
    job: 'searches, reads all pages of a query, meets a 404',
    handlers: () => ({
      'POST /v1/search': ({ request, response, body }) => {
        match(`${request.headers['notion-version']}`, /^\d{4}-\d\d-\d\d$/)
        deepEqual(jsonOf(body), { query: 'plan' })
        sendJson(response, 200, { object: 'list', results: [{ object: 'page', id: 'p1' }], has_more: false })
      },
      'POST /v1/data_sources/d1/query': ({ response, body }) => {
        const isFirst = (jsonOf(body) as { start_cursor?: string }).start_cursor === undefined
        const results = [{ object: 'page', id: isFirst ? 'p1' : 'p2' }]
        sendJson(response, 200, {
          object: 'list',
          results,
          has_more: isFirst,
          next_cursor: isFirst ? 'n' : null,
        })
      },
      'GET /v1/pages/none': ({ response }) => {
        response.setHeader('x-notion-request-id', 'r')
        sendJson(response, 404, {
          object: 'error',
          status: 404,
          code: 'object_not_found',
          message: 'none',
          request_id: 'r',
        })
      },
    }),
    returns: { found: ['p1'], ids: ['p1', 'p2'], missing: ['object_not_found', 404] },
  },
  {
    ...BEARER,
    add: ['--preset', 'airtable'],
    allow: ['--allow', `* /v0/${BASE}/**`],
    package: 'airtable',
    page: 'airtable',
    job: 'reads all pages of a table, changes a record, meets a 404',
    handlers: () => ({
      [`GET /v0/${BASE}/Tasks`]: ({ response, url }) => {
        deepEqual(url.searchParams.getAll('fields[]'), ['Name', 'Größe'])
        const isFirst = url.searchParams.get('offset') === null
        const records = [{ id: isFirst ? 'rec1' : 'rec2', fields: { Name: 'a' } }]
        sendJson(response, 200, isFirst ? { records, offset: 'itr/rec2' } : { records })
      },
      [`PATCH /v0/${BASE}/Tasks/rec1`]: ({ response, body }) => {
        deepEqual(jsonOf(body), { fields: { Name: 'b' } })
        sendJson(response, 200, { id: 'rec1', fields: { Name: 'b' } })
      },
    }),
    returns: { ids: ['rec1', 'rec2'], changed: 'b', missing: ['NOT_FOUND', 404] },
  },
  {
    ...inHeader('private-token'),
    ...fromPreset('gitlab', 'gitlab-read'),
    package: '@gitbeaker/rest',
    page: 'gitbeaker',
    job: 'reads all pages of issues of a project, meets a 404',
    handlers: () => ({
      'GET /api/v4/projects/42/issues': ({ response, url }) => {
        const page = url.searchParams.get('page') ?? '1'
        const next = new URL(`${url.pathname}?page=2&per_page=1`, url)
        if (page === '1') response.setHeader('link', `<${next}>; rel="next"`)
        response.setHeader('x-page', page)
        response.setHeader('x-next-page', page === '1' ? '2' : '')
        response.setHeader('x-total-pages', '2')
        sendJson(response, 200, [{ iid: Number(page), title: `issue ${page}` }])
      },
    }),
    returns: { titles: ['issue 1', 'issue 2'], missing: 404 },
  },
]
