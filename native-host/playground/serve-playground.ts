import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveOnLoopback } from '../serve-on-loopback.ts'
import { answerAsModel } from './echo-model.ts'
import { pageFile } from './page-files.ts'

/** A playground that nobody has asked for anything for so long is closed, ms: half an hour. */
export const IDLE_MS = 30 * 60_000
/** Enough for some tabs and a streaming answer in each. */
const LIMITS = { requestTimeout: 30_000, connections: 64 }

/** A page on this machine to try a first call on, and a model that answers it. */
export interface Playground {
  /** `http://127.0.0.1:PORT`, what its owner connects. */
  readonly origin: string
  /** The page's address. */
  readonly url: string
  /** The model's base URL. */
  readonly modelUrl: string
  /** Nobody listens any more when this returns. */
  close(): void
}

/** What a playground is opened with. */
export interface PlaygroundParts {
  /** What the model asks for. */
  readonly key: string
  /** Base URLs that the page of an origin may call now. Read at each look at the page. */
  readonly reaches: (origin: string) => readonly string[]
  /** Told when nobody has used it for so long; it closes after that. Where this throws it stays, and tells it again later. */
  readonly onIdle: () => void
  /** Default: {@link IDLE_MS}. */
  readonly idleMs?: number
}

/** Serve the playground on a port of the loopback address that the system chooses. */
export async function servePlayground(parts: PlaygroundParts): Promise<Playground> {
  // Others on this machine may reach the port; the page says which services its owner uses, so it has a name nobody guesses.
  const folder = `/${randomBytes(16).toString('base64url')}/`
  const { server, host } = await serveOnLoopback(LIMITS, (request, response, named) => {
    idle.refresh()
    answerOrGiveUp(request, response, { ...parts, host: named, folder })
  })
  const close = () => {
    clearTimeout(idle)
    server.close()
    server.closeAllConnections()
  }
  const idle = setTimeout(() => {
    try {
      // SECURITY: while the port is held, so that nobody else has it with what was given to the page.
      parts.onIdle()
      close()
    } catch {
      idle.refresh()
    }
  }, parts.idleMs ?? IDLE_MS)
  const origin = `http://${host}`
  return { origin, url: `${origin}${folder}`, modelUrl: `${origin}/v1`, close }
}

interface Served extends PlaygroundParts {
  /** Null: the request names another. */
  readonly host: string | null
  readonly folder: string
}

/** SECURITY: what throws in a listener ends the process, and with it the calls of every site that it carries. */
function answerOrGiveUp(request: IncomingMessage, response: ServerResponse, served: Served): void {
  try {
    answer(request, response, served)
  } catch {
    // The vault is busy or cannot be read: what the page may speak to is not known, so there is no page.
    if (response.headersSent) response.destroy()
    else say(response, 503, 'This cannot be shown now. Try again.\n')
  }
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served): void {
  if (served.host === null) return notFound(response)
  const origin = `http://${served.host}`
  const path = URL.parse(request.url ?? '', origin)?.pathname ?? ''
  if (path.startsWith('/v1/')) return answerAsModel(request, response, path, served.key)
  if (request.method !== 'GET' || !path.startsWith(served.folder)) return notFound(response)
  const reaches = served.reaches(origin).map((url) => new URL(url).origin)
  const file = pageFile(path.slice(served.folder.length), reaches)
  if (file === null) return notFound(response)
  response.writeHead(200, { ...headersFor(reaches), 'content-type': file.type })
  response.end(file.text)
}

/** SECURITY: only its own two files run in the page; it speaks to what its owner gave it and nobody else; nobody frames it. */
function headersFor(reaches: readonly string[]): Record<string, string> {
  const connect = ["'self'", ...new Set(reaches)].join(' ')
  return {
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

function notFound(response: ServerResponse): void {
  say(response, 404, 'There is nothing here.\n')
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(text)
}
