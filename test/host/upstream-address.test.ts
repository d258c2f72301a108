import { afterAll, expect, test } from 'vitest'
import { serviceWith } from '../unit/auth-fixture.ts'
import {
  bytesOf,
  closeAll,
  get,
  localService,
  requestTo,
  serveHttp,
  upstreamWith,
} from './upstream-fixture.ts'

afterAll(closeAll)

const signal = new AbortController().signal
const unreachable = (reason: string) => expect.objectContaining({ code: 'upstream-unreachable', reason })

test('no private literal is connected to by a service that was not declared local', async () => {
  const server = await serveHttp((_, response) => response.end())
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
  ]) {
    const url = `https://${host}:${server.port}`
    const service = serviceWith({ kind: 'none' }, { baseUrls: [url] })
    await expect(upstreamWith().send(requestTo(new URL(url).href), service, { signal })).rejects.toThrow(
      unreachable('private-address'),
    )
  }
  expect(server.sockets.size).toBe(0)
})

test('a name that answers with a private address is not connected to, not even after it answered with a public one', async () => {
  const server = await serveHttp((_, response) => response.end())
  const url = `https://rebinding.example:${server.port}`
  const service = serviceWith({ kind: 'none' }, { baseUrls: [url] })
  // TEST-NET-3 is what the first connection is refused for here; 127.0.0.1 what a rebinding page waits for.
  const answers = ['203.0.113.7', '127.0.0.1', '::1', '::ffff:127.0.0.1']
  let asked = 0
  const upstream = upstreamWith({ resolve: async () => [{ address: answers[asked++] ?? '127.0.0.1' }] })
  for (const _ of answers) {
    await expect(upstream.send(requestTo(url), service, { signal })).rejects.toThrow(
      unreachable('private-address'),
    )
  }
  expect(asked).toBe(answers.length)
  expect(server.sockets.size).toBe(0)
})

test('localhost is a name like any other', async () => {
  const server = await serveHttp((_, response) => response.end())
  const url = `https://localhost:${server.port}`
  const service = serviceWith({ kind: 'none' }, { baseUrls: [url] })
  await expect(upstreamWith().send(requestTo(url), service, { signal })).rejects.toThrow(
    unreachable('private-address'),
  )
  expect(server.sockets.size).toBe(0)
})

test('a local service reaches its declared address with its own name in Host, and no other port', async () => {
  const hosts: (string | undefined)[] = []
  const server = await serveHttp((request, response) => {
    hosts.push(request.headers.host)
    response.end('here')
  })
  const other = await serveHttp((_, response) => response.end())
  const origin = `http://models.test.example:${server.port}`
  const upstream = upstreamWith({ resolve: () => Promise.reject(new Error('a name was resolved')) })
  const service = localService(origin, '127.0.0.1')
  const response = await upstream.send(requestTo(`${origin}/v1`), service, { signal })
  expect((await bytesOf(response.body)).toString()).toBe('here')
  expect(hosts).toEqual([`models.test.example:${server.port}`])
  const elsewhere = requestTo(`http://models.test.example:${other.port}/`)
  await expect(upstream.send(elsewhere, service, { signal })).rejects.toThrow(unreachable('other-origin'))
  expect(other.sockets.size).toBe(0)
})

test('no proxy of the environment is used', async () => {
  const proxy = await serveHttp((_, response) => response.end('proxied'))
  const server = await serveHttp((_, response) => response.end('direct'))
  const before = { ...process.env }
  const names = ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']
  for (const name of names) process.env[name] = proxy.origin
  process.env.NODE_USE_ENV_PROXY = '1'
  process.env.no_proxy = ''
  try {
    const response = await get(upstreamWith(), server)
    expect((await bytesOf(response.body)).toString()).toBe('direct')
    expect(proxy.sockets.size).toBe(0)
  } finally {
    process.env = before
  }
})

const elsewhere = 'http://127.0.0.1:PORT/stolen'
test.each([
  ['301 elsewhere', 301, elsewhere],
  ['302 elsewhere', 302, elsewhere],
  ['303 elsewhere', 303, elsewhere],
  ['307 elsewhere', 307, elsewhere],
  ['308 elsewhere', 308, elsewhere],
  ['300 with a choice', 300, elsewhere],
  ['305 to a proxy', 305, elsewhere],
  ['307 to the same service', 307, '/again'],
  ['307 without a scheme', 307, '//127.0.0.1:PORT/stolen'],
  ['307 with userinfo', 307, 'http://127.0.0.1@127.0.0.1:PORT/stolen'],
  ['307 to TLS', 307, 'https://127.0.0.1:PORT/stolen'],
  ['307 to data:', 307, 'data:text/plain,x'],
  ['307 to itself', 307, '/'],
  ['200 with Refresh', 200, elsewhere],
])('a redirect is an answer like any other: %s', async (_kind, status, location) => {
  const thief = await serveHttp((_, response) => response.end())
  const target = location.replace('PORT', String(thief.port))
  const server = await serveHttp((_, response) => {
    response.writeHead(status, { location: target, refresh: `0; url=${target}` }).end()
  })
  const upstream = upstreamWith()
  const request = requestTo(`${server.origin}/`, {
    method: 'POST',
    headers: [['x-api-key', 'sk-secret']],
    body: Buffer.from('{}'),
    bodyLength: 2,
  })
  const response = await upstream.send(request, localService(server.origin), { signal })
  expect(response.status).toBe(status)
  await bytesOf(response.body)
  expect(server.requests).toEqual(['POST /'])
  expect(thief.sockets.size).toBe(0)
})
