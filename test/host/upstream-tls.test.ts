import type { ServerOptions } from 'node:https'
import { afterAll, expect, test } from 'vitest'
import type { Upstream } from '../../native-host/upstream/send.ts'
import { authority, type CertificateWishes } from '../support/certificates.ts'
import { done } from '../support/hard.ts'
import { bytesOf, closeAll, localService, requestTo, serveTls, upstreamWith } from './upstream-fixture.ts'

/** Real handshakes with real servers: whose word a service's server needs, and every way to come without it. */
const HOST = 'api.test.example'
/** What a server may offer that wants to be as weak as its certificate. */
const WEAK = { ciphers: 'DEFAULT@SECLEVEL=0' }
const root = authority()
const signal = new AbortController().signal
const issue = (wishes?: CertificateWishes, host = HOST) => root.issue(host, wishes)

afterAll(closeAll)

/** Ask a server that shows this certificate, for a service of that host that pins `pinned`. */
async function ask(
  options: ServerOptions,
  { pinned = root.ca as string | null, host = HOST, upstream = upstreamWith() as Upstream } = {},
): Promise<string> {
  const asked: string[] = []
  const server = await serveTls((request, response) => {
    asked.push(request.url ?? '')
    response.end('secure')
  }, options)
  const origin = `https://${host}:${server.port}`
  const service = localService(origin, '127.0.0.1', { ca: pinned })
  const answered = upstream.send(requestTo(`${origin}/`), service, { signal })
  // Refused means refused: not a line of the request came through.
  await answered.catch(() => expect(asked).toEqual([]))
  return (await bytesOf((await answered).body)).toString()
}

test.each<[kind: string, options: () => ServerOptions, host?: string]>([
  ['for the name', () => issue()],
  ['for the name among others', () => issue({ names: ['a.example', HOST, '127.0.0.1'] })],
  ['for every name at its level', () => issue({ names: ['*.test.example'] })],
  ['for the address, where the service is called by it', () => issue({}, '127.0.0.1'), '127.0.0.1'],
  ['of an intermediate that comes with it', () => root.intermediate('Between').issue(HOST)],
  [
    'of an authority for these names',
    () => root.intermediate('Ours', { permitted: 'test.example' }).issue(HOST),
  ],
  ['said to be a server’s', () => issue({ purpose: 'serverAuth' })],
])('a certificate %s is taken', async (_kind, options, host = HOST) => {
  expect(await ask(options(), { host })).toBe('secure')
})

/** The chain without what stands behind the first certificate. */
const alone = ({ key, cert }: { key: string; cert: string }) => ({
  key,
  cert: `${cert.split('-----END')[0]}-----END CERTIFICATE-----\n`,
})
const long = { days: [-10, -1] } as const

const REFUSED: [kind: string, options: () => ServerOptions, reason: string, host?: string][] = [
  ['expired', () => issue(long), 'tls-expired'],
  ['not yet valid', () => issue({ days: [5, 10] }), 'tls-not-yet-valid'],
  ['of an expired intermediate', () => root.intermediate('Old', long).issue(HOST), 'tls-expired'],
  ['for another host', () => issue({}, 'other.test.example'), 'tls-wrong-host'],
  ['for the parent domain', () => issue({}, 'test.example'), 'tls-wrong-host'],
  ['for the address alone', () => issue({}, '127.0.0.1'), 'tls-wrong-host'],
  ['for a name, asked by address', () => issue(), 'tls-wrong-host', '127.0.0.1'],
  ['with the address as a name', () => issue({ names: ['localhost'] }), 'tls-wrong-host', '127.0.0.1'],
  ['with a common name alone', () => issue({ names: [] }), 'tls-wrong-host'],
  ['for every name a level up', () => issue({ names: ['*.example'] }), 'tls-wrong-host'],
  [
    'for every name, asked a level down',
    () => issue({ names: ['*.example'] }),
    'tls-wrong-host',
    'a.b.example',
  ],
  ['with two wildcards', () => issue({ names: ['*.*.example'] }), 'tls-wrong-host'],
  ['with half a wildcard', () => issue({ names: ['a*.test.example'] }), 'tls-wrong-host'],
  ['with a wildcard for everything', () => issue({ names: ['*'] }), 'tls-wrong-host'],
  ['with a name behind a NUL', () => issue({ names: [`${HOST}\0.evil.example`] }), 'tls-wrong-host'],
  ['self-signed', () => issue({ self: true }), 'tls-self-signed'],
  ['of another authority', () => authority().issue(HOST), 'tls-untrusted'],
  ['of another authority of the same name', () => authority('Test Authority').issue(HOST), 'tls-untrusted'],
  ['without its intermediate', () => alone(root.intermediate('Gone').issue(HOST)), 'tls-untrusted'],
  [
    'signed by a server (CVE-2002-0862)',
    () => root.intermediate('Server', { isAuthority: false }).issue(HOST),
    'tls-wrong-purpose',
  ],
  [
    'of an authority for other names',
    () => root.intermediate('Theirs', { permitted: 'other.example' }).issue(HOST),
    'tls-untrusted',
  ],
  ['of a client', () => issue({ purpose: 'clientAuth' }), 'tls-wrong-purpose'],
  ['signed over SHA-1', () => ({ ...issue({ digest: 'sha1' }), ...WEAK }), 'tls-untrusted'],
  ['signed over MD5', () => ({ ...issue({ digest: 'md5' }), ...WEAK }), 'tls-untrusted'],
  ['with a key of 1024 bits', () => ({ ...issue({ bits: 1024 }), ...WEAK }), 'tls-untrusted'],
  ['over TLS 1.0', () => ({ ...issue(), ...WEAK, minVersion: 'TLSv1', maxVersion: 'TLSv1' }), 'tls-too-old'],
  [
    'over TLS 1.1',
    () => ({ ...issue(), ...WEAK, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
    'tls-too-old',
  ],
  ['never shown', () => ({ ...issue(), maxVersion: 'TLSv1.2', ciphers: 'aNULL@SECLEVEL=0' }), 'tls'],
  ['without encryption', () => ({ ...issue(), maxVersion: 'TLSv1.2', ciphers: 'eNULL@SECLEVEL=0' }), 'tls'],
]

let refused = 0
test.each(REFUSED)(
  'a certificate %s is refused, whatever the environment says',
  async (_kind, options, reason, host = HOST) => {
    const problem = expect.objectContaining({ code: 'upstream-unreachable', reason })
    const before = { ...process.env }
    const made = options()
    try {
      await expect(ask(made, { host })).rejects.toThrow(problem)
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
      await expect(ask(made, { host })).rejects.toThrow(problem)
      refused += 2
    } finally {
      process.env = before
    }
  },
)
afterAll(() => done('bad certificates and protocols refused', refused))

test('an authority is believed by the service that pins it and by no other', async () => {
  const other = authority('Other')
  const refusal = expect.objectContaining({ reason: 'tls-untrusted' })
  await expect(ask(issue(), { pinned: null })).rejects.toThrow(refusal)
  await expect(ask(issue(), { pinned: other.ca })).rejects.toThrow(refusal)
  expect(await ask(other.issue(HOST), { pinned: root.ca + other.ca })).toBe('secure')
})

test('what is pinned may be the root, an intermediate or the server’s own certificate', async () => {
  const between = root.intermediate('Between')
  expect(await ask(between.issue(HOST), { pinned: between.ca })).toBe('secure')
  const own = issue()
  expect(await ask(own, { pinned: own.cert })).toBe('secure')
  const self = issue({ self: true })
  expect(await ask(self, { pinned: self.cert })).toBe('secure')
  // Pinned or not, it must name the host and be in time.
  const elsewhere = root.issue('other.test.example', { self: true })
  await expect(ask(elsewhere, { pinned: elsewhere.cert })).rejects.toThrow(
    expect.objectContaining({ reason: 'tls-wrong-host' }),
  )
  const old = issue({ self: true, ...long })
  await expect(ask(old, { pinned: old.cert })).rejects.toThrow(
    expect.objectContaining({ reason: 'tls-expired' }),
  )
})

test('services with the same host share no connection where they pin different authorities', async () => {
  const sockets: unknown[] = []
  const server = await serveTls((request, response) => {
    sockets.push(request.socket)
    response.end('secure')
  }, issue())
  const origin = `https://${HOST}:${server.port}`
  const upstream = upstreamWith()
  const send = async (ca: string | null) => {
    const service = localService(origin, '127.0.0.1', { ca })
    const { body } = await upstream.send(requestTo(`${origin}/`), service, { signal, party: 'one' })
    await bytesOf(body)
    // The connection is free again a moment after the body has ended.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await send(root.ca)
  await send(root.ca)
  expect(new Set(sockets).size).toBe(1)
  // With a warm connection at hand that another pin has opened:
  for (const ca of [null, authority('Other').ca])
    await expect(send(ca)).rejects.toThrow(expect.objectContaining({ reason: 'tls-untrusted' }))
  await send(`${root.ca}${authority('Further').ca}`)
  expect(new Set(sockets).size).toBe(2)
  expect(sockets).toHaveLength(3)
})

test('pinned text that is no certificate fails closed', async () => {
  for (const pinned of ['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])
    await expect(ask(issue(), { pinned })).rejects.toThrow(
      expect.objectContaining({ code: 'upstream-unreachable' }),
    )
})
