import { deepEqual, equal, match } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { HranaDatabase, type HranaRequest } from '../upstreams/hrana-database.ts'
import { BEARER, inHeader, withPassword } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())

const NOTES =
  "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO notes VALUES (1, 'größer')"

/** As many values of one row in PlanetScale's answers: their lengths, and all of them one after the other. */
const packed = (...values: string[]) => ({
  lengths: values.map((value) => `${Buffer.byteLength(value)}`),
  values: Buffer.from(values.join('')).toString('base64'),
})

function planetscaleHandlers(): Readonly<Record<string, Handler>> {
  const results: Record<string, object> = {
    'select id, title from notes where id = 1': {
      fields: [
        { name: 'id', type: 'INT64' },
        { name: 'title', type: 'VARCHAR' },
      ],
      rows: [packed('1', 'größer')],
    },
    BEGIN: {},
    "insert into notes (title) values ('zwei''s')": { rowsAffected: '1', insertId: '2' },
    COMMIT: {},
  }
  const [read = '', begin = '', write = '', commit = ''] = Object.keys(results)
  // A session goes on with what its last answer said; a transaction has one of its own.
  const before: Record<string, string> = { [write]: begin, [commit]: write, 'select none': read }
  return {
    'POST /psdb.v1alpha1.Database/Execute': ({ response, body }) => {
      const { query, session } = jsonOf(body)
      equal(session, before[query] === undefined ? null : `session after ${before[query]}`)
      const result = results[query]
      if (result !== undefined)
        return sendJson(response, 200, { session: `session after ${query}`, result, timing: 0.1 })
      const error = { message: 'unknown column', code: 'NOT_FOUND' }
      sendJson(response, 200, { session: `session after ${query}`, error })
    },
  }
}

/** The version of the protocol is found by asking; the one that answers is 2. */
function libsqlHandlers(): Readonly<Record<string, Handler>> {
  const database = new HranaDatabase(NOTES)
  return {
    'GET /v2': ({ response }) => void response.writeHead(200).end(),
    'POST /v2/pipeline': ({ response, body }) => {
      const { requests } = jsonOf(body) as { requests: HranaRequest[] }
      const results = requests.map((request) => database.answer(request))
      const isOver = requests.some(({ type }) => type === 'close')
      sendJson(response, 200, { baton: isOver ? null : 'baton', base_url: null, results })
    },
  }
}

/** Results of the HTTP interface of Neon's proxy: with its two headers as lists of texts, as the package reads them. */
const neonResult = (names: string[], rows: string[][]) => ({
  command: 'SELECT',
  rowCount: rows.length,
  fields: names.map((name) => ({ name, dataTypeID: name === 'title' ? 25 : 23 })),
  rows,
  rowAsArray: true,
})

/** Packages that ask databases in SQL by HTTP. */
export const DATABASES: readonly Vendor[] = [
  {
    ...withPassword('page'),
    package: '@clickhouse/client-web',
    page: 'clickhouse',
    job: 'reads rows as they come, writes some, meets a failure',
    streamed: true,
    handlers: () => ({
      'POST /': ({ response, url, body }) => {
        equal(url.searchParams.get('database'), 'notes')
        const query = url.searchParams.get('query') ?? body.toString()
        response.setHeader('x-clickhouse-query-id', `${url.searchParams.get('query_id')}`)
        if (query.startsWith('INSERT INTO notes')) {
          deepEqual(jsonOf(body), { title: 'zwei & drei' })
          return void response.writeHead(200, { 'x-clickhouse-summary': '{"written_rows":"1"}' }).end()
        }
        if (query.includes('none')) {
          const text = `Code: 47. DB::Exception: Unknown identifier. (UNKNOWN_IDENTIFIER) (version 26.1)`
          const headers = { 'content-type': 'text/tab-separated-values', 'x-clickhouse-exception-code': '47' }
          return void response.writeHead(404, headers).end(text)
        }
        match(query, /FORMAT JSONEachRow$/)
        response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=UTF-8' })
        response.end([0, 1, 2, 3, 4].map((number) => `${JSON.stringify({ number })}\n`).join(''))
      },
    }),
    returns: { numbers: [0, 1, 2, 3, 4], written: '1', failure: ['47', 'UNKNOWN_IDENTIFIER'] },
  },
  {
    ...BEARER,
    package: '@libsql/client',
    page: 'libsql',
    job: 'finds the version of the protocol, reads, writes in a transaction, meets a failure',
    handlers: libsqlHandlers,
    returns: { titles: ['größer'], count: 2, failure: 'SQLITE_ERROR: SQLite error: no such table: none' },
  },
  {
    ...withPassword('page'),
    package: '@planetscale/database',
    page: 'planetscale',
    job: 'reads, writes in a transaction, meets a failure',
    handlers: planetscaleHandlers,
    returns: { rows: [{ id: '1', title: 'größer' }], made: ['2', 1], failure: 'DatabaseError' },
  },
  {
    ...inHeader('neon-connection-string', 'postgresql://page:{}@db.example.test/notes?application_name=page'),
    package: '@neondatabase/serverless',
    page: 'neon',
    job: 'reads with its password in an address in a header, asks twice in a transaction that only reads, meets a failure',
    handlers: () => ({
      'POST /sql': ({ request, response, body }) => {
        deepEqual(
          [request.headers['neon-raw-text-output'], request.headers['neon-array-mode']],
          ['true', 'true'],
        )
        const { query, params, queries } = jsonOf(body)
        if (queries !== undefined) {
          equal(request.headers['neon-batch-read-only'], 'true')
          return sendJson(response, 200, {
            results: [neonResult(['n'], [['1']]), neonResult(['n'], [['2']])],
          })
        }
        if (query === 'select none')
          return sendJson(response, 400, { message: 'column "none" does not exist', code: '42703' })
        deepEqual([query, params], ['select id, title from notes where id = $1', ['1']])
        sendJson(response, 200, neonResult(['id', 'title'], [['1', 'größer']]))
      },
    }),
    returns: { rows: [{ id: 1, title: 'größer' }], both: [1, 2], failure: ['NeonDbError', '42703'] },
  },
]
