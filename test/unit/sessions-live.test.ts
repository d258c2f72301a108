import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Live, SessionEnded } from '../../native-host/sessions/live.ts'
import { endSession, startSession } from '../../native-host/sessions/sessions.ts'
import { openStore, type Store } from '../../native-host/store/store.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { connected, openVault, type VaultFixture } from './vault-fixture.ts'

/** The look that precedes bytes, without a timer ever coming round. */
const START = Date.now()
let vault: VaultFixture
let elsewhere: Store
let live: Live
let clock: number
let told: string[]

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setInterval', 'clearInterval', 'Date'] })
  vault = openVault()
  elsewhere = openStore(vault.home)
  clock = START
  told = []
  live = new Live(
    { store: vault.store, keys: vault.keys, now: () => clock },
    {
      change: () => {},
      activity: () => {},
      lock: () => told.push('lock'),
      ended: (session) => told.push(session),
    },
  )
})
afterEach(() => {
  live.close()
  elsewhere.close()
  vault.remove()
  vi.useRealTimers()
})

function calling(session: string): AbortController {
  const abort = new AbortController()
  live.begin(session, abort)
  return abort
}

test('a look cuts what another process has revoked in the same turn, and nothing else', () => {
  const { session, grant, capability } = connected(vault, { now: START })
  const other = startSession(vault.store, vault.keys, { grant, capability, ttl: 60, now: START })
  const [mine, theirs] = [calling(session.id), calling(other.id)]
  live.look()
  expect([mine.signal.aborted, theirs.signal.aborted]).toEqual([false, false])
  endSession(elsewhere, vault.keys, session.id, 'revoked', START)
  live.look()
  expect(mine.signal.reason).toBeInstanceOf(SessionEnded)
  expect(theirs.signal.aborted).toBe(false)
  expect(told).toEqual([session.id])
})

test('a look that is fresh enough is not taken again', async () => {
  const { session } = connected(vault, { now: START })
  const call = calling(session.id)
  live.look()
  endSession(elsewhere, vault.keys, session.id, 'revoked', START)
  live.look(60_000)
  expect(call.signal.aborted).toBe(false)
  live.look()
  expect(call.signal.aborted).toBe(true)
})

test('a look after a sleep cuts what ran out meanwhile before a timer has had its turn', () => {
  const { session } = connected(vault, { ttl: 60, now: START })
  const call = calling(session.id)
  live.look()
  clock += 61_000
  vi.setSystemTime(clock)
  live.look()
  expect(call.signal.reason).toBeInstanceOf(SessionEnded)
})

test('a look sees a lock', () => {
  connected(vault, { now: START })
  live.look()
  expect(told).toEqual([])
  raiseLock(elsewhere)
  live.look()
  expect(told).toEqual(['lock'])
})
