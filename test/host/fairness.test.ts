import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { chunkBytes } from '../support/chunk-bytes.ts'
import { eventually } from '../support/eventually.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { committed } from '../support/wal-commits.ts'

/** What one site asks for costs another a turn, not all of it. Asserted is the order of things, and no time. */
const KEY = 'sk-of-two-sites'
const [GREEDY, MODEST] = ['https://greedy.example', 'https://modest.example']

let upstream: LoopbackServer
let vault: OwnedVault
let host: NativeHost
let greedy: number
let modest: number

beforeEach(async () => {
  upstream = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${upstream.url}/v1`, KEY)
  vault.addCapability('all', 'flow', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'all')
  if (capability === null) throw new Error('no capability')
  for (const origin of [GREEDY, MODEST]) vault.connect(origin, capability)
  host = await NativeHost.start(vault.home)
  greedy = (await host.document({ origin: GREEDY })).id
  modest = (await host.document({ origin: MODEST })).id
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await upstream.close()
})

const outcomes = () =>
  listAudit(vault.store, vault.keys, { limit: 1000 }).filter(({ kind }) => kind === 'outcome').length

test('a small answer leaves before the megabytes of another site that wait for the browser', async () => {
  const calls = [1, 2, 3].map(() => host.ask(greedy, 'GET', `${upstream.url}/v1/bytes?mib=4`))
  host.process.stdout?.pause()
  await eventually(
    'the service has begun',
    () => upstream.journal.calls.filter(({ answeredBytes }) => answeredBytes > 0).length,
    (begun) => begun === 3,
  )
  // What a service sends from its side may still be on its way: as much as the host takes without the browser reading.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const small = host.ask(modest, 'GET', `${upstream.url}/v1/small`)
  await eventually('the small answer is made', outcomes, (count) => count === 1)
  host.process.stdout?.resume()
  expect((await small.ended()).type).toBe('end')
  const before = bytesBefore(small.id)
  // No credit is given: what goes out before the first is all that comes.
  await eventually(
    'the rest',
    () => calls.map((call) => call.bytes().length),
    (lengths) => lengths.every((length) => length > 300_000),
  )
  // What the pipe held when the browser stopped to read, and a frame or two: of three megabytes less than one.
  expect(before).toBeLessThan(768 * 1024)
})

/** Payload of other calls that came before the end of this one. */
function bytesBefore(id: number): number {
  const end = host.frames.findIndex((frame) => frame.type === 'end' && frame.id === id)
  return host.frames.slice(0, end).reduce((sum, frame) => {
    return 'id' in frame && frame.id !== id ? sum + chunkBytes(frame).length : sum
  }, 0)
}

test('a call does not wait for a hundred of another site that came before it', async () => {
  const asks = Array.from({ length: 100 }, () => ask(host.id(), greedy, `${upstream.url}/v1/never`))
  const last = ask(host.id(), modest, `${upstream.url}/v1/small`)
  host.raw(Buffer.concat([...asks, last].map(framed)))
  await host.next((frame) => frame.type === 'end' && frame.id === last.id)
  const origins = intents().map((record) => ('origin' in record ? record.origin : ''))
  const place = origins.at(-1) === MODEST ? 0 : origins.reverse().indexOf(MODEST)
  expect(place).toBeGreaterThanOrEqual(0)
  expect(place).toBeLessThan(50)
})

test('a call given up before its turn came is neither written down nor sent', async () => {
  const ids = Array.from({ length: 20 }, () => host.id())
  const asks = ids.map((id) => ask(id, greedy, `${upstream.url}/v1/never`))
  const cancels = ids.map((id) => ({ type: 'cancel', id }))
  // In one piece: were this process kept from going on in between, the turn of all would come.
  host.raw(Buffer.concat([...asks, ...cancels].map(framed)))
  expect((await host.ask(greedy, 'GET', `${upstream.url}/v1/small`).ended()).type).toBe('end')
  await eventually('what began has ended', outcomes, (count) => count === intents().length)
  expect(intents().length).toBeLessThan(20)
  expect(upstream.journal.calls.length).toBeLessThan(20)
})

/** Calls that a page has in flight, each with its intent in the log. */
async function inFlight(count: number): Promise<number[]> {
  const calls = Array.from({ length: count }, () => host.ask(greedy, 'GET', `${upstream.url}/v1/never`).id)
  const begun = () => [intents().length, upstream.journal.calls.length]
  await eventually('all have begun', begun, (counts) => counts.every((each) => each === count), 30_000)
  return calls
}

const giveUp = (calls: number[]) => host.raw(Buffer.concat(calls.map((id) => framed({ type: 'cancel', id }))))

test('how calls ended that a page gives up together is written down together', async () => {
  const calls = await inFlight(32)
  const reader = openStore(vault.home)
  reader.database.exec('BEGIN')
  reader.get('SELECT count(*) FROM audit')
  const before = committed(vault.home)
  giveUp(calls)
  await eventually('all ends are written down', outcomes, (count) => count === 32, 30_000)
  const commits = committed(vault.home) - before
  reader.database.exec('COMMIT')
  reader.close()
  // The first at once, eight with each turn, and what a host commits from time to time besides.
  expect(commits).toBeGreaterThan(0)
  expect(commits).toBeLessThan(16)
})

test('what a page gives up is let go at once, also where writing that down has to wait', async () => {
  const calls = await inFlight(16)
  const writer = openStore(vault.home)
  writer.database.exec('BEGIN IMMEDIATE')
  giveUp(calls)
  const cut = () => upstream.journal.calls.filter(({ outcome }) => outcome === 'cut').length
  await eventually('the service is rid of all', cut, (count) => count === 16, 8000)
  expect(outcomes()).toBe(0)
  writer.database.exec('COMMIT')
  writer.close()
  await eventually('all ends are written down', outcomes, (count) => count === 16, 30_000)
})

const intents = () =>
  listAudit(vault.store, vault.keys, { limit: 1000 }).filter(({ kind }) => kind === 'intent')

const ask = (id: number, document: number, url: string) => ({
  type: 'ask',
  id,
  document,
  method: 'GET',
  url,
  headers: [],
  hasBody: false,
  bodyLength: null,
  redirect: 'follow',
})

function framed(frame: object): Buffer {
  const body = Buffer.from(JSON.stringify(frame))
  const header = Buffer.alloc(4)
  header.writeUInt32LE(body.length)
  return Buffer.concat([header, body])
}
