import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Job, Use } from '../../native-host/budgets/amounts.ts'
import { extendLease } from '../../native-host/budgets/lease.ts'
import { ProcessWatch } from '../../native-host/budgets/processes.ts'
import { waitingReservations } from '../../native-host/budgets/reservation-rows.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import type { CapabilityLimits } from '../../shared/model/capability.ts'
import { asks, begin, begun, type Caller, end } from './budget-fixture.ts'
import { connected, openVault, type VaultFixture } from './vault-fixture.ts'

const NOW = 1_800_000_000_000
const SECOND = 1000
const LAB = 'lab'
const joins = asks({ queue: LAB })

let vault: VaultFixture
let call: Caller
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

function caller(limits: Partial<CapabilityLimits>): void {
  call = { ...vault, ...connected(vault, { limits, now: NOW }) }
}

const left = (job: Job | null): Use => ({ isSent: true, tokens: null, job })
const over = (service: string, job: string): Use => ({
  isSent: true,
  tokens: null,
  job: null,
  over: { service, job },
})
const waiting = () => waitingReservations(vault.store, vault.keys)

/** One call that leaves a job with this id. */
function leave(id: string | null, seconds: number | null = null): void {
  end(call, begun(call, joins, NOW), NOW, { use: left({ id, seconds }) })
}

describe('a job that waits in the queue of its service', () => {
  test('holds its place against calls that may leave another, in session and capability, and against no other call', () => {
    caller({ concurrent: 2, concurrentInAll: 3 })
    leave('1')
    leave('2')
    expect(begin(call, joins, NOW)).toBe('concurrency-limited')
    const own = { ...call, session: null }
    end(own, begun(own, joins, NOW), NOW, { use: left({ id: '3', seconds: null }) })
    expect(begin(own, joins, NOW)).toBe('concurrency-limited')
    // What fetches a result leaves none.
    expect(begin(call, asks(), NOW)).not.toBeTypeOf('string')
  })

  test('gives it up when it is over, for its service and id alone', () => {
    caller({ concurrent: 1 })
    leave('7')
    const say = (use: Use) => end(call, begun(call, asks(), NOW), NOW, { use })
    for (const use of [over('other', '7'), over(LAB, '8')]) say(use)
    expect(begin(call, joins, NOW)).toBe('concurrency-limited')
    say(over(LAB, '7'))
    expect(begin(call, joins, NOW)).not.toBeTypeOf('string')
  })

  test.each([
    ['names no time', null, 60],
    ['is said to take no time', 0, 60],
    ['is said to take 100 s', 100, 200],
    ['is said to take a day', 86_400, 600],
    ['is said to take half a millisecond more than 50 s', 50.0005, 100.001],
  ])('that %s holds it for at most so long', (_, seconds, most) => {
    caller({ concurrent: 1 })
    leave('1', seconds)
    expect(begin(call, joins, NOW + most * SECOND - 1)).toBe('concurrency-limited')
    expect(begin(call, joins, NOW + most * SECOND)).not.toBeTypeOf('string')
    expect(waiting()).toEqual([])
  })

  test('is assumed of a call that was cut, and of none that was not sent or was answered without one', () => {
    caller({ concurrent: 1 })
    end(call, begun(call, joins, NOW), NOW, { use: { isSent: false, tokens: null } })
    end(call, begun(call, joins, NOW), NOW, { use: left(null) })
    end(call, begun(call, asks(), NOW), NOW, { use: { isSent: true, tokens: null } })
    expect(waiting()).toEqual([])
    end(call, begun(call, joins, NOW), NOW, { use: { isSent: true, tokens: null } })
    expect(waiting()).toMatchObject([{ waits: { job: null, until: NOW + 60 * SECOND } }])
    expect(begin(call, joins, NOW)).toBe('concurrency-limited')
  })

  test('leaves no row where no limit counts it', () => {
    caller({ concurrent: null, concurrentInAll: null })
    for (const id of ['1', '2', null]) leave(id)
    expect(waiting()).toEqual([])
  })

  test('whose time is over is taken away when an answer says that another is over', () => {
    caller({ concurrent: 1 })
    leave('3')
    end(call, begun(call, asks(), NOW), NOW + 60 * SECOND - 1, { use: over(LAB, '8') })
    expect(waiting()).toHaveLength(1)
    end(call, begun(call, asks(), NOW), NOW + 60 * SECOND, { use: over(LAB, '8') })
    expect(waiting()).toEqual([])
  })

  test('holds nothing but its place, outlives its process, and is settled once', () => {
    caller({ concurrent: 1, maxTokens: 1000, maxBytes: 100_000 })
    const dead = { ...call, store: openStore(vault.home) }
    const permit = begun(dead, joins, NOW)
    end(dead, permit, NOW, { use: left({ id: '1', seconds: null }) })
    dead.store.close()
    const watch = new ProcessWatch({ ...vault, now: () => NOW }, 1_000_000)
    for (let look = 0; look < 40; look += 1) watch.look()
    watch.close()
    expect(begin(call, joins, NOW)).toBe('concurrency-limited')
    expect(waiting()).toMatchObject([{ held: { bytesUp: 0, bytesDown: 0, tokens: 0, cost: 0 } }])
    expect(extendLease(vault.store, vault.keys, permit.auditId, 10)).toBe(0)
    end(call, permit, NOW, { use: left(null) })
    expect(waiting()).toHaveLength(1)
  })
})
