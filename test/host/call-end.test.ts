import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exportAudit } from '../../native-host/audit/read-audit.ts'
import type { Reply } from '../../native-host/broker/call.ts'
import { callAsOwner } from '../../native-host/broker/call-as-owner.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { findService } from '../../native-host/store/services.ts'
import { createUpstream, type Upstream } from '../../native-host/upstream/send.ts'
import { OwnedVault } from '../support/owned-vault.ts'

/** The end of a whole answer is written down in a turn of its site: what is true before it and after it. */
let server: Server
let vault: OwnedVault
let live: Live
let upstream: Upstream

beforeEach(async () => {
  server = createServer((_request, response) => response.end('whole'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  vault = await OwnedVault.create()
  vault.addService('api', `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, 'sk-of-the-test')
  vault.addCapability('reads', 'api', ['GET /v1/**'])
  const nothing = () => {}
  const { store, keys } = vault
  live = new Live({ store, keys, now: Date.now }, { change: nothing, activity: nothing, lock: nothing })
  upstream = createUpstream({})
})
afterEach(async () => {
  live.close()
  await upstream.close()
  await vault.remove()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function call(abort: AbortController, turn: () => Promise<void>): Promise<Reply> {
  const { store, keys } = vault
  const capability = findCapability(store, keys, 'reads')
  const service = findService(store, keys, 'api')
  if (capability === null || service === null) throw new Error('no target')
  const context = { store, keys, inventory: new Inventory(store, keys), live, upstream, now: Date.now }
  const url = `${service.baseUrls[0]}/x`
  const claimed = { method: 'GET', url, headers: [], redirect: 'follow' as const, bodyLength: null }
  const asked = { claimed, body: null, received: () => 0, abort, turn }
  return callAsOwner(asked, null, { capability, service }, context as never)
}

const outcomes = () =>
  [...exportAudit(vault.store, vault.keys)].flatMap((record) =>
    record.kind === 'outcome' ? [record.result] : [],
  )

test('a whole answer ends once its turn has come, and that it did is in the log by then', async () => {
  const turn = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const reply = await call(new AbortController(), () => {
    asked.resolve()
    return turn.promise
  })
  let text = ''
  const read = async () => {
    for await (const bytes of reply.body) text += Buffer.from(bytes).toString()
    return outcomes()
  }
  const end = read()
  await asked.promise
  expect([text, outcomes()]).toEqual(['whole', []])
  turn.resolve()
  expect(await end).toEqual(['sent'])
})

test('what is aborted while it waits for its turn was cut', async () => {
  const abort = new AbortController()
  const reply = await call(abort, async () => abort.abort(new Error('revoked')))
  const read = async () => {
    for await (const _ of reply.body);
  }
  await expect(read()).rejects.toThrow('revoked')
  expect(outcomes()).toEqual(['cut'])
})

test('an end that cannot be written down while others hold the database is a cut, and is as soon as they do not', async () => {
  const elsewhere = openStore(vault.home)
  const reply = await call(new AbortController(), async () => {
    elsewhere.database.exec('BEGIN IMMEDIATE')
    // Nobody has the patience to wait for it.
    let late = 0n
    vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => (late += 60_000_000_000n))
  })
  const read = async () => {
    for await (const _ of reply.body);
  }
  await expect(read()).rejects.toMatchObject({ code: 'internal' })
  vi.restoreAllMocks()
  elsewhere.close()
  expect([outcomes(), live.inFlight()]).toEqual([[], 1])
  await vi.waitFor(() => expect(outcomes()).toEqual(['cut']), { timeout: 10_000 })
  expect(live.inFlight()).toBe(0)
})
