import { equal, match, notEqual } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { inHeader, inQuery } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

/** What `pages/upload-file.js` makes. */
const FILE = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff))
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** What a resumable upload of Google is spoken with (ai.google.dev/gemini-api/docs/files). */
const UPLOAD = '/upload/v1beta/files'
const GOING = { 'x-goog-upload-status': 'active' }

/** The address of each upload comes in a header of the answer, and has a query. */
function googleHandlers(): Readonly<Record<string, Handler>> {
  const file = { name: 'files/one', mimeType: 'image/png' }
  return {
    [`POST ${UPLOAD}`]: ({ request, response, body }) => {
      const { headers } = request
      equal(headers['x-goog-upload-protocol'], 'resumable')
      equal(headers['x-goog-upload-command'], 'start')
      equal(headers['x-goog-upload-header-content-length'], `${FILE.length}`)
      equal(JSON.parse(body.toString()).file.displayName, 'größe')
      const at = `http://${headers.host}${UPLOAD}/one?upload_id=one&upload_protocol=resumable`
      response.writeHead(200, { ...GOING, 'x-goog-upload-url': at }).end()
    },
    [`POST ${UPLOAD}/one`]: ({ request, response, url, body }) => {
      equal(url.searchParams.get('upload_id'), 'one')
      equal(request.headers['x-goog-upload-offset'], '0')
      equal(request.headers['x-goog-upload-command'], 'upload, finalize')
      equal(digestOf(body), digestOf(FILE))
      response.setHeader('x-goog-upload-status', 'final')
      sendJson(response, 200, { file })
    },
    'GET /v1beta/files': ({ response }) => sendJson(response, 200, { files: [file] }),
  }
}

/** Headers of every answer of Azure's storage. */
const STORED = { 'x-ms-version': '2026-02-06', etag: '"0x1"', 'last-modified': new Date(0).toUTCString() }
const LISTED =
  '<?xml version="1.0"?><EnumerationResults ContainerName="box"><Blobs><Blob><Name>a.bin</Name><Properties/></Blob></Blobs><NextMarker/></EnumerationResults>'

/** Blocks and the list of them (learn.microsoft.com/rest/api/storageservices, "Put Block", "Put Block List"). */
function azureHandlers(): Readonly<Record<string, Handler>> {
  const blocks = new Map<string, Buffer>()
  return {
    'PUT /account/box/a.bin': ({ request, response, url, body }) => {
      notEqual(request.headers['x-ms-version'], undefined)
      if (url.searchParams.get('comp') === 'block') blocks.set(`${url.searchParams.get('blockid')}`, body)
      else {
        const named = [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id]) => id ?? '')
        const whole = Buffer.concat(named.map((id) => blocks.get(id) ?? Buffer.alloc(0)))
        equal(digestOf(whole), digestOf(FILE))
      }
      response.writeHead(201, STORED).end()
    },
    'GET /account/box/a.bin': ({ request, response }) => {
      equal(request.headers['x-ms-range'], 'bytes=10-13')
      const range = { 'content-range': `bytes 10-13/${FILE.length}`, 'content-length': 4 }
      response.writeHead(206, { ...STORED, ...range }).end(FILE.subarray(10, 14))
    },
    'GET /account/box': ({ response }) => {
      response.writeHead(200, { ...STORED, 'content-type': 'application/xml' }).end(LISTED)
    },
    'HEAD /account/box/none': ({ response }) => {
      response.writeHead(404, { ...STORED, 'x-ms-error-code': 'BlobNotFound' }).end()
    },
  }
}

const NOTE = Buffer.from('zwei & drei')

/** A repository that is listed in two pages, read by ranges, and written line by line. */
function repositoryHandlers(): Readonly<Record<string, Handler>> {
  const readNote: Handler = ({ request, response }) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    notEqual(from, undefined, 'the whole is asked for')
    const last = Math.min(Number(to), NOTE.length - 1)
    const range = { 'content-range': `bytes ${from}-${last}/${NOTE.length}`, etag: '"one"' }
    response.writeHead(206, range).end(NOTE.subarray(Number(from), last + 1))
  }
  return {
    'GET /api/models/me/notes/tree/main': ({ request, response, url }) => {
      const isLast = url.searchParams.has('cursor')
      const next = `http://${request.headers.host}${url.pathname}?cursor=two`
      if (!isLast) response.setHeader('link', `<${next}>; rel="next"`)
      sendJson(response, 200, [{ type: 'file', path: isLast ? 'b.txt' : 'a.txt', size: 1, oid: 'o' }])
    },
    'GET /me/notes/resolve/main/a.txt': readNote,
    'POST /api/models/me/notes/preupload/main': ({ response, body }) => {
      const [{ path }] = JSON.parse(body.toString()).files
      sendJson(response, 200, { files: [{ path, uploadMode: 'regular' }] })
    },
    'POST /api/models/me/notes/commit/main': ({ request, response, body }) => {
      equal(request.headers['content-type'], 'application/x-ndjson')
      const [, { value }] = body
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)) as [unknown, { value: { path: string; content: string } }]
      equal(value.path, 'größe.txt')
      equal(Buffer.from(value.content, 'base64').toString(), NOTE.toString())
      sendJson(response, 200, { success: true, commitOid: 'abc', commitUrl: 'u', hookOutput: '' })
    },
  }
}

/** A file in pieces that say which of its bytes they are; 308 says how far it has come (RFC 9110 section 14.4, Google's storage). */
function rangeHandlers(): Readonly<Record<string, Handler>> {
  const whole = Buffer.concat([FILE, FILE])
  const stored = Buffer.alloc(whole.length)
  let next = 0
  return {
    'PUT /upload': ({ request, response, body }) => {
      match(`${request.headers['content-range']}`, new RegExp(`^bytes ${next}-\\d+/${whole.length}$`))
      body.copy(stored, next)
      next += body.length
      if (next === whole.length) equal(digestOf(stored), digestOf(whole))
      response.writeHead(next === whole.length ? 200 : 308, { range: `bytes=0-${next - 1}` }).end()
    },
  }
}

const GOOGLE = inHeader('x-goog-api-key')
const SIGNED = inQuery('sig')

/** Packages that send files in pieces by names of their own. */
export const PIECES: readonly Vendor[] = [
  {
    ...inHeader('authorization', 'Bearer {}'),
    package: '@mux/upchunk',
    page: 'upchunk',
    job: 'uploads in pieces that say which bytes they are, goes on after 308',
    handlers: rangeHandlers,
    returns: { whole: 100 },
  },
  {
    ...GOOGLE,
    add: [...GOOGLE.add, '--allow-header', 'x-goog-upload-*', '--expose-header', 'x-goog-upload-*'],
    package: '@google/genai',
    page: 'google-files',
    job: 'uploads a file where a header of the answer says, lists files, meets a 404',
    handlers: googleHandlers,
    returns: { name: 'files/one', names: ['files/one'], failure: 404 },
  },
  {
    ...SIGNED,
    add: [...SIGNED.add, '--allow-header', 'x-ms-*', '--expose-header', 'x-ms-*'],
    package: '@azure/storage-blob',
    page: 'azure-blob',
    job: 'uploads in blocks with progress, reads a range, lists in XML, meets a 404',
    handlers: azureHandlers,
    returns: { etag: '"0x1"', sent: FILE.length, bytes: [...FILE.subarray(10, 14)], names: ['a.bin'] },
  },
  {
    ...inHeader('authorization', 'Bearer hf_{}'),
    package: '@huggingface/hub',
    page: 'huggingface-hub',
    job: 'lists by links, reads a range, commits, meets a 404',
    handlers: repositoryHandlers,
    returns: { names: ['a.txt', 'b.txt'], size: NOTE.length, part: 'we', missing: false, made: 'abc' },
  },
]
