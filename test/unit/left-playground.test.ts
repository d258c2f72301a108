import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { makeBackup } from '../../native-host/owner/backup.ts'
import { forgetLeftPlayground, forgetPlayground } from '../../native-host/owner/forget-playground.ts'
import * as grants from '../../native-host/owner/grants.ts'
import { leavePlayground, openPlayground } from '../../native-host/owner/playground.ts'
import { PlaygroundWatch } from '../../native-host/owner/playground-watch.ts'
import { openForRestore } from '../../native-host/owner/restore.ts'
import * as sites from '../../native-host/owner/sites.ts'
import { readPlayground, writePlayground } from '../../native-host/sessions/served-playground.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { Lease } from '../../native-host/store/lease.ts'
import { listServices } from '../../native-host/store/services.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { callRecord, connected, NAMES, openVault, type VaultFixture } from './vault-fixture.ts'

const PASSPHRASE = 'a passphrase of its own 42'
const QUICK = { memory: 64 * 1024, passes: 2, parallelism: 1 }
const ORIGIN = 'http://127.0.0.1:49152'
const YEAR = 365 * 86_400_000
/** Between two looks, ms: the test looks by itself. */
const NEVER = 2 ** 30

let vault: VaultFixture
let lease: Lease
let capability: Capability
let session: Session
beforeEach(() => {
  vault = openVault()
  lease = Lease.take(vault.store)
  const place = { origin: ORIGIN, url: `${ORIGIN}/folder/`, modelUrl: `${ORIGIN}/v1` }
  writePlayground(vault.store, vault.keys, { lease: lease.id, ...place })
  capability = connected(vault).capability
  session = grants.add(owner(), { origin: ORIGIN, topOrigin: ORIGIN, capability: capability.id }).session
})
afterEach(() => {
  lease.release()
  leavePlayground(owner())
  vault.remove()
})

const owner = (now = Date.now) => ({ store: vault.store, keys: vault.keys, now, by: 'cli' as const })
const origins = () => listGrants(vault.store, vault.keys).map(({ origin }) => origin)
const place = { origin: ORIGIN, topOrigin: ORIGIN }
const intent = () => {
  const record = callRecord({ session: session.id })
  return recordIntent(vault.store, vault.keys, { session: session.id, capability, now: Date.now(), record })
}

test('a call of its page is permitted while a process serves it, and not from the moment that nobody does', () => {
  expect('refused' in intent()).toBe(false)
  lease.release()
  expect(intent()).toEqual({ refused: 'session-ended' })
})

test('so is one of a frame from there, and of a frame that is shown there', () => {
  const framed = [
    { origin: ORIGIN, topOrigin: 'https://top.example' },
    { origin: 'https://frame.example', topOrigin: ORIGIN },
  ]
  const found = framed.map((each) => grants.add(owner(), { ...each, capability: capability.id }).session)
  lease.release()
  for (const each of found) {
    session = each
    expect(intent()).toEqual({ refused: 'session-ended' })
  }
})

test('no other page pays for it: another loopback origin and the rest of the web go on', () => {
  lease.release()
  for (const origin of ['http://127.0.0.1:49153', 'http://localhost:49152', 'https://site.example']) {
    session = grants.add(owner(), { origin, topOrigin: origin, capability: capability.id }).session
    expect('refused' in intent(), origin).toBe(false)
  }
})

test('nobody there is told of a service any more, nor what the owner could go on with', () => {
  const inventory = new Inventory(vault.store, vault.keys)
  const live = () => inventory.liveSessions(Date.now()).map(({ origin }) => origin)
  const paused = () => inventory.pausedGrants(Date.now()).map(({ origin }) => origin)
  expect(live()).toContain(ORIGIN)
  expect(sites.view(owner(), place).sessions).toHaveLength(1)
  lease.release()
  expect(live()).not.toContain(ORIGIN)
  expect(sites.view(owner(), place)).toEqual({ sessions: [], paused: [] })
  endSession(vault.store, vault.keys, session.id, 'expired', Date.now())
  inventory.forget()
  expect(paused()).not.toContain(ORIGIN)
  const baseUrl = 'https://api.canary-upstream.example'
  expect(() => sites.resume(owner(), place, baseUrl)).toThrow('nothing to go on with')
})

test('what is served is left alone, whatever the clock says and however often somebody looks', () => {
  for (const now of [Date.now() - YEAR, Date.now(), Date.now() + YEAR]) {
    const context = owner(() => now)
    const watch = new PlaygroundWatch(context, () => expect.unreachable(), NEVER)
    for (let looks = 0; looks < 50; looks += 1) watch.look()
    watch.close()
    expect(forgetLeftPlayground(context)).toBe(false)
  }
  expect(origins()).toContain(ORIGIN)
})

test('what nobody serves is forgotten at the next look, whatever the clock says', () => {
  for (const now of [Date.now() - YEAR, Date.now() + YEAR]) {
    const watch = new PlaygroundWatch(
      owner(() => now),
      () => {},
      NEVER,
    )
    lease.release()
    expect(origins()).toContain(ORIGIN)
    watch.look()
    watch.close()
    expect(origins()).not.toContain(ORIGIN)
    expect(readPlayground(vault.store, vault.keys)).toBeNull()
    lease = Lease.take(vault.store)
    writePlayground(vault.store, vault.keys, { ...placeAt(lease), url: ORIGIN, modelUrl: `${ORIGIN}/v1` })
    grants.add(owner(), { ...place, capability: capability.id })
  }
})

const placeAt = ({ id }: Lease) => ({ lease: id, origin: ORIGIN })

test('whoever serves one closes it where another process has taken it back, with what it was given since', async () => {
  lease.release()
  const { url, origin } = await openPlayground(owner())
  let changes = 0
  const watch = new PlaygroundWatch(owner(), () => changes++, NEVER)
  watch.look()
  expect([changes, (await fetch(url)).status]).toEqual([0, 200])
  const found = readPlayground(vault.store, vault.keys)
  expect(found?.origin).toBe(origin)
  if (found !== null) forgetPlayground(owner(), found)
  grants.add(owner(), { origin, topOrigin: origin, capability: capability.id })
  watch.look()
  watch.close()
  expect(changes).toBe(1)
  expect(origins()).not.toContain(origin)
  await expect(fetch(url)).rejects.toThrow()
})

test('a service that an older version left, without a word of where it was, is forgotten with its origin’s grants', async () => {
  lease.release()
  const { origin } = await openPlayground(owner())
  grants.add(owner(), { origin, topOrigin: origin, capability: capability.id })
  vault.store.run("DELETE FROM meta WHERE name = 'playground'")
  expect(forgetLeftPlayground(owner())).toBe(true)
  expect(origins()).not.toContain(origin)
  expect(listServices(vault.store, vault.keys).map(({ id }) => id)).not.toContain('playground')
  expect(forgetLeftPlayground(owner())).toBe(false)
})

test('a backup holds nothing of a playground: its port is another program’s when that is put back', async () => {
  lease.release()
  const { origin } = await openPlayground(owner())
  grants.add(owner(), { origin, topOrigin: origin, capability: capability.id })
  grants.add(owner(), { origin, topOrigin: origin, capability: 'playground-chat' })
  const { file } = await makeBackup(owner(), PASSPHRASE, QUICK)
  const intake = await openForRestore(owner(), file, PASSPHRASE)
  expect(intake.services.map(({ service }) => service.id)).toEqual([NAMES.service])
  expect(intake.capabilities.map(({ id }) => id)).toEqual([NAMES.capability])
  expect(intake.grants.map((grant) => grant.origin)).toEqual([NAMES.origin])
})
