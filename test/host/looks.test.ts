import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOOKS } from '../../native-host/owner/looks.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { framesIn } from '../../shared/protocol/several.ts'
import { eventually } from '../support/eventually.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { packed } from '../support/packed-document.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** What the browser is told has changed, by the real host process: no more than has. */
const KEY = 'sk-of-the-quiet-host'
const SITE = 'https://agent.example'

let flow: LoopbackServer
let vault: OwnedVault
let host: NativeHost

beforeEach(async () => {
  flow = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('flow', 'flow', ['GET /v1/**'])
  connect(SITE)
  host = await NativeHost.start(vault.home)
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await flow.close()
})

function connect(site: string): void {
  const capability = findCapability(vault.store, vault.keys, 'flow')
  if (capability === null) throw new Error('no capability')
  vault.connect(site, capability, 3600)
}

type Changed = Extract<FrameToBackground, { type: 'changed' }>
const changes = () => host.frames.filter((frame): frame is Changed => frame.type === 'changed')
const told = (what: string, fits: (all: Changed[]) => boolean) => eventually(what, changes, fits)

/** All that is stored, but how far the clock has come, which looking may note. */
function stored(): string[] {
  const tables = vault.store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
  return tables.map(({ name }) => {
    const but = name === 'meta' ? " WHERE name <> 'clock'" : ''
    const rows = vault.store.all(`SELECT * FROM "${String(name)}"${but}`)
    return `${String(name)}: ${rows.map((row) => JSON.stringify(Object.values(row).map(String))).join()}`
  })
}

/** Resolves when what a host writes as it starts is written: nothing was for a second. */
async function atRest(): Promise<void> {
  let [seen, since] = ['', 0]
  const rested = () => {
    const now = stored().join()
    if (now !== seen) [seen, since] = [now, performance.now()]
    return performance.now() - since
  }
  await eventually('the host writes nothing more', rested, (ms) => ms >= 1000)
}

/** One of each that only looks. */
const looks = (): Command[] => [
  { name: 'approval-list' },
  { name: 'audit-list', limit: 10 },
  { name: 'audit-page', where: {}, limit: 10 },
  { name: 'audit-counts', where: {}, edges: [0, Date.now()] },
  { name: 'auto-lock' },
  { name: 'budget-list' },
  { name: 'capability-draft', draft: { id: 'new', service: 'flow', label: 'New', allow: ['GET /v1/a'] } },
  { name: 'capability-failovers', id: 'flow' },
  { name: 'capability-list' },
  { name: 'capability-preview', id: 'flow', edit: {} },
  { name: 'capability-tighten', id: 'flow' },
  { name: 'explain', capability: 'flow', method: 'GET', url: `${flow.url}/v1/small` },
  { name: 'grant-list' },
  { name: 'grant-use' },
  { name: 'openapi-read', service: 'flow', document: packed({ openapi: '3.1.0', paths: {} }) },
  { name: 'service-list' },
  { name: 'service-update-preview', id: 'flow' },
  { name: 'session-list' },
  { name: 'site-refusal', topOrigin: SITE },
  { name: 'site-view', origin: SITE, topOrigin: SITE },
  { name: 'slot-list' },
]

test('an order that only looks writes nothing and tells nobody to look again; one that changes something does', async () => {
  await host.document({ origin: SITE })
  await atRest()
  const [before, kept] = [changes().length, stored()]
  for (const order of looks()) await host.order(order).catch(({ code }) => expect(code).not.toBe('internal'))
  expect(stored()).toEqual(kept)

  await host.order({ name: 'auto-lock-set', minutes: 60 })
  const after = await told('that something changed', (all) => all.length > before)
  expect(after.slice(before)).toEqual([expect.not.objectContaining({ traffic: true })])
})

test('each of them was ordered', () => {
  expect(
    looks()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...LOOKS].sort())
})

test('calls that come and go are told as traffic; what another process changes meanwhile is not', async () => {
  const page = (await host.document({ origin: SITE })).id
  const small = async () => (await host.ask(page, 'GET', `${flow.url}/v1/small`).ended()).type
  const calls = async () => {
    const before = changes().length
    for (let call = 0; call < 3; call += 1) expect(await small()).toBe('end')
    await told('the calls', (all) => all.length > before && all.at(-1)?.inFlight === 0)
    return changes().slice(before)
  }
  // Not the first ones: the host has only just opened the vault.
  await eventually('that is all', calls, (all) => all.every(({ traffic }) => traffic === true))

  // As many sessions as before, and others.
  vault.store.transaction(() => connect('https://other.example'))
  expect(await small()).toBe('end')
  await told('another session', (all) => all.some(({ live, traffic }) => live === 2 && traffic === undefined))
})

test('a small answer is one message: its head, its body and its end', async () => {
  const page = (await host.document({ origin: SITE })).id
  const call = host.ask(page, 'GET', `${flow.url}/v1/small`)
  expect((await call.ended()).type).toBe('end')
  const messages = [...new FrameReader().push(Buffer.concat(host.written))]
  const types = messages.map((message) => (framesIn(message) as { type: string }[]).map(({ type }) => type))
  expect(types).toContainEqual(['head', 'chunk', 'end'])
})
