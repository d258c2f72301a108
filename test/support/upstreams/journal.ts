import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Bytes of a request body that an arrival keeps; all of them are counted and hashed. */
const KEPT_BYTES = 1024 * 1024

/** One request exactly as it came over the socket, and how its answer ended. */
export interface Arrival {
  readonly method: string
  /** Request target as sent: path and query. */
  readonly target: string
  /** Names as sent, in order, repeated where they were repeated. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The first MiB of the body. */
  body: Buffer
  bodyBytes: number
  /** Hex digest of the whole body; null until it has arrived whole. */
  bodySha256: string | null
  /** Bytes of the answer handed to the socket so far. */
  answeredBytes: number
  /** `open` while the answer runs, `sent` when it was finished, `cut` when the client left first. */
  outcome: 'open' | 'sent' | 'cut'
}

/** What a server saw. Tests read it to prove what reached an upstream, and what did not. */
export class Journal {
  readonly arrivals: Arrival[] = []

  /** Watch one request; call it before anything reads the body. */
  record(request: IncomingMessage, response: ServerResponse): Arrival {
    const arrival: Arrival = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: headerPairs(request.rawHeaders),
      body: Buffer.alloc(0),
      bodyBytes: 0,
      bodySha256: null,
      answeredBytes: 0,
      outcome: 'open',
    }
    this.arrivals.push(arrival)
    watchBody(request, arrival)
    response.once('finish', () => {
      arrival.outcome = 'sent'
    })
    response.once('close', () => {
      if (arrival.outcome === 'open') arrival.outcome = 'cut'
    })
    return arrival
  }

  /** Arrivals that are calls: CORS preflights left out. */
  get calls(): Arrival[] {
    return this.arrivals.filter((arrival) => arrival.method !== 'OPTIONS')
  }

  /** The newest call. @throws Error where none arrived. */
  get last(): Arrival {
    const arrival = this.calls.at(-1)
    if (arrival === undefined) throw new Error('no call has arrived')
    return arrival
  }

  clear(): void {
    this.arrivals.length = 0
  }
}

/** Value of a header of an arrival, names compared without case; null where it was not sent, joined by `, ` where repeated. */
export function headerOf(arrival: Arrival, name: string): string | null {
  const wanted = name.toLowerCase()
  const values = arrival.headers.filter(([sent]) => sent.toLowerCase() === wanted).map(([, value]) => value)
  return values.length === 0 ? null : values.join(', ')
}

/** Everything of an arrival as one text: target, headers and the kept body. For searching. */
export function arrivalText(arrival: Arrival): string {
  const headers = arrival.headers.map(([name, value]) => `${name}: ${value}`).join('\n')
  return `${arrival.method} ${arrival.target}\n${headers}\n\n${arrival.body.toString('utf8')}`
}

function headerPairs(raw: string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return pairs
}

/** Sees every chunk without reading, so that whoever reads the body still decides its pace. */
function watchBody(request: IncomingMessage, arrival: Arrival): void {
  const hash = createHash('sha256')
  const emit = request.emit.bind(request)
  request.emit = (event: string | symbol, ...values: unknown[]) => {
    const chunk = values[0]
    if (event === 'data' && Buffer.isBuffer(chunk)) {
      hash.update(chunk)
      arrival.bodyBytes += chunk.length
      const room = KEPT_BYTES - arrival.body.length
      if (room > 0) arrival.body = Buffer.concat([arrival.body, chunk.subarray(0, room)])
    }
    if (event === 'end') arrival.bodySha256 = hash.digest('hex')
    return emit(event, ...values)
  }
}
