import { once } from 'node:events'
import { afterAll, expect, test } from 'vitest'
import { bytesOf, closeAll, localService, requestTo, serveBytes, upstreamWith } from './upstream-fixture.ts'

afterAll(closeAll)

/** A server that keeps connections open and says nothing of how long, as many do. */
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const answering = () =>
  serveBytes(ANSWER, (socket) => socket.on('data', () => socket.write(Buffer.from(ANSWER))))

const asking = (upstream: ReturnType<typeof upstreamWith>, origin: string) => async () => {
  const sending = { signal: new AbortController().signal, party: 'session' }
  const response = await upstream.send(requestTo(origin), localService(origin), sending)
  return (await bytesOf(response.body)).toString()
}

test('a connection is still there for a person who reads for some seconds before asking on', async () => {
  const server = await answering()
  const ask = asking(upstreamWith(), server.origin)
  expect(await ask()).toBe('ok')
  // What the HTTP client itself would keep it for, and a little.
  await new Promise((resolve) => setTimeout(resolve, 4300))
  expect([await ask(), server.sockets.size]).toEqual(['ok', 1])
})

test('a connection that nobody uses is let go', async () => {
  const server = await answering()
  const ask = asking(upstreamWith({ timeouts: { kept: 50 } }), server.origin)
  expect(await ask()).toBe('ok')
  const [socket] = server.sockets
  if (socket !== undefined && !socket.closed) await once(socket, 'close')
  expect([await ask(), server.sockets.size]).toEqual(['ok', 2])
})
