import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, authority, type CertificateWishes } from '../support/certificates.ts'
import { type Kv2Upstream, startKv2Upstream } from '../support/upstreams/kv2-upstream.ts'
import { referredWorld } from './referred-fixture.ts'

/** A KV store with a certificate of its company's own authority, through the host and attendant as a browser starts them. */
const KEY = 'sk-in-the-company-store-2718'
const TOKEN = 's.token-of-the-company-store'
const NAME = 'store.company.example'

let own: Authority
let other: Authority
let store: Kv2Upstream
const world = referredWorld(KEY)

beforeAll(() => {
  own = authority('Company')
  other = authority('Somebody else')
})
afterEach(() => store.close())

/** Start the store. @param name whose certificate it has. */
async function storeAs(name: string, wishes: CertificateWishes = {}): Promise<void> {
  store = await startKv2Upstream(own.issue(name, wishes))
  store.tokens.add(TOKEN)
  store.secrets.set('secret/team/api', { key: KEY })
}

/** @param host as the reference names it. */
function livesIn(host: string, more: object): void {
  const token = join(world.root, 'token')
  writeFileSync(token, TOKEN, { mode: 0o600 })
  const address = `https://${host}:${store.port}`
  const where = { address, path: 'team/api', field: 'key', token: { file: token }, seconds: 60 }
  world.livesAt(`vault-kv2:${JSON.stringify({ ...where, ...more })}`)
}

describe.runIf(process.platform !== 'win32')('a KV store behind a private authority', () => {
  test.each([
    ['by its address', '127.0.0.1', {}],
    ['by its name, at the address its owner gave', NAME, { ip: '127.0.0.1' }],
  ])('gives the key where the reference pins that authority: %s', async (_what, host, more) => {
    await storeAs(host)
    livesIn(host, { ca: own.ca, ...more })
    await world.open()
    expect(await world.call()).toBe('sent')
    expect(world.arrived()).toEqual([`Bearer ${KEY}`])
    expect(store.journal.arrivals.map(({ target }) => target)).toEqual(['/v1/secret/data/team/api'])
  })

  test.each<[string, () => object, string, CertificateWishes]>([
    ['without the authority', () => ({}), NAME, {}],
    ['with another authority', () => ({ ca: other.ca }), NAME, {}],
    ['with a certificate for another name', () => ({ ca: own.ca }), 'other.company.example', {}],
    ['with a certificate that expired', () => ({ ca: own.ca }), NAME, { days: [-10, -1] }],
    ['with a certificate that only it signed', () => ({ ca: own.ca }), NAME, { self: true }],
  ])('is not asked and shown no token %s', async (_what, more, name, wishes) => {
    await storeAs(name, wishes)
    livesIn(NAME, { ip: '127.0.0.1', ...more() })
    await world.open()
    expect(await world.call()).toEqual({
      page: 'credential-unavailable',
      owner: 'reference-store-untrusted',
    })
    expect([store.journal.arrivals.length, world.arrived().length]).toEqual([0, 0])
  })
})
