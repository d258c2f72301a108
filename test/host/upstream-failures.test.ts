import { afterAll, expect, test } from 'vitest'
import { serviceWith } from '../unit/auth-fixture.ts'
import {
  bytesOf,
  closeAll,
  get,
  localService,
  requestTo,
  type Served,
  serveBytes,
  serveHttp,
  upstreamWith,
} from './upstream-fixture.ts'

afterAll(closeAll)

const signal = new AbortController().signal
const unreachable = (reason: string) => expect.objectContaining({ code: 'upstream-unreachable', reason })
const timeout = (reason: string) => expect.objectContaining({ code: 'upstream-timeout', reason })
const quick = { timeouts: { connect: 1500, headers: 1500, idle: 1500 } }

test('a port that nobody listens on is refused', async () => {
  const server = await serveHttp((_, response) => response.end())
  const gone = { ...server, origin: 'http://127.0.0.1:1' }
  await expect(get(upstreamWith(), gone)).rejects.toThrow(unreachable('refused'))
})

test('a connection that ends before the head is closed', async () => {
  for (const answer of ['HTTP/1.1 200 OK\r\nContent-Le', '']) {
    const server = await serveBytes(answer, (socket) => socket.destroy())
    await expect(get(upstreamWith(), server)).rejects.toThrow(unreachable('closed'))
  }
})

test('what is no HTTP is malformed', async () => {
  const server = await serveBytes('SSH-2.0-OpenSSH_9\r\n', (socket) => socket.end())
  await expect(get(upstreamWith(), server)).rejects.toThrow(unreachable('response-malformed'))
})

test('headers beyond the limit are refused', async () => {
  const server = await serveBytes(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(80_000)}\r\n\r\n`)
  await expect(get(upstreamWith(), server)).rejects.toThrow(unreachable('headers-too-large'))
})

test('a head that does not come, a body that stalls, a handshake and a name that never end are timeouts', async () => {
  const silent = await serveBytes(null)
  await expect(get(upstreamWith(quick), silent)).rejects.toThrow(timeout('headers-timeout'))
  const stalls = await serveBytes('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')
  const response = await get(upstreamWith(quick), stalls)
  await expect(bytesOf(response.body)).rejects.toThrow(timeout('idle-timeout'))
  const plain = `https://127.0.0.1:${silent.port}`
  await expect(upstreamWith(quick).send(requestTo(plain), localService(plain), { signal })).rejects.toThrow(
    timeout('connect-timeout'),
  )
  const named = serviceWith({ kind: 'none' }, { baseUrls: ['https://api.example.com'] })
  const never = upstreamWith({ ...quick, resolve: () => new Promise(() => {}) })
  await expect(never.send(requestTo('https://api.example.com/'), named, { signal })).rejects.toThrow(
    timeout('dns-timeout'),
  )
})

test('a body that ends before its end is an error of its reader', async () => {
  for (const [head, reason] of [
    ['Content-Length: 100\r\n\r\nabc', 'closed'],
    ['Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'closed'],
    ['Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n', 'response-malformed'],
  ] as const) {
    for (const leave of ['end', 'destroy'] as const) {
      const server = await serveBytes(`HTTP/1.1 200 OK\r\n${head}`, (socket) => socket[leave]())
      const answered = get(upstreamWith(), server).then(({ body }) => bytesOf(body))
      await expect(answered).rejects.toThrow(unreachable(reason))
    }
  }
})

test('interim responses are not seen, and a switch of protocols is no answer', async () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'
  const server = await serveBytes(`${hints}HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nok`)
  const response = await get(upstreamWith(), server)
  expect([response.status, response.statusText]).toEqual([200, 'Fine'])
  expect((await bytesOf(response.body)).toString()).toBe('ok')
  const upgrade = await serveBytes(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  )
  await expect(get(upstreamWith(), upgrade)).rejects.toThrow(
    expect.objectContaining({ code: 'upstream-unreachable' }),
  )
})

test('plain text on a TLS port is refused as TLS', async () => {
  const server = await serveBytes('HTTP/1.1 400 Bad Request\r\n\r\n', (socket) => socket.end())
  const origin = `https://127.0.0.1:${server.port}`
  await expect(upstreamWith().send(requestTo(origin), localService(origin), { signal })).rejects.toThrow(
    unreachable('tls'),
  )
})

test('no failure names the URL or what is in it', async () => {
  const failures: unknown[] = []
  const servers: Served[] = [
    await serveBytes('', (socket) => socket.destroy()),
    await serveBytes('junk\r\n\r\n'),
    { ...(await serveBytes(null)), origin: 'http://127.0.0.1:1' },
  ]
  for (const server of servers)
    await get(upstreamWith(), server, '/?key=sk-secret-1').catch((e) => failures.push(e))
  expect(failures.length).toBe(3)
  for (const failure of failures) {
    const { stack, message, cause } = failure as Error
    expect(`${stack}${message}${cause}${JSON.stringify(failure)}`).not.toContain('sk-secret')
    expect(cause).toBeUndefined()
  }
})
