import { createCipheriv } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Arrival } from './journal.ts'
import { hasBearer, type LoopbackServer, sendJson, startLoopbackServer } from './loopback-server.ts'

/**
 * One MiB whose every byte depends on its place, so that a lost, doubled or swapped piece changes the digest; noise, which
 * nothing makes shorter.
 */
export const PATTERN = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
  Buffer.alloc(1024 * 1024),
)

/** A text of many records, of one to four bytes a character, each with its number: short to pack, and no two parts alike. */
export const RECORDS = Buffer.from(
  `[${Array.from({ length: 20_000 }, (_, n) => `{"number":${n},"name":"Größe \u{1f697} ${n * 7919}","tags":["日本","\\"quoted\\""]}`).join(',\n')}]`,
)

/**
 * A key-checking server for what flows. All paths are GET:
 *
 * - `/v1/bytes?mib=N` N times {@link PATTERN}, as fast as the client reads;
 * - `/v1/records` {@link RECORDS}, as JSON;
 * - `/v1/clock?events=N&every=MS` server-sent events with the server's time, without `events` until the client leaves;
 * - `/v1/steps?events=N` server-sent events, each of them sent when `/v1/step` was asked for, but for the first;
 * - `/v1/late?after=MS` answers late; `/v1/never` takes the call and says nothing;
 * - `/v1/drop?after=BYTES` promises a body, sends that many bytes, drops the connection;
 * - `/v1/small` a small JSON answer.
 */
export function startFlowUpstream(key: string): Promise<LoopbackServer> {
  let step = () => {}
  const stepped = () =>
    new Promise<void>((resolve) => {
      step = resolve
    })
  return startLoopbackServer(
    async (request, response, arrival) => {
      request.resume()
      if (!hasBearer(request, [key])) return sendJson(response, 401, { error: { message: 'wrong key' } })
      const url = new URL(request.url ?? '/', 'http://flow.test')
      const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise)
      if (url.pathname === '/v1/bytes') return sendBytes(response, arrival, number('mib', 1))
      if (url.pathname === '/v1/records') {
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(RECORDS)
      }
      if (url.pathname === '/v1/clock') {
        return sendClock(response, arrival, number('events', Number.POSITIVE_INFINITY), number('every', 20))
      }
      if (url.pathname === '/v1/steps') return sendSteps(response, number('events', 1), stepped)
      if (url.pathname === '/v1/step') step()
      if (url.pathname === '/v1/never') return
      if (url.pathname === '/v1/late') await sleep(number('after', 500))
      if (url.pathname === '/v1/drop') return drop(response, number('after', 1000))
      sendJson(response, 200, { object: 'small', answer: 'here' })
    },
    { cors: true },
  )
}

async function sendBytes(response: ServerResponse, arrival: Arrival, mib: number): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': mib * PATTERN.length,
  })
  for (let sent = 0; sent < mib && !response.destroyed; sent++) {
    arrival.answeredBytes += PATTERN.length
    if (!response.write(PATTERN)) await roomAgain(response)
  }
  response.end()
}

/** Until the socket takes more, or is gone. */
function roomAgain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

async function sendClock(
  response: ServerResponse,
  arrival: Arrival,
  events: number,
  every: number,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (let sent = 0; sent < events && !response.destroyed; sent++) {
    const event = `id: ${sent}\ndata: ${JSON.stringify({ tick: sent, at: performance.timeOrigin + performance.now() })}\n\n`
    arrival.answeredBytes += event.length
    response.write(event)
    await sleep(every)
  }
  response.end()
}

async function sendSteps(
  response: ServerResponse,
  events: number,
  stepped: () => Promise<void>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (let sent = 0; sent < events; sent++) {
    const next = stepped()
    response.write(`data: ${JSON.stringify({ tick: sent })}\n\n`)
    if (sent + 1 < events) await next
  }
  response.end()
}

function drop(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': bytes * 2 })
  response.write('x'.repeat(bytes), () => response.destroy())
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
