import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LoopbackServer, startLoopbackServer } from '../upstreams/loopback-server.ts'

/** A page written in the test itself. */
export interface InlinePage {
  html: string
  /** Value of `content-security-policy`; absent: none. */
  csp?: string
}

export interface PageServerOptions {
  /** By path, e.g. `/`. */
  pages?: Record<string, InlinePage>
  /** Folders by prefix, e.g. `{'/app/': '/…/playground'}`. The packages of {@link CLIENTS} are always there. */
  folders?: Record<string, string>
  /** Values served as JSON by path. Read at each request, so that a later change is seen. */
  json?: Record<string, unknown>
}

/** A site. By port and by name it is as many origins as a test needs: `127.0.0.1`, `localhost` and names below it. */
export interface PageServer extends LoopbackServer {
  /** `http://127.0.0.1:port`. */
  readonly origin: string
  /** The same server under another name, hence another origin and another site: `localhost` or `a.localhost`. */
  originAs(name: string): string
}

const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url))

/** Unmodified clients as their packages ship them, served without a bundler. */
export const CLIENTS = { '/openai/': join(modules, 'openai'), '/axios/': join(modules, 'axios', 'dist') }

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Start a site on 127.0.0.1. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const folders = { ...CLIENTS, ...options.folders }
  const server = await startLoopbackServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://page.test').pathname)
    const page = options.pages?.[path]
    if (page !== undefined) return sendPage(response, page)
    if (options.json !== undefined && Object.hasOwn(options.json, path)) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(options.json[path]))
      return
    }
    await sendFile(response, path, folders)
  })
  return Object.assign(server, {
    origin: server.url,
    originAs: (name: string) => `http://${name}:${server.port}`,
  })
}

function sendPage(response: ServerResponse, page: InlinePage): void {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  if (page.csp !== undefined) response.setHeader('content-security-policy', page.csp)
  response.end(page.html)
}

async function sendFile(
  response: ServerResponse,
  path: string,
  folders: Record<string, string>,
): Promise<void> {
  const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate))
  const folder = prefix === undefined ? undefined : folders[prefix]
  const file = folder === undefined ? null : join(folder, normalize(`/${path.slice(prefix?.length)}`))
  const named = file === null || !file.endsWith(sep) ? file : join(file, 'index.html')
  const found = named === null ? null : await stat(named).catch(() => null)
  if (named === null || found === null || !found.isFile()) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found')
    return
  }
  const type = TYPES[extname(named)] ?? 'application/octet-stream'
  response.writeHead(200, { 'content-type': type, 'content-length': found.size })
  createReadStream(named).pipe(response)
}
