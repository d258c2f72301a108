import { deepEqual, equal, match } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import type { Handler, Vendor } from './vendor.ts'

/** How long the uploaded file is, and what `pages/upload-file.js` makes it of. */
const LENGTH = 300_000
const FILE = Buffer.from(Uint8Array.from({ length: LENGTH }, (_, at) => (at * 7 + (at >> 8)) & 0xff))
const DIGEST = createHash('sha256').update(FILE).digest('hex')

const TUS = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store' }

/**
 * A server of tus 1.0.0 (tus.io/protocols/resumable-upload) with creation, that gives each upload an address of its own by
 * `Location`. The second piece fails once, so that the client must ask how far it has come.
 *
 * @param location of an upload, as the server says it.
 */
function tusHandlers(location: string): Readonly<Record<string, Handler>> {
  let stored = Buffer.alloc(0)
  let patches = 0
  const spoken: Handler = ({ request }) => equal(request.headers['tus-resumable'], '1.0.0')
  return {
    'POST /files': (asked) => {
      spoken(asked)
      equal(asked.request.headers['upload-length'], `${LENGTH}`)
      match(
        `${asked.request.headers['upload-metadata']}`,
        new RegExp(`(?:^|,)filename ${btoa('a.bin')}(?:,|$)`),
      )
      asked.response.writeHead(201, { ...TUS, location }).end()
    },
    'HEAD /files/one': (asked) => {
      spoken(asked)
      const length = { 'upload-offset': stored.length, 'upload-length': LENGTH }
      asked.response.writeHead(200, { ...TUS, ...length }).end()
    },
    'PATCH /files/one': (asked) => {
      const { request, response, body } = asked
      spoken(asked)
      patches += 1
      if (patches === 2) return void response.writeHead(500, TUS).end()
      equal(request.headers['content-type'], 'application/offset+octet-stream')
      equal(request.headers['upload-offset'], `${stored.length}`)
      stored = Buffer.concat([stored, body])
      if (stored.length === LENGTH) equal(createHash('sha256').update(stored).digest('hex'), DIGEST)
      response.writeHead(204, { ...TUS, 'upload-offset': stored.length }).end()
    },
  }
}

const bearer = {
  add: ['--auth', 'bearer'],
  allow: ['--allow', '* /**'],
  format: (key: string) => `Bearer ${key}`,
}

/** Packages that upload in pieces. */
export const UPLOADS: readonly Vendor[] = [
  {
    ...bearer,
    package: 'tus-js-client',
    page: 'tus',
    job: 'uploads in pieces, goes on after a piece that failed, resumes by its address',
    handlers: () => tusHandlers('/files/one'),
    returns: { path: '/files/one', sent: [LENGTH, LENGTH], accepted: LENGTH, resumed: '/files/one' },
  },
  {
    ...bearer,
    package: '@uppy/tus',
    page: 'uppy-tus',
    job: 'uploads in pieces, goes on after a piece that failed',
    handlers: () => tusHandlers('/files/one'),
    returns: { successful: ['/files/one'], failed: [], progress: [LENGTH, LENGTH] },
  },
  {
    ...bearer,
    package: 'filepond',
    page: 'filepond',
    job: 'uploads in pieces with their offsets',
    handlers: () => {
      let stored = Buffer.alloc(0)
      return {
        'POST /process': ({ request, response }) => {
          equal(request.headers['upload-length'], `${LENGTH}`)
          sendJson(response, 200, 'piece-wise')
        },
        'PATCH /process': ({ request, response, url, body }) => {
          equal(url.searchParams.get('patch'), '"piece-wise"')
          deepEqual(
            [request.headers['upload-offset'], request.headers['upload-name']],
            [`${stored.length}`, 'a.bin'],
          )
          stored = Buffer.concat([stored, body])
          if (stored.length === LENGTH) equal(createHash('sha256').update(stored).digest('hex'), DIGEST)
          response.writeHead(204).end()
        },
      }
    },
    returns: { id: '"piece-wise"' },
  },
]
