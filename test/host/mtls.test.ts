import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import type { Auth } from '../../shared/model/service.ts'
import { type Authority, authority, type ServerCertificate } from '../support/certificates.ts'
import { exampleService } from '../support/examples.ts'
import { pkcs12Of } from '../support/pkcs12.ts'
import { type MtlsUpstream, startMtlsUpstream } from '../support/upstreams/mtls-upstream.ts'
import { mintedWorld, SITE } from './minted-fixture.ts'

/** The real host process against a TLS server that demands a certificate. */
const world = mintedWorld()
let servers: Authority
let clients: Authority
let upstream: MtlsUpstream

const MTLS: Auth = {
  kind: 'mtls',
  pkcs12: 'pkcs12',
  certificate: 'certificate',
  privateKey: 'private-key',
  passphrase: 'passphrase',
}

beforeAll(async () => {
  servers = authority('Servers')
  clients = authority('Clients')
  upstream = await startMtlsUpstream(servers.issue('127.0.0.1'), clients.ca)
})
afterAll(() => upstream.close())
beforeEach(() => {
  upstream.clients.length = 0
  upstream.journal.clear()
})

/** A service at the server, with a certificate of its own or none. */
function add(id: string, path: string, secrets: Record<string, string | Uint8Array> | null): void {
  const { store, keys } = world.vault
  const auth: Auth = secrets === null ? { kind: 'none' } : MTLS
  const service = { id, baseUrls: [`${upstream.url}${path}`], local: { address: null }, ca: servers.ca }
  putService(store, keys, exampleService({ ...service, auth: [{ paths: ['/**'], auth }] }))
  for (const [name, value] of Object.entries(secrets ?? {}))
    putSecret(store, keys, id, name, Buffer.from(value))
  world.vault.addCapability(`use-${id}`, id, ['GET /**'])
}

async function asker() {
  const { store, keys } = world.vault
  for (const id of ['one', 'two', 'bare']) {
    const capability = findCapability(store, keys, `use-${id}`)
    if (capability !== null) world.vault.connect(SITE, capability)
  }
  const host = await world.open()
  const { id: document } = await host.document({ origin: SITE })
  return (path: string) => host.ask(document, 'GET', `${upstream.url}${path}`)
}

const pem = (own: ServerCertificate) => ({ certificate: own.cert, 'private-key': own.key })

test('each service comes with its own certificate, over connections of its own', async () => {
  add('one', '/one', { pkcs12: pkcs12Of(clients.issue('first'), 'opened', 'aes256'), passphrase: 'opened' })
  add('two', '/two', pem(clients.issue('second')))
  add('bare', '/bare', null)
  const ask = await asker()
  for (let round = 0; round < 3; round++) {
    expect(JSON.parse(await ask('/one/a').text())).toEqual({ client: 'first' })
    expect(JSON.parse(await ask('/two/a').text())).toEqual({ client: 'second' })
    // The server lets nobody in without one: no connection of the others' was used.
    expect(await ask('/bare/a').ended()).toMatchObject({ type: 'problem', code: 'upstream-unreachable' })
  }
  expect(upstream.clients.toSorted()).toEqual(['first', 'second'])
})

test('another certificate of the same service counts from the next call on', async () => {
  add('one', '/one', pem(clients.issue('first')))
  const ask = await asker()
  expect(JSON.parse(await ask('/one/a').text())).toEqual({ client: 'first' })
  for (const [name, value] of Object.entries(pem(clients.issue('renewed'))))
    putSecret(world.vault.store, world.vault.keys, 'one', name, Buffer.from(value))
  expect(JSON.parse(await ask('/one/a').text())).toEqual({ client: 'renewed' })
})

test('a certificate that the server does not trust, and one whose time is over, are problems that say so', async () => {
  add('one', '/one', pem(authority('Strangers').issue('stranger')))
  add('two', '/two', pem(clients.issue('late', { days: [-10, -1] })))
  const ask = await asker()
  expect(await ask('/one/a').ended()).toMatchObject({ code: 'upstream-unreachable' })
  expect(await ask('/two/a').ended()).toMatchObject({ code: 'credential-unavailable' })
  expect(world.problems().at(-1)).toBe('certificate-expired')
  expect(upstream.journal.calls).toEqual([])
})
