import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import { EXCHANGES, type Exchange, exchangeAuth } from '../support/exchanges.ts'
import { type AskOptions, NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startKeyedUpstream } from '../support/upstreams/keyed-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/**
 * Exchanges that want their calls signed, each a server that computes signatures by the exchange's published rules, and the
 * real host process that signs for them. What comes in between may change a byte, and clocks may differ.
 */
const SITE = 'https://trader.example'
const NAMES = Object.keys(EXCHANGES)
const SECRET = Buffer.from('a secret of an exchange, 32 bytes!').toString('base64')
const KEYS = { key: 'public-half', secret: SECRET, passphrase: 'open-sesame-of-it' }

interface Arrived {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

let vault: OwnedVault
let host: NativeHost
let document: number
/** What happens to a call on its way, and how far the exchange's clock is ahead, ms. */
let onTheWay: (call: Arrived) => Arrived
let ahead: number
const servers = new Map<string, LoopbackServer>()

async function start(name: string, exchange: Exchange): Promise<void> {
  const server = await startKeyedUpstream(({ method = '', url = '', headers }, body) => {
    const call = onTheWay({ method, url, headers, body: body.toString() })
    return exchange.fault(call, call.body, KEYS, Date.now() + ahead)
  })
  servers.set(name, server)
  const auth = exchangeAuth(exchange, KEYS.key)
  vault.addService(name, `${server.url}/v1`, 'unused-bearer-token', { auth: [{ paths: ['/**'], auth }] })
  putSecret(vault.store, vault.keys, name, 'secret', Buffer.from(KEYS.secret))
  if (exchange.settings.some((each) => each.startsWith('passphrase-')))
    putSecret(vault.store, vault.keys, name, 'passphrase', Buffer.from(KEYS.passphrase))
  vault.addCapability(name, name, ['* /v1/**'])
  const capability = findCapability(vault.store, vault.keys, name)
  if (capability !== null) vault.connect(SITE, capability)
}

beforeAll(async () => {
  vault = await OwnedVault.create()
  for (const [name, exchange] of Object.entries(EXCHANGES)) await start(name, exchange)
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
beforeEach(() => {
  onTheWay = (call) => call
  ahead = 0
})
afterAll(async () => {
  await host.close()
  const wire = Buffer.concat(host.written).toString('latin1')
  for (const secret of [KEYS.secret, KEYS.passphrase]) expect(wire).not.toContain(secret)
  await vault.remove()
  for (const server of servers.values()) await server.close()
})

/** What the exchange said of a call. */
async function ask(name: string, method: string, target: string, options: AskOptions = {}) {
  const call = host.ask(document, method, `${servers.get(name)?.url}/v1${target}`, options)
  const { status } = await call.head()
  const { fault } = JSON.parse(await call.text()) as { fault: string | null }
  return { status, fault }
}
const QUERY = '/orders?symbol=BTC-USDT&limit=100&note=a%20b'
const ORDER: AskOptions = {
  body: '{"symbol":"BTC-USDT","side":"buy","price":"1.5"}',
  headers: [['content-type', 'application/json']],
}
const IN = { status: 200, fault: null }
const NOT_VALID = { status: 401, fault: 'Signature for this request is not valid' }
const TOO_OLD = { status: 401, fault: 'outside of the window' }

test.each(NAMES)('%s lets in what the host signs: with a query, with a body, with neither', async (name) => {
  expect(await ask(name, 'GET', QUERY)).toEqual(IN)
  expect(await ask(name, 'POST', '/orders', ORDER)).toEqual(IN)
  expect(await ask(name, 'GET', '/time')).toEqual(IN)
})

test.each(NAMES)('%s refuses a call of which one byte was changed on its way', async (name) => {
  onTheWay = (call) => ({ ...call, url: call.url.replace('limit=100', 'limit=101') })
  expect(await ask(name, 'GET', QUERY)).toEqual(NOT_VALID)
  onTheWay = (call) => ({ ...call, body: call.body.replace('1.5', '1.4') })
  expect(await ask(name, 'POST', '/orders', ORDER)).toEqual(NOT_VALID)
  // The signature itself, wherever it stands: its first character.
  const signed = /^(?:[0-9a-f]{64}|[0-9a-f]{128}|[A-Za-z0-9+/]{43}=)$/
  const other = (text: string) => (text.startsWith('0') ? `1${text.slice(1)}` : `0${text.slice(1)}`)
  onTheWay = (call) => ({
    ...call,
    url: call.url.replace(/(?<=signature=)[0-9a-f]{64}/, other),
    headers: Object.fromEntries(
      Object.entries(call.headers).map(([each, text]) => [
        each,
        typeof text === 'string' && signed.test(text) ? other(text) : text,
      ]),
    ),
  })
  expect(await ask(name, 'GET', QUERY)).toEqual(NOT_VALID)
})

test.each(NAMES)('%s refuses a call by a clock that is ten minutes off, either way', async (name) => {
  for (const minutes of [10, -10]) {
    ahead = minutes * 60_000
    expect(await ask(name, 'GET', QUERY)).toEqual(TOO_OLD)
  }
})
