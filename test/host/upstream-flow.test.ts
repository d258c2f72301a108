import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { constants, createBrotliCompress, createGzip, type Gzip } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { cleanse } from '../../native-host/broker/cleanse.ts'
import { KEY } from '../unit/auth-fixture.ts'
import {
  bytesOf,
  closeAll,
  get,
  localService,
  requestTo,
  type Served,
  serveHttp,
  upstreamWith,
} from './upstream-fixture.ts'

afterAll(closeAll)

const signal = new AbortController().signal
const canonical = { method: 'GET', url: '', origin: '', path: '/', query: [], headers: [] }
const closed = (server: Served) =>
  Promise.all(
    [...server.sockets].map((socket) => socket.closed || new Promise((done) => socket.once('close', done))),
  )

/** Wait until a figure stays the same over many turns of the loop; bounded by the test's own time limit. */
async function settled(figure: () => number): Promise<number> {
  for (let last = -1, still = 0; ; ) {
    await new Promise((done) => setTimeout(done, 20))
    still = figure() === last ? still + 1 : 0
    last = figure()
    if (still === 20) return last
  }
}

test('the bytes of the request arrive as they were decided: path, headers, whole and streamed bodies', async () => {
  const seen: { url: string | undefined; headers: string[]; body: string }[] = []
  const server = await serveHttp(async (request, response) => {
    const body = (await bytesOf(request)).toString()
    seen.push({ url: request.url, headers: request.rawHeaders, body })
    response.end()
  })
  async function* stream() {
    yield Buffer.from('streamed ')
    yield Buffer.from('body')
  }
  const path = "/a%2Fb/'~!?x=%7e&y=a+b|"
  for (const [body, bodyLength] of [
    [Buffer.from('whole'), 5],
    [stream(), 13],
    [stream(), null],
    [null, null],
  ] as const) {
    const headers: [string, string][] = [
      ['x-one', '1'],
      ['accept-encoding', 'zstd'],
      ['authorization', 'Bearer x'],
    ]
    const request = requestTo(server.origin + path, { method: 'POST', headers, body, bodyLength })
    const response = await upstreamWith().send(request, localService(server.origin), { signal })
    await bytesOf(response.body)
  }
  expect(seen.map(({ body }) => body)).toEqual(['whole', 'streamed body', 'streamed body', ''])
  for (const { url, headers } of seen) {
    expect(url).toBe(path)
    const pairs = Array.from({ length: headers.length / 2 }, (_, at) =>
      headers.slice(at * 2, at * 2 + 2).join(': '),
    )
    const own = pairs.filter((pair) => !/^(host|connection):/i.test(pair))
    expect(own.slice(0, 3)).toEqual(['x-one: 1', 'authorization: Bearer x', 'accept-encoding: gzip, br'])
  }
  const lengths = seen.map(
    ({ headers }) => headers[headers.findIndex((name) => /^content-length$/i.test(name)) + 1],
  )
  expect(lengths.slice(0, 2)).toEqual(['5', '13'])
  expect(seen[2]?.headers.map((text) => text.toLowerCase())).toContain('chunked')
})

test('a range is asked for without a coding', async () => {
  const server = await serveHttp((request, response) => response.end(request.headers['accept-encoding']))
  const request = requestTo(server.origin, { headers: [['range', 'bytes=0-1']] })
  const response = await upstreamWith().send(request, localService(server.origin), { signal })
  expect((await bytesOf(response.body)).toString()).toBe('identity')
})

test('a streamed body of another length than was said is never a whole request', async () => {
  let whole = 0
  const server = await serveHttp(async (request, response) => {
    await bytesOf(request).then(
      () => whole++,
      () => {},
    )
    response.end()
  })
  async function* stream() {
    yield Buffer.from('four')
  }
  for (const bodyLength of [3, 9]) {
    const request = requestTo(server.origin, { method: 'POST', body: stream(), bodyLength })
    await expect(upstreamWith().send(request, localService(server.origin), { signal })).rejects.toThrow(
      expect.objectContaining({ reason: 'request-length' }),
    )
  }
  expect(whole).toBe(0)
})

test('response headers come in order, each of several, as Latin-1', async () => {
  const server = await serveHttp((_, response) => {
    response.writeHead(
      200,
      'Fine',
      [
        ['X-B', '1'],
        ['Link', 'a'],
        ['Link', 'b'],
        ['x-l', 'caf\u00e9'],
      ].flat(),
    )
    response.end()
  })
  const response = await get(upstreamWith(), server)
  expect(response.headers.slice(0, 4)).toEqual([
    ['x-b', '1'],
    ['link', 'a'],
    ['link', 'b'],
    ['x-l', 'caf\u00e9'],
  ])
  expect(response.statusText).toBe('Fine')
  await bytesOf(response.body)
})

test('abort before, while waiting for the head and in the body ends the connection with its own reason', async () => {
  const reason = new Error('the owner said so')
  const early = new AbortController()
  early.abort(reason)
  const silent = await serveHttp(() => {})
  await expect(get(upstreamWith(), silent, '/', early.signal)).rejects.toBe(reason)
  expect(silent.sockets.size).toBe(0)

  const waiting = new AbortController()
  const asked = Promise.withResolvers<void>()
  const never = await serveHttp(() => asked.resolve())
  const answer = get(upstreamWith(), never, '/', waiting.signal)
  await asked.promise
  waiting.abort(reason)
  await expect(answer).rejects.toBe(reason)
  await closed(never)

  const streaming = new AbortController()
  const endless = await serveHttp((_, response) => response.write('start'))
  const response = await get(upstreamWith(), endless, '/', streaming.signal)
  const chunks = cleanse(response, [], canonical).body[Symbol.asyncIterator]()
  expect((await chunks.next()).done).toBe(false)
  const next = chunks.next()
  streaming.abort(reason)
  await expect(next).rejects.toBe(reason)
  await closed(endless)
})

test('a response that nobody wants any more lets its connection go', async () => {
  const server = await serveHttp((_, response) => response.write('start'))
  const upstream = upstreamWith()
  const response = await get(upstream, server)
  response.destroy()
  response.destroy()
  await closed(server)
  const left = await get(upstream, server)
  for await (const _ of cleanse(left, [], canonical).body) break
  await closed(server)
})

test('a connection is used again after an orderly end', async () => {
  const server = await serveHttp((_, response) => response.end('x'))
  const upstream = upstreamWith()
  for (let n = 0; n < 5; n++) await bytesOf((await get(upstream, server)).body)
  expect(server.requests.length).toBe(5)
  // The next request may come before the connection of the last is back in its place, once.
  expect(server.sockets.size).toBeLessThanOrEqual(2)
})

test('a reader that stops stops the service, with little in between', async () => {
  let written = 0
  const block = Buffer.alloc(256 * 1024, 'x')
  const server = await serveHttp(async (_, response) => {
    const over = once(response, 'close')
    while (written < 400_000_000 && !response.closed) {
      written += block.length
      if (!response.write(block)) await Promise.race([once(response, 'drain'), over])
    }
    response.end()
  })
  const before = process.memoryUsage().rss
  const response = await get(upstreamWith(), server)
  const chunks = cleanse(response, [{ bytes: Buffer.from(KEY), pieces: true }], canonical).body[
    Symbol.asyncIterator
  ]()
  await chunks.next()
  expect(await settled(() => written)).toBeLessThan(40_000_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  await chunks.return?.()
  await closed(server)
})

test('a service that does not read stops the page that sends', async () => {
  let given = 0
  async function* endless() {
    const block = Buffer.alloc(64 * 1024, 'x')
    for (; given < 400_000_000; given += block.length) yield block
  }
  const server = await serveHttp((request) => request.pause())
  const over = new AbortController()
  const request = requestTo(server.origin, { method: 'POST', body: endless() })
  const answer = upstreamWith().send(request, localService(server.origin), { signal: over.signal })
  answer.catch(() => {})
  expect(await settled(() => given)).toBeLessThan(40_000_000)
  over.abort(new Error('enough'))
  await expect(answer).rejects.toThrow('enough')
})

const CODINGS: Record<string, (() => Gzip | ReturnType<typeof createBrotliCompress>) | null> = {
  identity: null,
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
}

test.each(Object.entries(CODINGS))(
  'each event of a %s stream is out before the next one is made',
  async (coding, make) => {
    let read = Promise.withResolvers<void>()
    const events = Array.from(
      { length: 30 },
      (_, n) => `data: {"n":${n},"echo":"${KEY.slice(0, n % 12)}"}\n\n`,
    )
    const server = await serveHttp(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding })
      const encoder = make?.()
      encoder?.on('data', (bytes) => response.write(bytes)).on('end', () => response.end())
      for (const event of events) {
        // Anything that holds an event back until there is more of the stream would wait here for ever.
        ;(encoder ?? response).write(event)
        await read.promise
        read = Promise.withResolvers<void>()
      }
      ;(encoder ?? response).end()
    })
    const clean = cleanse(
      await get(upstreamWith(), server),
      [{ bytes: Buffer.from(KEY), pieces: true }],
      canonical,
    )
    let text = ''
    let seen = 0
    for await (const chunk of clean.body) {
      text += Buffer.from(chunk).toString()
      if (text.split('\n\n').length - 1 <= seen) continue
      seen++
      await turn()
      read.resolve()
    }
    expect(text).toBe(events.join(''))
  },
)
