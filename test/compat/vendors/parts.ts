import { equal, match } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER } from './places.ts'
import { PDF, TIFF, TIFF_SIZE, ZIP } from './sample-files.ts'
import type { Asked, Handler, Vendor } from './vendor.ts'

/** A file, or the range of it that is asked for (RFC 9110 section 14). */
function fileOf(bytes: Buffer, type: string): Handler {
  return ({ request, response }) => {
    const common = { 'content-type': type, 'accept-ranges': 'bytes' }
    const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    if (first === undefined) {
      return void response.writeHead(200, { ...common, 'content-length': bytes.length }).end(bytes)
    }
    const from = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first)
    const to = first === '' || last === '' ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1)
    const part = bytes.subarray(from, to + 1)
    const range = { 'content-range': `bytes ${from}-${to}/${bytes.length}`, 'content-length': part.length }
    response.writeHead(206, { ...common, ...range }).end(part)
  }
}

/** How long the uploaded file is, and what `pages/upload-file.js` makes it of. */
const LENGTH = 300_000
const FILE = Buffer.from(Uint8Array.from({ length: LENGTH }, (_, at) => (at * 7 + (at >> 8)) & 0xff))
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Keeps pieces that come as forms, at the place that a field of each names; the whole must be the file. */
function kept(offsetField: (fields: FormData) => number, fileField: string): Handler {
  const stored = Buffer.alloc(LENGTH)
  let bytes = 0
  return async ({ request, response, body }: Asked) => {
    match(`${request.headers['content-type']}`, /^multipart\/form-data; boundary=/)
    const headers = { 'content-type': `${request.headers['content-type']}` }
    const fields = await new Response(new Uint8Array(body), { headers }).formData()
    const piece = Buffer.from(await (fields.get(fileField) as Blob).arrayBuffer())
    piece.copy(stored, offsetField(fields))
    bytes += piece.length
    if (bytes === LENGTH) equal(digestOf(stored), digestOf(FILE))
    sendJson(response, 200, { kept: piece.length })
  }
}

/** Packages that read and write files in parts. */
export const PARTS: readonly Vendor[] = [
  {
    ...BEARER,
    package: 'pdfjs-dist',
    page: 'pdfjs',
    job: 'reads a document and the words on its page, meets a 404',
    handlers: () => ({ 'GET /a.pdf': fileOf(PDF, 'application/pdf') }),
    returns: { pages: 1, said: 'zwei und drei', failure: 404 },
  },
  {
    ...BEARER,
    package: '@zip.js/zip.js',
    page: 'zip',
    job: 'reads the list and one file of an archive by ranges, by fetch and by XMLHttpRequest, meets a 404',
    handlers: () => {
      const answer = fileOf(ZIP, 'application/zip')
      return { 'GET /a.zip': answer, 'HEAD /a.zip': answer }
    },
    returns: {
      names: ['filling.bin', 'größe.txt'],
      last: 'zwei & drei',
      again: 'zwei & drei',
      failure: true,
    },
  },
  {
    ...BEARER,
    package: 'geotiff',
    page: 'geotiff',
    job: 'reads the size and a corner of a picture by ranges, meets a 404',
    handlers: () => ({ 'GET /a.tif': fileOf(TIFF, 'image/tiff') }),
    returns: { size: [...TIFF_SIZE], row: [0, 1, 2, 3], failure: true },
  },
  {
    ...BEARER,
    package: 'dropzone',
    page: 'dropzone',
    job: 'uploads a file in pieces as forms',
    handlers: () => ({
      'POST /upload': kept((fields) => Number(fields.get('dzchunkbyteoffset')), 'file'),
    }),
    returns: { status: 'success', whole: 100 },
  },
  {
    ...BEARER,
    package: 'resumablejs',
    page: 'resumable',
    job: 'asks for each piece whether it is there, uploads those that are not, two at a time',
    handlers: () => ({
      'GET /upload': ({ response }) => void response.writeHead(204).end(),
      'POST /upload': kept(
        (fields) =>
          (Number(fields.get('resumableChunkNumber')) - 1) * Number(fields.get('resumableChunkSize')),
        'file',
      ),
    }),
    returns: { progress: 1, pieces: 2 },
  },
  {
    ...BEARER,
    package: 'comlink',
    page: 'comlink',
    job: 'calls from a worker',
    handlers: () => ({
      'POST /notes': ({ response, body }) =>
        sendJson(response, 201, { id: 'second', ...JSON.parse(body.toString()) }),
    }),
    returns: { made: [201, { id: 'second', title: 'from comlink' }], missing: 404 },
  },
]
