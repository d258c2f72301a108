import type { ServerCertificate } from '../certificates.ts'
import { type Answer, type LoopbackServer, startLoopbackServer } from './loopback-server.ts'

/**
 * A KV store, version 2, that stands in for HashiCorp Vault and OpenBao, which no package of this machine brings: it gives the
 * answers their HTTP API documents for `GET /v1/MOUNT/data/PATH` (read secret version; status codes).
 */
export interface Kv2Upstream extends LoopbackServer {
  /** What `mount/path` holds; `deleted`: its newest version was deleted. */
  readonly secrets: Map<string, Record<string, unknown> | 'deleted'>
  /** Tokens that may read. */
  readonly tokens: Set<string>
  /** `sealed` answers 503 to everything, `slow` nothing at all, `endless` a body without an end. */
  mood: 'open' | 'sealed' | 'slow' | 'endless' | 'redirecting'
}

/** Start one that holds nothing and knows no token. @param certificate has it speak TLS. */
export async function startKv2Upstream(certificate?: ServerCertificate): Promise<Kv2Upstream> {
  const secrets: Kv2Upstream['secrets'] = new Map()
  const tokens = new Set<string>()
  const answer: Answer = (request, response) => {
    const send = (status: number, body: unknown) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (store.mood === 'slow') return
    if (store.mood === 'redirecting')
      return void response.writeHead(307, { location: 'http://127.0.0.1:1/v1/secret/data/x' }).end()
    if (store.mood === 'endless') return void endless(response)
    if (store.mood === 'sealed') return send(503, { errors: ['Vault is sealed'] })
    const token = request.headers['x-vault-token']
    if (typeof token !== 'string' || !tokens.has(token)) return send(403, { errors: ['permission denied'] })
    const [, mount, path] = /^\/v1\/([^/]+)\/data\/(.+)$/.exec(decodeURIComponent(request.url ?? '')) ?? []
    const found = secrets.get(`${mount}/${path}`)
    if (found === undefined) return send(404, { errors: [] })
    send(found === 'deleted' ? 404 : 200, answerOf(found))
  }
  const server = await startLoopbackServer(answer, certificate === undefined ? {} : { certificate })
  const store: Kv2Upstream = Object.assign(server, { secrets, tokens, mood: 'open' as const })
  return store
}

function answerOf(found: Record<string, unknown> | 'deleted') {
  const isDeleted = found === 'deleted'
  const metadata = {
    created_time: '2026-01-02T03:04:05.678Z',
    custom_metadata: null,
    deletion_time: isDeleted ? '2026-02-03T04:05:06.789Z' : '',
    destroyed: false,
    version: 2,
  }
  return {
    request_id: '1',
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: { data: isDeleted ? null : found, metadata },
    wrap_info: null,
    warnings: null,
    auth: null,
  }
}

async function endless(response: NodeJS.WritableStream & { destroyed?: boolean }): Promise<void> {
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  }
  response.on('drain', more)
  response.on('error', () => {})
  more()
}
