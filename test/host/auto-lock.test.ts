import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { lockEpoch } from '../../native-host/vault/lock.ts'
import { OPEN_AT_START, setOpenAtStart } from '../../native-host/vault/open-at-start.ts'
import { eventually } from '../support/eventually.ts'
import { InProcessHost } from '../support/in-process-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { runFromSource } from '../support/source-command.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** The vault locks itself when nobody has used it for as long as its owner chose. */
const KEY = 'sk-of-the-auto-lock'
const SITE = 'https://agent.example'
const MINUTE = 60_000
const YEAR = 365 * 24 * 60 * MINUTE

let flow: LoopbackServer
let vault: OwnedVault
let offset: number
let hosts: InProcessHost[]
beforeEach(async () => {
  flow = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('flows', 'flow', ['GET /v1/small', 'GET /v1/clock'])
  const capability = findCapability(vault.store, vault.keys, 'flows')
  if (capability !== null) vault.connect(SITE, capability)
  offset = 0
  hosts = []
})
afterEach(async () => {
  for (const host of hosts) host.close()
  await vault.remove()
  await flow.close()
})

/** A host whose wall clock the test sets. */
async function open(): Promise<InProcessHost> {
  const host = await InProcessHost.open(vault.home, {}, () => Date.now() + offset)
  hosts.push(host)
  return host
}

function ask(host: InProcessHost, document: number, path: string): number {
  const id = host.id()
  const rest = { headers: [], hasBody: false, bodyLength: null, redirect: 'follow' as const }
  void host.receive({ type: 'ask', id, document, method: 'GET', url: `${flow.url}/v1/${path}`, ...rest })
  return id
}

const ended = (host: InProcessHost, id: number) =>
  host.next(
    'its end',
    (frame) => ['end', 'problem', 'cut'].includes(frame.type) && 'id' in frame && frame.id === id,
  )
const isLocked = (host: InProcessHost) => eventually('the host is to end', () => host.locked, Boolean)
const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 50 }).flatMap((record) =>
    record.kind === 'act' ? [`${record.act} ${record.by}`] : [],
  )
/** Two looks of every host's, which come each second. */
const looks = () => new Promise((resolve) => setTimeout(resolve, 2200))

test('two hosts that nobody uses lock the vault once, and the log says who did it', async () => {
  const [one, other] = [await open(), await open()]
  await one.order({ name: 'auto-lock-set', minutes: 5 })
  setOpenAtStart(vault.home, true)
  offset = 4 * MINUTE
  await looks()
  expect([one.locked, other.locked, lockEpoch(vault.store)]).toEqual([false, false, 0])
  offset = 5 * MINUTE + 1000
  await Promise.all([isLocked(one), isLocked(other)])
  expect(lockEpoch(vault.store)).toBe(1)
  expect(acts().filter((act) => act.startsWith('vault.auto-lock '))).toEqual(['vault.auto-lock clock'])
  // A key file or the keychain is not to open it again by itself.
  expect(existsSync(join(vault.home, OPEN_AT_START))).toBe(false)
})

test('a call that is sent is a use, one that is refused and a look are none', async () => {
  const host = await open()
  const document = await host.document(SITE)
  await host.order({ name: 'auto-lock-set', minutes: 15 })
  offset = 10 * MINUTE
  expect((await ended(host, ask(host, document, 'small'))).frame).toMatchObject({ type: 'end' })
  offset = 20 * MINUTE
  expect((await ended(host, ask(host, document, 'denied'))).frame).toMatchObject({
    type: 'problem',
    code: 'denied',
  })
  await host.order({ name: 'session-list' })
  await looks()
  expect(host.locked).toBe(false)
  offset = 25 * MINUTE + 1000
  await isLocked(host)
})

test('a machine that slept past the time sends nothing when it wakes, not even of a stream that still ran', async () => {
  const host = await open()
  const document = await host.document(SITE)
  await host.order({ name: 'auto-lock-set', minutes: 5 })
  const stream = ask(host, document, 'clock')
  await host.next('a chunk', (frame) => frame.type === 'chunk' && frame.id === stream)
  offset = 6 * MINUTE
  await isLocked(host)
  expect((await ended(host, stream)).frame).toMatchObject({ type: 'cut', code: 'vault-locked' })
  flow.journal.clear()
  expect((await ended(host, ask(host, document, 'small'))).frame).toMatchObject({ type: 'problem' })
  expect(flow.journal.arrivals).toEqual([])
})

test('a call that ends as the machine wakes, before anybody looked at the time, is no use', async () => {
  const host = await open()
  const document = await host.document(SITE)
  await host.order({ name: 'auto-lock-set', minutes: 5 })
  const stream = ask(host, document, 'clock')
  await host.next('a chunk', (frame) => frame.type === 'chunk' && frame.id === stream)
  // In one turn with the new time: no look can have come between.
  offset = 6 * MINUTE
  void host.receive({ type: 'cancel', id: stream })
  await isLocked(host)
})

test('a clock set back does not keep it open, and `never` does whatever the clock says', async () => {
  const host = await open()
  await host.order({ name: 'auto-lock-set', minutes: null })
  offset = YEAR
  await looks()
  expect(host.locked).toBe(false)
  await host.order({ name: 'auto-lock-set', minutes: 5 })
  // Set back, time goes on from the latest that was seen, at the clock's pace.
  offset = 0
  await looks()
  expect(host.locked).toBe(false)
  offset = 5 * MINUTE + 1000
  await isLocked(host)
})

test('the command tells it, changes it, and refuses what is no such time; real hosts keep to it', async () => {
  const told = async (...args: string[]) =>
    JSON.parse((await runFromSource(vault.home, ['auto-lock', ...args, '--json'])).stdout)
  expect(await told()).toEqual({ minutes: 480 })
  expect(await told('1m')).toEqual({ minutes: 1 })
  expect(await runFromSource(vault.home, ['auto-lock', '90s'])).toMatchObject({ code: 2 })
  expect(await told('never')).toEqual({ minutes: null })
  const host = await NativeHost.start(vault.home)
  expect(await host.order({ name: 'auto-lock' })).toEqual({ minutes: null })
  expect(await host.order({ name: 'auto-lock-set', minutes: 60 })).toEqual({ minutes: 60 })
  // Another process sees the time that this one's clock says: an hour later nobody has used it.
  offset = 61 * MINUTE
  await isLocked(await open())
  expect(await host.exited).toBe(0)
})
