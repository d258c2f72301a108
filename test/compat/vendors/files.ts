import { deepEqual, equal } from 'node:assert/strict'
import { onTestFinished } from 'vitest'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { createGitBackend } from '../upstreams/git-backend.ts'
import { BEARER, withPassword } from './places.ts'
import type { Asked, Handler, Vendor } from './vendor.ts'

const NAME = 'größe.txt'
const TEXT = 'zwei & drei'

/** What stands in the header that names the file: JSON in ASCII (dropbox.com/developers, "HTTP header JSON encoding"). */
const argumentOf = ({ request }: Asked) => JSON.parse(`${request.headers['dropbox-api-arg']}`)
const inAscii = (value: object) =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function dropboxHandlers(): Readonly<Record<string, Handler>> {
  const file = { name: NAME, path_display: `/${NAME}`, id: 'id:1' }
  return {
    'POST /2/files/list_folder': ({ response, body }) => {
      equal(JSON.parse(body.toString()).path, '')
      sendJson(response, 200, {
        entries: [{ '.tag': 'file', name: 'first.txt' }],
        cursor: 'c',
        has_more: false,
      })
    },
    'POST /2/files/upload': (asked) => {
      equal(argumentOf(asked).path, `/${NAME}`)
      deepEqual(asked.body.toString(), TEXT)
      sendJson(asked.response, 200, file)
    },
    'POST /2/files/download': (asked) => {
      if (argumentOf(asked).path === '/none')
        return sendJson(asked.response, 409, {
          error_summary: 'path/not_found/',
          error: { '.tag': 'path', path: { '.tag': 'not_found' } },
        })
      const headers = { 'content-type': 'application/octet-stream', 'dropbox-api-result': inAscii(file) }
      asked.response.writeHead(200, headers).end(TEXT)
    },
  }
}

/** Packages that keep files elsewhere. */
export const FILES: readonly Vendor[] = [
  {
    ...BEARER,
    add: [...BEARER.add, '--allow-header', 'dropbox-api-arg'],
    package: 'dropbox',
    page: 'dropbox',
    job: 'lists, uploads and downloads by a header that names the file, meets a failure',
    handlers: dropboxHandlers,
    returns: { names: ['first.txt'], kept: NAME, read: [NAME, TEXT], failure: [409, 'path/not_found/'] },
  },
  {
    ...withPassword('page'),
    package: 'isomorphic-git',
    page: 'isomorphic-git',
    job: 'clones from git, commits, pushes, meets a 404',
    handlers: async () => {
      const backend = await createGitBackend()
      onTestFinished(() => backend.remove())
      return { '*': backend.answer }
    },
    returns: { before: 'größer\n', pushed: true, heads: [true], missing: 404 },
  },
]
