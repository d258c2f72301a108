import type { IncomingMessage, ServerResponse } from 'node:http'

/** How one connection of an EventSource is answered. */
interface Connection {
  status?: number
  type?: string
  /** Written one by one, so that they arrive apart. `hang`: stays open after them. `destroy`: the connection breaks. */
  pieces?: (string | Buffer)[]
  after?: 'hang' | 'destroy' | 'destroy-at-once'
}

const QUICK = 'retry: 40\n\n'
const bytes = (text: string): Buffer[] => [...Buffer.from(text)].map((byte) => Buffer.from([byte]))

/** Named behaviours, a connection after another; the last one is repeated. */
const PLANS: Record<string, Connection[]> = {
  grammar: [
    {
      pieces: [
        '\ufeff: a comment\n\nretry: 40\n\n',
        'data: one\n\n',
        'data:two\ndata:  lines\n\n',
        'event: named\ndata: with a name\n\n',
        'data\n\n',
        'data\ndata\n\n',
        'event: nothing\n\n',
        'id: 7\ndata: seven\n\n',
        'data: still seven\n\n',
        'id\ndata: no id\n\n',
        'retry: 4x\nretry\nunknown: x\ndata: odd fields\n\n',
        'event\ndata: empty name\n\n',
        'data: a\rdata: b\r\ndata: c\n\r\n',
        'data: cr cr\r\r',
        'data: next\r\n\r\n',
        'data: split\r',
        '\n\r',
        '\ndata: \ufeffé😀\n\n',
        'id: last\ndata: end\n\n',
        'data: never dispatched\n',
      ],
    },
    { status: 204 },
  ],
  // Firefox 153 forgets an id without data, and drops an event whose id has a NUL in it: neither is the standard's.
  ids: [
    { pieces: [`${QUICK}id: 8\n\n`, 'data: eight now\n\n', 'id: nul\0l\ndata: id with nul\n\n'] },
    { status: 204 },
  ],
  bytes: [
    { pieces: [...bytes('\ufeffretry: 40\r\n\r\ndata: é😀\r\nid: é\r\n\r\ndata: x\r\rdata: y\n\n')] },
    { status: 204 },
  ],
  reconnects: [
    { pieces: [`${QUICK}id: 1\ndata: a\n\n`] },
    { pieces: ['data: b\n\nid: 2'], after: 'destroy' },
    { pieces: ['id\ndata: c\n\n'] },
    { pieces: ['data: d\n\n'], after: 'hang' },
  ],
  // Browsers try once more by themselves where the connection was one they had used before.
  unreachable: [
    { pieces: [QUICK] },
    { after: 'destroy-at-once' },
    { after: 'destroy-at-once' },
    { after: 'destroy-at-once' },
    { pieces: ['data: at last\n\n'], after: 'hang' },
  ],
  gone: [{ after: 'destroy-at-once' }],
  empty: [{ status: 204 }],
  json: [{ type: 'application/json', pieces: ['data: no\n\n'] }],
  typed: [{ type: 'Text/Event-Stream; charset=utf-8', pieces: ['data: yes\n\n'], after: 'hang' }],
  missing: [{ status: 404 }],
  failing: [{ status: 500 }],
  created: [{ status: 201, pieces: ['data: no\n\n'] }],
  open: [{ pieces: [QUICK, 'data: 1\n\ndata: 2\n\ndata: 3\n\n', 'data: 4\n\n'], after: 'hang' }],
}

/** What the server saw of one connection. */
export interface SeenConnection {
  lastEventId: string | null
  accept: string | null
  cacheControl: string | null
  method: string | null
}

/** Answers the EventSources of a test: `?plan=` names the behaviour, `?run=` tells apart who connects. */
export class EventPlans {
  readonly #seen = new Map<string, SeenConnection[]>()

  /** The connections of a run so far. */
  log(url: URL): SeenConnection[] {
    return this.#seen.get(url.searchParams.get('run') ?? '') ?? []
  }

  async connect(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const seen = this.log(url)
    const plan = PLANS[url.searchParams.get('plan') ?? ''] ?? []
    const {
      status = 200,
      type = 'text/event-stream',
      pieces = [],
      after,
    } = plan[seen.length] ?? plan.at(-1) ?? {}
    const header = (name: string) => (request.headers[name] as string | undefined) ?? null
    this.#seen.set(url.searchParams.get('run') ?? '', [
      ...seen,
      {
        lastEventId: header('last-event-id'),
        accept: header('accept'),
        cacheControl: header('cache-control'),
        method: request.method ?? null,
      },
    ])
    if (after === 'destroy-at-once') return void response.destroy()
    response.writeHead(status, status === 204 ? {} : { 'content-type': type })
    response.flushHeaders()
    for (const piece of pieces) {
      response.write(piece)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    if (after === 'destroy') {
      // A broken connection takes with it what its other end has not read yet.
      await new Promise((resolve) => setTimeout(resolve, 400))
      response.destroy()
    } else if (after !== 'hang') response.end()
  }
}
