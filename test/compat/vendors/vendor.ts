import { AssertionError } from 'node:assert'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Scene } from '../../e2e/scene.ts'
import { makeCanary } from '../../support/canary.ts'
import { readBody, sendJson, startLoopbackServer } from '../../support/upstreams/loopback-server.ts'
import type { RunningService } from '../services.ts'
import { startHeldProxy } from '../upstreams/held-proxy.ts'

/** A call that has brought the key. */
export interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly body: Buffer
}

/** Answers a call, and says by an assertion what is wrong with it: its body, its query, its other headers. */
export type Handler = (asked: Asked) => void | Promise<void>

/** A package, and the interface of the one service it is for. */
export interface Vendor {
  /** As the registry knows it. */
  readonly package: string
  /** Script of `pages/` that does the job. */
  readonly page: string
  readonly job: string
  /** Whether the page must have its first piece while the end of the answer is still kept back. */
  readonly streamed?: true
  /** Where its streams go on only with further calls of the page, so that their ends cannot be kept back. */
  readonly talks?: true
  /** Arguments of `service add` beside its address and its key. */
  readonly add: readonly string[]
  /** Arguments of `capability add`. */
  readonly allow: readonly string[]
  /** Where its key stands: header `authorization` where none is named. */
  readonly at?: { readonly header: string } | { readonly query: string } | { readonly path: string }
  /** What stands there. */
  readonly format: (key: string) => string
  /** Answers by method and path, of a server that has just been started: `GET /v1/customers`; `*` has all others. */
  readonly handlers: () => Readonly<Record<string, Handler>> | Promise<Readonly<Record<string, Handler>>>
  /** What the job gives in the page. */
  readonly returns: Readonly<Record<string, unknown>>
}

/** A vendor's server, running. */
export interface RunningVendor {
  readonly server: RunningService['server']
  /** What was wrong with the calls that brought the key, and calls that brought another. */
  readonly faults: string[]
  close(): Promise<void>
}

/** Credential headers of any service: none may come beside the one that the vendor reads. */
const CREDENTIALS = ['authorization', 'api-key', 'x-api-key', 'private-token', 'x-typesense-api-key']

/**
 * A server that takes one key where its vendor wants it, and nothing else that looks like one.
 *
 * @param cors whether any page may call it, as a public interface.
 */
export async function startVendor(vendor: Vendor, key: string, cors = false): Promise<RunningVendor> {
  const faults: string[] = []
  const handlers = await vendor.handlers()
  const { at, format } = vendor
  const upstream = await startLoopbackServer(async (request, response) => {
    // What a page may read is to be told apart by us alone.
    response.setHeader('access-control-expose-headers', '*')
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    if (!bringsKey(vendor, request, url, key)) {
      faults.push(`${request.method} ${url.pathname}: another key, or none`)
      return sendJson(response, 401, { message: 'wrong key' })
    }
    const asked = at !== undefined && 'path' in at ? url.pathname.slice(format(key).length) : url.pathname
    const handler = handlers[`${request.method} ${asked || '/'}`] ?? handlers['*']
    if (handler === undefined) return sendJson(response, 404, { message: 'not found' })
    try {
      await handler({ request, response, url, body: await readBody(request) })
    } catch (error) {
      if (error instanceof AssertionError) faults.push(`${request.method} ${url.pathname}: ${error.message}`)
      throw error
    }
  })
  const server = await startHeldProxy(upstream.url, '', cors, vendor.talks === undefined)
  const close = async () => {
    await Promise.all([server.close(), upstream.close()])
  }
  return { server, faults, close }
}

function bringsKey({ at, format }: Vendor, request: IncomingMessage, url: URL, key: string): boolean {
  const place = at ?? { header: 'authorization' }
  const header = 'header' in place ? place.header : null
  if (CREDENTIALS.some((name) => name !== header && request.headers[name] !== undefined)) return false
  if ('path' in place) return `${url.pathname}/`.startsWith(`${format(key)}/`)
  const sent =
    'header' in place ? request.headersDistinct[place.header] : url.searchParams.getAll(place.query)
  return sent?.length === 1 && sent[0] === format(key)
}

/** Start a vendor's server, with its key in the vault, and grant a site its capability. */
export async function startGranted(scene: Scene, origin: string, vendor: Vendor): Promise<RunningVendor> {
  const { page, add, allow } = vendor
  // One marked key is enough: all take the same ways, and each search takes long.
  const key = scene.canaries.length === 0 ? scene.canary(page) : makeCanary(`${page}'s key`, '').key
  const started = await startVendor(vendor, key)
  const { valetkey } = scene.stage
  const base = ['--base-url', started.server.url, '--local', '--secret-stdin']
  await valetkey.ask(['service', 'add', page, ...add, ...base], key)
  await valetkey.ask(['capability', 'add', page, '--service', page, ...allow])
  await scene.grant(origin, page)
  return started
}
