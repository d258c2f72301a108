import { renameSync, symlinkSync, unlinkSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SessionEnded } from '../../native-host/sessions/calls-in-flight.ts'
import { vaultTime } from '../../native-host/sessions/clock.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { endSession, sessionById, startSession } from '../../native-host/sessions/sessions.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import type { Store } from '../../native-host/store/store.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { connected, openVault, type VaultFixture } from './vault-fixture.ts'

/** The look that precedes bytes, without a timer ever coming round. */
const START = Date.now()
let vault: VaultFixture
let elsewhere: Store
let live: Live
let clock: number
let told: string[]
/** What was done, in its order. */
let order: string[]
let isBroken: boolean

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setInterval', 'clearInterval', 'Date'] })
  vault = openVault()
  elsewhere = openStore(vault.home)
  clock = START
  told = []
  order = []
  isBroken = false
  live = new Live(
    { store: vault.store, keys: vault.keys, now: () => clock },
    {
      change: () => order.push('change'),
      lists: () => {
        order.push('lists')
        if (isBroken) throw new Error('cannot be read')
      },
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

test.each([1, 3, 40])(
  'of sessions in use, %d at once, a look cuts those that were revoked and no other',
  (count) => {
    const { grant, capability } = connected(vault, { now: START })
    const sessions = Array.from({ length: count }, () =>
      startSession(vault.store, vault.keys, { grant, capability, ttl: 60, now: START }),
    )
    const calls = sessions.map(({ id }) => calling(id))
    live.look()
    expect(calls.map(({ signal }) => signal.aborted)).not.toContain(true)
    const revoked = sessions.filter((_, at) => at % 3 === 0)
    for (const { id } of revoked) endSession(elsewhere, vault.keys, id, 'revoked', START)
    live.look()
    expect(calls.map(({ signal }) => signal.aborted)).toEqual(calls.map((_, at) => at % 3 === 0))
    expect(told.toSorted()).toEqual(revoked.map(({ id }) => id).toSorted())
  },
)

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

test('nor is a look fresh enough after a sleep, in which the clock of the process may have stood still', () => {
  const { session } = connected(vault, { ttl: 60, now: START })
  const call = calling(session.id)
  live.look()
  clock += 61_000
  vi.setSystemTime(clock)
  live.look(60_000)
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

const listsMade = () => new Promise((resolve) => setTimeout(resolve, 60))

test('what another process has ended is cut first, and lists are made later, once for many commits', async () => {
  const { session, grant, capability } = connected(vault, { now: START })
  live.look()
  await listsMade()
  order = []
  const call = calling(session.id)
  call.signal.addEventListener('abort', () => order.push('cut'))
  endSession(elsewhere, vault.keys, session.id, 'revoked', START)
  live.look()
  expect(order).toEqual(['cut', 'change'])
  for (let commits = 0; commits < 3; commits++) {
    startSession(elsewhere, vault.keys, { grant, capability, ttl: 60, now: START })
    live.look()
  }
  expect(order).toEqual(['cut', 'change', 'change', 'change', 'change'])
  await listsMade()
  expect(order.filter((each) => each === 'lists')).toHaveLength(1)
})

test('lists are made at once after this process’s own commits', () => {
  live.refresh()
  expect(order).toEqual(['change', 'lists'])
})

test('a session that was ended is cut as such although another one cannot be opened', () => {
  const { session, grant, capability } = connected(vault, { now: START })
  const other = startSession(vault.store, vault.keys, { grant, capability, ttl: 60, now: START })
  const [ended, damaged] = [calling(session.id), calling(other.id)]
  live.look()
  endSession(elsewhere, vault.keys, session.id, 'revoked', START)
  elsewhere.run('UPDATE sessions SET version = version + 1 WHERE id = ?', other.id)
  live.look()
  expect(ended.signal.reason).toBeInstanceOf(SessionEnded)
  expect(damaged.signal.reason).toMatchObject({ code: 'internal' })
})

test('a session whose end was taken back from outside is not live again', () => {
  const { session } = connected(vault, { now: START })
  endSession(vault.store, vault.keys, session.id, 'revoked', START)
  const call = calling(session.id)
  elsewhere.run('UPDATE sessions SET ended_at = NULL WHERE id = ?', session.id)
  live.look()
  expect(call.signal.aborted).toBe(true)
})

test('where lists cannot be made calls are cut, and it is tried again without another commit', async () => {
  const { session } = connected(vault, { now: START })
  const call = calling(session.id)
  isBroken = true
  live.look()
  expect(call.signal.aborted).toBe(false)
  await listsMade()
  expect(call.signal.reason).toMatchObject({ code: 'internal' })
  isBroken = false
  order = []
  live.look()
  await listsMade()
  expect(order).toEqual(['change', 'lists'])
})

/** Some commit of another process that ends nothing. */
function commitElsewhere(): void {
  vaultTime(elsewhere, vault.keys, START + 2500, 0)
}

test('a session that ran out by this process’s clock is cut, though nobody else has seen the time', () => {
  const { session } = connected(vault, { ttl: 60, now: START })
  const call = calling(session.id)
  live.look()
  clock += 61_000
  commitElsewhere()
  live.look()
  expect(call.signal.reason).toBeInstanceOf(SessionEnded)
})

test('a session that ran out by the latest time anybody saw is cut, whatever this process’s clock says', () => {
  const { session } = connected(vault, { ttl: 60, now: START })
  const call = calling(session.id)
  live.look()
  vaultTime(elsewhere, vault.keys, START + 61_000, 0)
  live.look()
  expect(call.signal.reason).toBeInstanceOf(SessionEnded)
})

test('a call that comes after its session was stopped is cut, though no end is written yet', () => {
  const { session } = connected(vault, { now: START })
  live.look()
  live.stop(({ id }) => id === session.id)
  const call = calling(session.id)
  commitElsewhere()
  live.look()
  expect(call.signal.reason).toBeInstanceOf(SessionEnded)
})

test('calls that are given up are written down together, when somebody says so, and once', () => {
  const { session } = connected(vault, { now: START })
  const written: string[] = []
  const calls = ['a', 'b', 'c'].map((name) => {
    const abort = new AbortController()
    const flight = live.begin(session.id, abort, () => {
      if (flight.isPutOff()) return
      written.push(`${name}${vault.store.isInTransaction ? ' with others' : ''}`)
      flight.end()
    })
    return { abort, flight }
  })
  for (const { abort } of calls.slice(0, 2)) {
    live.putOff(abort)
    abort.abort(new Error('given up'))
  }
  expect(calls.map(({ flight }) => flight.isPutOff())).toEqual([true, true, false])
  expect([written, live.inFlight()]).toEqual([[], 3])
  const given = new Set(calls.slice(0, 2).map(({ abort }) => abort))
  for (let times = 0; times < 2; times++) live.settle(given)
  expect(written).toEqual(['a with others', 'b with others'])
  expect(live.inFlight()).toBe(1)
})

test('where calls cannot be written down together each is by itself, whichever of them failed', () => {
  const { session } = connected(vault, { now: START })
  const tried: string[] = []
  const calls = ['a', 'b', 'c'].map((name) => {
    const abort = new AbortController()
    live.begin(session.id, abort, () => {
      tried.push(name)
      if (name === 'b') throw new Error('no room')
    })
    live.putOff(abort)
    return abort
  })
  live.settle(new Set(calls))
  expect(tried.join('')).toBe('ababc')
})

test('a call that comes here after its session was stopped is cut, though its intent is written', () => {
  const { session } = connected(vault, { now: START })
  live.stop(({ id }) => id === session.id)
  expect(calling(session.id).signal.reason).toBeInstanceOf(SessionEnded)
})

test('a session that was stopped stays so where its end was written in a transaction that is undone', () => {
  const { session } = connected(vault, { now: START })
  live.look()
  live.stop(({ id }) => id === session.id)
  clock += 2000
  vi.setSystemTime(clock)
  const undone = () => {
    live.look()
    throw new Error('no room')
  }
  expect(() => vault.store.transaction(undone)).toThrow('no room')
  expect(live.isStopped(session.id)).toBe(true)
})

test('and is no longer once that is durable', () => {
  const { session } = connected(vault, { now: START })
  live.stop(({ id }) => id === session.id)
  clock += 2000
  vi.setSystemTime(clock)
  live.look()
  expect(live.isStopped(session.id)).toBe(false)
  expect(sessionById(elsewhere, vault.keys, session.id)).toMatchObject({ endReason: 'revoked' })
})

test('a call that comes here after the end of its session was seen is cut by the next look', () => {
  const { session, grant, capability } = connected(vault, { now: START })
  const other = startSession(vault.store, vault.keys, { grant, capability, ttl: 60, now: START })
  live.look()
  endSession(elsewhere, vault.keys, session.id, 'revoked', START)
  live.look()
  const [ended, running] = [calling(session.id), calling(other.id)]
  live.look()
  expect(ended.signal.reason).toBeInstanceOf(SessionEnded)
  expect(running.signal.aborted).toBe(false)
})

test('a vault whose place cannot be looked at is not where it was: a look ends the process', () => {
  connected(vault, { now: START })
  live.look()
  const aside = `${vault.home}-aside`
  renameSync(vault.home, aside)
  symlinkSync(vault.home, vault.home)
  try {
    expect(() => live.look()).not.toThrow()
    expect(told).toEqual(['lock'])
  } finally {
    unlinkSync(vault.home)
    renameSync(aside, vault.home)
  }
})

test('a lock that this process orders cuts every call here, and any that comes, before anybody else knows', () => {
  const { session } = connected(vault, { now: START })
  const before = calling(session.id)
  live.lock()
  for (const { signal } of [before, calling(session.id)])
    expect(signal.reason).toMatchObject({ code: 'vault-locked' })
  expect(told).toEqual([])
})

/** Another process holds the database; nobody has the patience to wait for it. Returns how often it was tried, and the end of it. */
function busy(): { tries(): number; over(): void } {
  elsewhere.database.exec('BEGIN IMMEDIATE')
  let late = 0n
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => (late += 60_000_000_000n))
  const tried = vi.spyOn(vault.store, 'run')
  return {
    tries: () => tried.mock.calls.filter(([sql]) => sql === 'BEGIN IMMEDIATE').length,
    over: () => {
      vi.restoreAllMocks()
      elsewhere.database.exec('ROLLBACK')
    },
  }
}

/** Calls that write something into the vault when they are cut, as their outcome would be, and once more for themselves. */
function writingCalls(session: string): { written: string[]; finish: ((reason: unknown) => void)[] } {
  const written: string[] = []
  const finish = ['a', 'b', 'c', 'd', 'e'].map((name) => {
    const write = () => {
      if (flight.isPutOff()) return
      vault.store.transaction(() => written.push(name))
      flight.end()
    }
    const flight = live.begin(session, new AbortController(), write)
    return write
  })
  return { written, finish }
}

test('a process that ends waits once for a database that others hold, not once for each of its calls', () => {
  const { session } = connected(vault, { now: START })
  live.look()
  const { written, finish } = writingCalls(session.id)
  const held = busy()
  live.close()
  for (const each of finish) each(null)
  expect([held.tries(), written]).toEqual([1, []])
  held.over()
})

test('calls that were cut while others hold the database are written down together later', async () => {
  const { session } = connected(vault, { now: START })
  live.look()
  const { written, finish } = writingCalls(session.id)
  endSession(vault.store, vault.keys, session.id, 'revoked', START)
  const held = busy()
  live.refresh()
  for (const each of finish) each(null)
  expect([held.tries(), written]).toEqual([1, []])
  held.over()
  await vi.waitFor(() => expect(written).toEqual(['a', 'b', 'c', 'd', 'e']), { timeout: 10_000 })
  expect(live.inFlight()).toBe(0)
})
