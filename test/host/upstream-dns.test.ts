import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { resolveFor } from '../../native-host/upstream/connect.ts'
import { authority } from '../support/certificates.ts'
import { type DnsServer, startDnsServer, type Zone } from '../support/dns-server.ts'
import { done } from '../support/hard.ts'
import { serviceWith } from '../unit/auth-fixture.ts'
import {
  bytesOf,
  closeAll,
  localService,
  requestTo,
  serveHttp,
  serveTls,
  upstreamWith,
} from './upstream-fixture.ts'

/** Names answered by a real name server over UDP, and what the guard makes of its answers. */
const NAME = 'api.test.example'
const PUBLIC = ['1.1.1.1', '2606:4700::1111']
const vectors: { cases: [address: string, isPublic: 0 | 1][] } = JSON.parse(
  readFileSync(new URL('../vectors/ssrf-ip.json', import.meta.url), 'utf8'),
)
const signal = new AbortController().signal
const unreachable = (reason: string) => expect.objectContaining({ code: 'upstream-unreachable', reason })
const open: DnsServer[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const server of open.splice(0)) await server.close()
})
afterAll(closeAll)

async function dns(zone: Zone): Promise<DnsServer> {
  const server = await startDnsServer(zone)
  open.push(server)
  return server
}

const onTheNet = (origin: string, ca: string | null = null) =>
  serviceWith({ kind: 'none' }, { baseUrls: [origin], ca })
const vet = (zone: DnsServer) =>
  resolveFor(onTheNet(`https://${NAME}`), new URL(`https://${NAME}/x`), zone.resolve)

/** Addresses that lead to this machine, its network or nowhere, in the notations a server can answer with. */
const BAD = [
  ...vectors.cases.filter(([, isPublic]) => isPublic === 0).map(([address]) => address),
  '127.0.0.1',
  '127.255.255.254',
  '192.168.0.1',
  '::1',
  '::ffff:7f00:1',
  '::7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  'fd00:ec2::254',
  'ff02::1',
  '255.255.255.255',
].filter((address) => !/:.*\./.test(address))

let judged = 0
test.each(BAD)('an answer of %s refuses the name, alone, before and after public ones', async (bad) => {
  for (const answers of [[bad], [bad, ...PUBLIC], [...PUBLIC, bad], ['1.1.1.1', bad, '8.8.8.8']]) {
    await expect(vet(await dns(() => answers)), answers.join()).rejects.toThrow(
      unreachable('private-address'),
    )
    judged += 1
  }
})
afterAll(() => done('answers of a name server with a private address among them refused', judged))

test.each(vectors.cases)('%s as a literal is judged as the vector says (%i)', async (address, isPublic) => {
  const url = new URL(`https://${address.includes(':') ? `[${address}]` : address}/`)
  const never = () => Promise.reject(new Error('a name was resolved'))
  const vetted = resolveFor(onTheNet(url.origin), url, never)
  if (isPublic === 1) expect((await vetted).map((each) => each.address)).toEqual([address])
  else await expect(vetted).rejects.toThrow(unreachable('private-address'))
})

test('aliases, empty answers and long lists are judged by every address at their end', async () => {
  expect(await vet(await dns(() => ['elsewhere.example', ...PUBLIC]))).toHaveLength(2)
  await expect(vet(await dns(() => ['localhost.example', '127.0.0.1']))).rejects.toThrow(
    unreachable('private-address'),
  )
  await expect(vet(await dns(() => []))).rejects.toThrow(unreachable('dns'))
  await expect(vet(await dns(() => ['only.an.alias.example']))).rejects.toThrow(unreachable('dns'))
  const many = Array.from({ length: 25 }, (_, count) => `8.8.4.${count + 1}`)
  expect(await vet(await dns(() => many))).toHaveLength(25)
  await expect(vet(await dns(() => [...many, '10.0.0.1']))).rejects.toThrow(unreachable('private-address'))
})

test('rebinding: each connection is judged by its own answers, and none reaches this machine', async () => {
  const server = await serveHttp((_, response) => response.end())
  // An address of documentation is what stands for the public one here: nothing is sent to strangers.
  const zone = await dns((_, asked) => (asked === 0 ? ['203.0.113.7'] : ['127.0.0.1']))
  const origin = `https://${NAME}:${server.port}`
  const upstream = upstreamWith({ resolve: zone.resolve })
  for (let count = 0; count < 4; count++) {
    await expect(upstream.send(requestTo(origin), onTheNet(origin), { signal })).rejects.toThrow(
      unreachable('private-address'),
    )
  }
  // Both types once for each connection: what was judged is not asked for again.
  expect(zone.questions).toHaveLength(8)
  expect(server.sockets.size).toBe(0)
})

/** Send every new socket to this machine, as if the network did it; gives what each was told to connect to. */
function divert(): { host: string; pinned: unknown }[] {
  const told: { host: string; pinned: unknown }[] = []
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    const given = (Array.isArray(args[0]) ? args[0] : args) as [Diverted, (() => void)?]
    const [options, listener] = given
    options.lookup?.(options.host, { all: true }, (_error, pinned) =>
      told.push({ host: options.host, pinned }),
    )
    const here = { ...options, host: '127.0.0.1', lookup: undefined, autoSelectFamily: false }
    return connect.call(this, here, listener ?? args[1])
  } as never)
  return told
}
interface Diverted {
  host: string
  lookup?: (host: string, options: object, done: (error: unknown, pinned: unknown) => void) => void
}

test('a socket is told the judged addresses and no name, and gets no byte where it ends elsewhere', async () => {
  const root = authority()
  const asked: string[] = []
  const server = await serveTls((request, response) => {
    asked.push(request.url ?? '')
    response.end('stolen')
  }, root.issue(NAME))
  // The second round of answers is what a resolver would say by the time of the connection.
  const zone = await dns((_, round) => (round === 0 ? PUBLIC : ['127.0.0.1']))
  const origin = `https://${NAME}:${server.port}`
  const upstream = upstreamWith({ resolve: zone.resolve })
  const told = divert()
  await expect(upstream.send(requestTo(`${origin}/`), onTheNet(origin, root.ca), { signal })).rejects.toThrow(
    unreachable('address-changed'),
  )
  expect(told).toEqual([
    {
      host: NAME,
      pinned: [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
    },
  ])
  expect(zone.questions).toHaveLength(2)
  expect(asked).toEqual([])
})

test('a record that changes takes its connections with it', async () => {
  const server = await serveHttp((_, response) => response.end('here'))
  const upstream = upstreamWith({ resolve: () => Promise.reject(new Error('a name was resolved')) })
  const origin = `http://models.test.example:${server.port}`
  const send = (service: ReturnType<typeof localService>) =>
    upstream.send(requestTo(`${origin}/`), service, { signal, party: 'one' })
  await bytesOf((await send(localService(origin, '127.0.0.1'))).body)
  // With a warm connection at hand: no longer local, at another address, at another port.
  await expect(send({ ...localService(origin), local: null })).rejects.toThrow(unreachable('plain-http'))
  await expect(send(localService(origin, null))).rejects.toThrow(unreachable('not-local'))
  await expect(send(localService(origin, '8.8.8.8'))).rejects.toThrow(unreachable('not-local'))
  await expect(send(localService('http://models.test.example:1', '127.0.0.1'))).rejects.toThrow(
    unreachable('other-origin'),
  )
  expect(server.requests).toHaveLength(1)
})

test('parties and services share no connection, however alike they are', async () => {
  const server = await serveHttp((_, response) => response.end('here'))
  const upstream = upstreamWith()
  const send = async (id: string, party: string | null) => {
    const service = { ...localService(server.origin), id }
    await bytesOf((await upstream.send(requestTo(`${server.origin}/`), service, { signal, party })).body)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  for (const [id, party] of [
    ['a', 'one'],
    ['a', 'two'],
    ['a', null],
    ['b', 'one'],
  ] as const)
    await send(id, party)
  expect(server.sockets.size).toBe(4)
  await send('a', 'one')
  expect(server.sockets.size).toBe(4)
})
