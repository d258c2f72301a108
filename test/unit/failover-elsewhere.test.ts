import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Permit } from '../../native-host/audit/permit.ts'
import type { Call, Reply } from '../../native-host/broker/call.ts'
import type { PageContext } from '../../native-host/broker/context.ts'
import { type Elsewhere, orElsewhere } from '../../native-host/broker/elsewhere.ts'
import type { Exchanged } from '../../native-host/broker/exchange.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { Trail } from '../../native-host/broker/trail.ts'
import { Problem } from '../../native-host/problem.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { SessionEnded } from '../../native-host/sessions/calls-in-flight.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { Failover } from '../../shared/model/failover.ts'
import type { Session } from '../../shared/model/grant.ts'
import { exampleService } from '../support/examples.ts'
import { OwnedVault } from '../support/owned-vault.ts'

/** The turn between the end of the first request and the beginning of the second, with a real vault and its watch. */
const SITE = 'https://chat.example'
const FAILOVER: Failover = { capability: 'there', on: ['unreachable', '5xx'], models: [], wait: null }
let vault: OwnedVault
let live: Live
let inventory: Inventory
let sessions: { here: Session; there: Session }

beforeEach(async () => {
  vault = await OwnedVault.create()
  const { store, keys } = vault
  for (const id of ['here', 'there']) vault.addService(id, `https://${id}.example/v1`, 'sk-0123456789abcdef')
  vault.addCapability('there', 'there', ['POST /v1/chat'])
  vault.addCapability('here', 'here', ['POST /v1/chat'], { failover: FAILOVER })
  inventory = new Inventory(store, keys)
  const on = { change: () => inventory.forget(), activity: () => {}, lock: () => {} }
  live = new Live({ store, keys, now: Date.now }, on)
  sessions = { here: connected('here'), there: connected('there') }
})
afterEach(async () => {
  live.close()
  await vault.remove()
})

function capability(id: string) {
  const found = findCapability(vault.store, vault.keys, id)
  if (found === null) throw new Error(`no capability ${id}`)
  return found
}

function connected(id: string): Session {
  return vault.connect(SITE, capability(id))
}

/** @param first what its own service gives; absent: it cannot be reached. */
function goneOn(between: () => void, first?: Exchanged) {
  const { store, keys } = vault
  const abort = new AbortController()
  const claimed = { method: 'POST', url: '', headers: [], redirect: 'follow' as const, bodyLength: null }
  const witnessed = { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: null }
  const call: Call = { claimed, witnessed, body: null, received: () => 0, abort }
  const place = { method: 'POST', origin: 'https://here.example', path: '/v1/chat', query: [], headers: [] }
  const verdict = {
    session: sessions.here,
    capability: capability('here'),
    service: exampleService({ id: 'here', baseUrls: ['https://here.example/v1'] }),
    request: { ...place, url: 'https://here.example/v1/chat' },
    decision: { effect: 'allow' as const, reason: 'rule-allow' as const, rule: null },
    body: null,
    askWrites: false,
  }
  const asked: Elsewhere[] = []
  const reply: Reply = {
    ...{ session: sessions.there.id, status: 200, statusText: '', headers: [], redirected: false },
    url: 'https://there.example/v1/chat',
    body: (async function* () {})(),
  }
  const permitted = { call, verdict, permit: { auditId: crypto.randomUUID() } as Permit, trail: new Trail() }
  const send = async () => {
    between()
    if (first !== undefined) return first
    throw new Problem('upstream-unreachable', 'refused')
  }
  const ask = async (there: Elsewhere) => {
    asked.push(there)
    return reply
  }
  const context = { store, keys, inventory, live, now: Date.now } as unknown as PageContext
  return { asked, outcome: orElsewhere(permitted, send, ask, context) }
}

test('a call whose sessions are both live goes on, and its own session counts it until its answer has ended', async () => {
  const { asked, outcome } = goneOn(() => {})
  const exchanged = await outcome
  expect(asked.map(({ candidate }) => candidate.session.id)).toEqual([sessions.there.id])
  expect(live.inFlight(sessions.here.id)).toBe(1)
  if (!('reply' in exchanged)) throw new Error('no reply')
  for await (const _ of exchanged.reply.body);
  expect(live.inFlight(sessions.here.id)).toBe(0)
})

test('a session that was ended, and seen to be, right between the two is noticed though nobody looks again', async () => {
  const { asked, outcome } = goneOn(() => {
    endSession(vault.store, vault.keys, sessions.here.id, 'revoked', Date.now())
    live.look()
  })
  await expect(outcome).rejects.toBeInstanceOf(SessionEnded)
  expect(asked).toEqual([])
  expect(live.inFlight()).toBe(0)
})

test('so is one that its owner has stopped here and that is not written down yet', async () => {
  const { asked, outcome } = goneOn(() => live.stop(({ id }) => id === sessions.here.id))
  await expect(outcome).rejects.toBeInstanceOf(SessionEnded)
  expect(asked).toEqual([])
})

/** An answer that another takes the place of, and whose end cannot be written down. */
function unwritable() {
  const dropped: string[] = []
  const reply: Reply = {
    ...{ session: sessions.here.id, status: 503, statusText: '', headers: [], redirected: false },
    url: 'https://here.example/v1/chat',
    body: (async function* () {})(),
  }
  const drop = () => {
    dropped.push('first')
    throw new Refusal('disk-full', 'the disk is full: nothing was changed')
  }
  return { dropped, first: { reply, drop } }
}

test('the answer of the other is given though the end of the first cannot be written down yet', async () => {
  const { dropped, first } = unwritable()
  const { outcome } = goneOn(() => {}, first)
  const exchanged = await outcome
  if (!('reply' in exchanged)) throw new Error('no reply')
  expect(exchanged.reply).toMatchObject({ session: sessions.there.id, status: 200 })
  expect(dropped).toEqual(['first'])
  for await (const _ of exchanged.reply.body);
  expect(live.inFlight()).toBe(0)
})

test('nor does that take the place of why the call was cut', async () => {
  const { dropped, first } = unwritable()
  const { outcome } = goneOn(() => live.stop(({ id }) => id === sessions.here.id), first)
  await expect(outcome).rejects.toBeInstanceOf(SessionEnded)
  expect(dropped).toEqual(['first'])
})
