import { deepEqual, equal } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER, inHeader } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())

/** A note as Redis keeps it. */
const NOTE = '{"title":"größer"}'

/** Packages that keep values and measurements. */
export const STORES: readonly Vendor[] = [
  {
    ...BEARER,
    package: '@upstash/redis',
    page: 'upstash-redis',
    job: 'writes, reads what it has written, asks twice in one call, meets a failure',
    handlers: () => {
      // What is asked next waits for what was written, where it brings the token of that answer.
      let calls = 0
      const spoken: Handler = ({ request, response }) => {
        equal(request.headers['upstash-encoding'], 'base64')
        equal(request.headers['upstash-sync-token'] ?? '', calls === 0 ? '' : `token-${calls}`)
        calls += 1
        response.setHeader('upstash-sync-token', `token-${calls}`)
      }
      const results: Record<string, unknown> = {
        set: 'OK',
        get: Buffer.from(NOTE).toString('base64'),
        incr: 1,
      }
      return {
        'POST /pipeline': (asked) => {
          spoken(asked)
          const commands = jsonOf(asked.body) as string[][]
          const answers = commands.map(([command = '', ...rest]) => {
            if (command === 'set') deepEqual(rest, ['note', NOTE])
            const result = results[command]
            return result === undefined ? { error: 'WRONGTYPE' } : { result }
          })
          sendJson(asked.response, 200, answers)
        },
      }
    },
    returns: {
      set: 'OK',
      read: { title: 'größer' },
      both: [1, { title: 'größer' }],
      failure: 'UpstashError',
    },
  },
  {
    ...inHeader('authorization', 'Token {}'),
    package: '@influxdata/influxdb-client-browser',
    page: 'influxdb',
    job: 'writes a point, reads a table line by line, meets a failure',
    handlers: () => ({
      'POST /api/v2/write': ({ response, url, body }) => {
        equal(url.searchParams.get('precision'), 's')
        equal(body.toString(), 'note,by=page n=7i 1700000000')
        response.writeHead(204).end()
      },
      'POST /api/v2/query': ({ response, body }) => {
        const { query } = jsonOf(body)
        if (query === 'none')
          return sendJson(response, 400, { code: 'invalid', message: 'undefined identifier' })
        equal(query, 'from(bucket: "notes")')
        const lines = [
          ...['#datatype,string,long,long', '#group,false,false,false', '#default,_result,,'],
          ...[',result,table,_value', ',,0,7', ',,0,8', ''],
        ]
        response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' }).end(lines.join('\r\n'))
      },
    }),
    returns: { rows: [7, 8], failure: [400, 'invalid'] },
  },
]
