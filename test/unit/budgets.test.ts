import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Permit } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { UNKNOWN_USE } from '../../native-host/budgets/amounts.ts'
import { extendLease } from '../../native-host/budgets/lease.ts'
import { resetLedger, spentIn } from '../../native-host/budgets/ledger.ts'
import { priceOf } from '../../native-host/budgets/price.ts'
import { ProcessWatch, processOf } from '../../native-host/budgets/processes.ts'
import { readReservation, runningCalls } from '../../native-host/budgets/reservation-rows.ts'
import { settleAllOf } from '../../native-host/budgets/settle.ts'
import { writeSession } from '../../native-host/sessions/session-rows.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import type { CapabilityLimits } from '../../shared/model/capability.ts'
import { times } from '../support/hard.ts'
import { asks, begin, begun, type Caller, end, used } from './budget-fixture.ts'
import { connected, NAMES, openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEAR = 365 * DAY

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

/** A call of a session that lives for years, so that only budgets end it. */
function caller(limits: Partial<CapabilityLimits>): Caller {
  const { capability, session } = connected(vault, { limits, now: NOW })
  const long = { ...session, expiresAt: NOW + 3 * YEAR }
  writeSession(vault.store, vault.keys, long)
  return { ...vault, capability, session: long }
}

const spent = (now: number, period: CapabilityLimits['period'] = 'day') =>
  spentIn(vault.store, vault.keys, NAMES.capability, period, now)

/** USD 2.50 and 10 for a million tokens, a cent for a call. */
const PRICES = { currency: 'USD', input: 2_500_000, output: 10_000_000, request: 10_000 }

describe('tokens', () => {
  test('what runs is held at the most it asks for, and settled at what it used', () => {
    const call = caller({ maxTokens: 250 })
    const [one, two] = [begun(call, asks(), NOW), begun(call, asks(), NOW)]
    expect(begin(call, asks(), NOW)).toBe('tokens-spent')
    end(call, one, NOW, { use: used(5, 15) })
    expect(spent(NOW)).toMatchObject({ calls: 1, tokens: 20, unknown: 0 })
    expect(begin(call, asks({ output: 121 }), NOW)).toBe('tokens-spent')
    const three = begun(call, asks({ output: 120 }), NOW)
    end(call, two, NOW, { use: used(10, 90) })
    end(call, three, NOW, { use: used(10, 120) })
    expect(spent(NOW).tokens).toBe(250)
    expect(begin(call, asks({ input: 1, output: 0 }), NOW)).toBe('tokens-spent')
  })

  test('an answer that does not say what it used counts as all that was asked for', () => {
    const call = caller({ maxTokens: 1000 })
    end(call, begun(call, asks(), NOW), NOW, { use: UNKNOWN_USE })
    end(call, begun(call, asks(), NOW), NOW)
    expect(spent(NOW)).toMatchObject({ calls: 2, unknown: 2, tokens: 200 })
    const [outcome] = listAudit(call.store, call.keys, { limit: 1 })
    expect(outcome).toMatchObject({ kind: 'outcome', tokens: null, cost: null })
  })

  test('a call that was certainly not sent gives back what it held', () => {
    const call = caller({ maxTokens: 100, maxCost: 20_000, prices: PRICES })
    end(call, begun(call, asks(), NOW), NOW, { use: { isSent: false, tokens: null } })
    expect(spent(NOW)).toMatchObject({ tokens: 0, cost: 0 })
    expect(begin(call, asks(), NOW)).not.toBeTypeOf('string')
  })

  test('a call that names no maximum takes all that is left, so that only one runs', () => {
    const call = caller({ maxTokens: 1000 })
    const permit = begun(call, asks({ output: null }), NOW)
    expect(begin(call, asks({ input: 1, output: 0 }), NOW)).toBe('tokens-spent')
    end(call, permit, NOW, { use: used(10, 20) })
    const next = begun(call, asks({ input: null }), NOW)
    end(call, next, NOW)
    expect(spent(NOW).tokens).toBe(1000)
    expect(begin(call, asks({ input: null, output: null }), NOW)).toBe('tokens-spent')
  })

  test('a call without a bound on one side needs room for the side that it names', () => {
    const call = caller({ maxTokens: 10 })
    expect(begin(call, asks({ input: null, output: 11 }), NOW)).toBe('tokens-spent')
    expect(begin(call, asks({ input: 11, output: null }), NOW)).toBe('tokens-spent')
    expect(begin(call, asks({ input: null, output: 10 }), NOW)).not.toBeTypeOf('string')
  })

  test('the ceiling of one call stands in for what it does not name, and bounds what it may name', () => {
    const call = caller({ maxTokens: 1000, maxTokensPerCall: 200 })
    expect(begin(call, asks({ output: 201 }), NOW)).toBe('too-many-tokens')
    const permits = [0, 1].map(() => begun(call, asks({ input: null, output: null }), NOW))
    expect(begin(call, asks({ input: 1, output: 200 }), NOW)).toBe('tokens-spent')
    for (const permit of permits) end(call, permit, NOW)
    expect(spent(NOW).tokens).toBe(800)
  })

  test('what is used beyond what was asked for is counted in full', () => {
    const call = caller({ maxTokens: 100 })
    end(call, begun(call, asks(), NOW), NOW, { use: used(500, 7) })
    expect(spent(NOW).tokens).toBe(507)
    expect(begin(call, asks({ input: 0, output: 1 }), NOW)).toBe('tokens-spent')
  })

  test('a call that spends none passes when all is spent, and counts for nothing', () => {
    const call = caller({ maxTokens: 100, maxCost: 10_000, prices: PRICES })
    end(call, begun(call, asks({ input: 0, output: 0 }), NOW), NOW, { use: used(50, 50) })
    expect(begin(call, asks({ input: 0, output: 0 }), NOW)).toBe('cost-spent')
    const free = begun(call, asks({ input: 0, output: 0, spends: false }), NOW)
    end(call, free, NOW, { use: used(3, 4) })
    expect(spent(NOW).tokens).toBe(100)
  })

  test('an own call of the owner counts and is held to it', () => {
    const call = caller({ maxTokens: 150, concurrent: 1, maxBytes: 1 })
    const owner = { ...call, session: null }
    const own = begun(owner, asks(), NOW)
    expect(begin(call, asks(), NOW)).toBe('tokens-spent')
    expect(begin(owner, asks(), NOW)).toBe('tokens-spent')
    end(owner, own, NOW, { use: used(1, 1) })
    expect(begin(call, asks(), NOW)).not.toBeTypeOf('string')
  })
})

describe('money', () => {
  test('is counted in whole millionths, rounded up once', () => {
    expect(priceOf(PRICES, { input: 1, output: 0 })).toBe(3)
    expect(priceOf(PRICES, { input: 2, output: 2 })).toBe(25)
    expect(priceOf(PRICES, { input: 1_000_000_000, output: 1_000_000_000 })).toBe(12_500_000_000)
    expect(priceOf(PRICES, { input: 0, output: null })).toBeNull()
    expect(priceOf({ ...PRICES, output: 0 }, { input: 0, output: null })).toBe(0)
  })

  test('holds over calls that run, and is in the log', () => {
    // 10 in and 90 out: 25 + 900 millionths, and 10 000 for the call.
    const call = caller({ maxCost: 21_850, prices: PRICES })
    const [one, two] = [begun(call, asks(), NOW), begun(call, asks(), NOW)]
    expect(begin(call, asks({ input: 0, output: 0 }), NOW)).toBe('cost-spent')
    end(call, one, NOW, { use: used(10, 0) })
    end(call, two, NOW)
    expect(spent(NOW)).toMatchObject({ cost: 10_025 + 10_925, unknown: 1 })
    const costs = listAudit(call.store, call.keys, { limit: 9 }).flatMap((each) =>
      each.kind === 'outcome' ? [[each.tokens, each.cost]] : [],
    )
    expect(costs).toEqual([
      [null, 10_925],
      [{ input: 10, output: 0 }, 10_025],
    ])
  })

  test('a price for the call alone needs no usage', () => {
    const call = caller({ maxCost: 20_000, prices: { ...PRICES, input: 0, output: 0 } })
    const unbounded = asks({ input: null, output: null })
    const permits = [begun(call, unbounded, NOW), begun(call, unbounded, NOW)]
    expect(permits.map(({ room }) => room.counts)).toEqual([false, false])
    expect(begin(call, unbounded, NOW)).toBe('cost-spent')
    for (const permit of permits) end(call, permit, NOW)
    expect(spent(NOW)).toMatchObject({ cost: 20_000, unknown: 0 })
  })

  test('tokens of a known sum cost at most the dearer side', () => {
    const call = caller({ maxTokens: 1000, maxCost: 100_000, prices: PRICES })
    const permit = begun(call, asks({ output: null }), NOW)
    expect(readReservation(call.store, call.keys, permit.auditId)?.held).toMatchObject({
      tokens: 1000,
      cost: 20_000,
    })
  })
})

describe('bytes', () => {
  test('a response is given in parts, and never more than is left over all that runs', () => {
    const call = caller({ maxBytes: 100_000 })
    const [one, two] = [begun(call, asks(), NOW), begun(call, asks(), NOW)]
    expect([one.room.down, two.room.down]).toEqual([16_384, 16_384])
    const more = extendLease(call.store, call.keys, one.auditId, 60_000)
    expect(more).toBe(60_000)
    expect(extendLease(call.store, call.keys, two.auditId, 60_000)).toBe(100_000 - 2 * 16_384 - 60_000)
    expect(extendLease(call.store, call.keys, one.auditId, 1)).toBe(0)
    expect(begin(call, asks(), NOW)).toBe('budget-spent')
    end(call, one, NOW, { bytes: 1 })
    expect(begun(call, asks(), NOW).room.down).toBe(16_384)
  })

  test('a body that goes up counts before it is sent, whole or at all that is left', () => {
    const call = caller({ maxBytesUp: 100 })
    expect(begin(call, asks({ bytesUp: 101 }), NOW)).toBe('budget-spent')
    const known = begun(call, asks({ bytesUp: 60 }), NOW)
    expect(begin(call, asks({ bytesUp: 41 }), NOW)).toBe('budget-spent')
    const unknown = begun(call, asks({ bytesUp: null }), NOW)
    expect(unknown.room.up).toBe(40)
    expect(begin(call, asks({ bytesUp: null }), NOW)).toBe('budget-spent')
    expect(begin(call, asks({ bytesUp: 0 }), NOW)).not.toBeTypeOf('string')
    end(call, known, NOW, { bytesUp: 60 })
    end(call, unknown, NOW, { bytesUp: 7 })
    expect(begin(call, asks({ bytesUp: 33 }), NOW)).not.toBeTypeOf('string')
  })

  test('a settled call gets nothing more', () => {
    const call = caller({ maxBytes: 100_000 })
    const permit = begun(call, asks(), NOW)
    end(call, permit, NOW)
    expect(extendLease(call.store, call.keys, permit.auditId, 1)).toBe(0)
  })
})

describe('calls in flight', () => {
  test('are counted over all processes of the vault', () => {
    const call = caller({ concurrent: 2 })
    const other = { ...call, store: openStore(vault.home) }
    const one = begun(call, asks(), NOW)
    begun(other, asks(), NOW)
    expect(begin(call, asks(), NOW)).toBe('concurrency-limited')
    expect(begin(other, asks(), NOW)).toBe('concurrency-limited')
    end(other, one, NOW)
    expect(begin(other, asks(), NOW)).not.toBeTypeOf('string')
    other.store.close()
  })

  test('are counted over all sessions of the capability where it says so, the owner’s own with them', () => {
    const call = caller({ concurrentInAll: 2 })
    const own = { ...call, session: null }
    begun(call, asks(), NOW)
    const second = begun(own, asks(), NOW)
    expect(begin(call, asks(), NOW)).toBe('concurrency-limited')
    expect(begin(own, asks(), NOW)).toBe('concurrency-limited')
    end(own, second, NOW)
    expect(begin(call, asks(), NOW)).not.toBeTypeOf('string')
  })

  test('those of a process that shows no more sign count as all they held, and free their place', () => {
    const call = caller({ concurrent: 1, maxTokens: 1000, maxBytes: 100_000 })
    const dead = { ...call, store: openStore(vault.home) }
    const permit = begun(dead, asks(), NOW)
    const watch = new ProcessWatch({ ...vault, now: () => NOW }, 1_000_000)
    for (let look = 0; look < 30; look += 1) watch.look()
    expect(begin(call, asks(), NOW)).toBe('concurrency-limited')
    watch.look()
    expect(begin(call, asks(), NOW)).not.toBeTypeOf('string')
    expect(spent(NOW)).toMatchObject({ tokens: 100, unknown: 1 })
    expect(sessionById(call.store, call.keys, call.session?.id ?? '')).toMatchObject({ bytes: 16_384 })
    // It was not dead: its outcome is still written down, and counts for nothing twice.
    end(dead, permit, NOW, { use: used(1, 1), bytes: 3 })
    expect(spent(NOW)).toMatchObject({ tokens: 100, unknown: 1 })
    dead.store.close()
    watch.close()
  })

  test('a process that shows itself is left alone, whatever the clock says', () => {
    const call = caller({ concurrent: 1 })
    const other = { ...call, store: openStore(vault.home) }
    begun(other, asks(), NOW)
    let now = NOW
    const [watch, alive] = [vault, other].map(
      ({ store }) => new ProcessWatch({ store, keys: vault.keys, now: () => now }, 1_000_000),
    )
    for (let look = 0; look < 100; look += 1) {
      now += DAY
      alive?.look()
      watch?.look()
    }
    expect(runningCalls(call.store, call.keys, call.session?.id ?? '')).toBe(1)
    for (const each of [watch, alive]) each?.close()
    other.store.close()
  })

  test('a process that was idle for long and begins a call is not taken for dead', () => {
    const call = caller({ concurrent: 1 })
    const other = { ...call, store: openStore(vault.home) }
    const [watch, alive] = [vault, other].map(
      ({ store }) => new ProcessWatch({ store, keys: vault.keys, now: () => NOW }, 1_000_000),
    )
    const look = (times: number) => {
      for (let n = 0; n < times; n += 1) for (const each of [alive, watch]) each?.look()
    }
    const first = begun(other, asks(), NOW)
    look(6)
    end(other, first, NOW)
    look(28)
    begun(other, asks(), NOW)
    watch?.look()
    watch?.look()
    look(100)
    expect(runningCalls(call.store, call.keys, call.session?.id ?? '')).toBe(1)
    for (const each of [watch, alive]) each?.close()
    other.store.close()
  })

  test('nothing is settled for a process without calls', () => {
    caller({})
    expect(settleAllOf(vault.store, vault.keys, processOf(vault.store), NOW)).toBe(0)
  })
})

describe('the period', () => {
  test.each([
    ['day', DAY],
    ['week', 7 * DAY],
    ['month', 30 * DAY],
  ] as const)('what was used comes back a %s later, not before', (period, length) => {
    const call = caller({ maxTokens: 100, period })
    end(call, begun(call, asks(), NOW), NOW, { use: used(10, 90) })
    for (const after of [HOUR, length / 2, length - 1, length])
      expect(begin(call, asks(), NOW + after)).toBe('tokens-spent')
    expect(begin(call, asks(), NOW + length + HOUR)).not.toBeTypeOf('string')
  })

  test('in total nothing comes back', () => {
    const call = caller({ maxTokens: 100, period: 'total' })
    end(call, begun(call, asks(), NOW), NOW, { use: used(10, 90) })
    expect(begin(call, asks(), NOW + 365 * DAY)).toBe('tokens-spent')
  })

  test('what any moment looks back on is never less than what was used in the period before it', () => {
    const call = caller({ maxTokens: 1_000_000_000 })
    const uses: { at: number; tokens: number }[] = []
    let at = NOW
    for (let n = 0; n < times(200, 1000); n += 1) {
      at += (n * 7_919_000) % (9 * HOUR)
      end(call, begun(call, asks(), at), at, { use: used(0, n) })
      uses.push({ at, tokens: n })
      for (const [period, days] of [
        ['day', 1],
        ['week', 7],
        ['month', 30],
      ] as const) {
        const length = days * DAY
        const since = (from: number) =>
          uses.filter((use) => use.at > at - from).reduce((sum, { tokens }) => sum + tokens, 0)
        const counted = spent(at, period).tokens
        expect(counted).toBeGreaterThanOrEqual(since(length))
        expect(counted).toBeLessThanOrEqual(since(length + length / 12))
      }
      expect(spent(at, 'total').tokens).toBe(uses.reduce((sum, { tokens }) => sum + tokens, 0))
    }
  })

  test('a clock set back gives nothing back, and one set forward and back again gives it once', () => {
    const call = caller({ maxTokens: 100 })
    end(call, begun(call, asks(), NOW), NOW, { use: used(10, 90) })
    expect(begin(call, asks(), NOW - YEAR)).toBe('tokens-spent')
    expect(begin(call, asks(), NOW - YEAR + 23 * HOUR)).toBe('tokens-spent')
    expect(begin(call, asks(), NOW - YEAR - YEAR)).toBe('tokens-spent')
    // A year ahead the session is still the owner's, and the day is long over: it cannot be told from a machine that was off.
    const owner = { ...call, session: null }
    end(owner, begun(owner, asks(), NOW + YEAR), NOW + YEAR, { use: used(10, 90) })
    for (const now of [NOW, NOW + HOUR, NOW - YEAR, NOW - YEAR + 20 * HOUR])
      expect(begin(owner, asks(), now)).toBe('tokens-spent')
  })

  test('a clock a year ahead ends the sessions that could gain by it', () => {
    const call = { ...vault, ...connected(vault, { limits: { maxTokens: 100 }, now: NOW }) }
    end(call, begun(call, asks(), NOW), NOW)
    expect(begin(call, asks(), NOW + YEAR)).toBe('session-ended')
  })

  test('a reset begins anew, and what runs still counts when it ends', () => {
    const call = caller({ maxTokens: 200 })
    end(call, begun(call, asks(), NOW), NOW)
    const running = begun(call, asks(), NOW)
    vault.store.transaction(() => resetLedger(vault.store, vault.keys, NAMES.capability, NOW))
    expect(spent(NOW)).toMatchObject({ tokens: 0, since: NOW })
    expect(begin(call, asks({ output: 91 }), NOW)).toBe('tokens-spent')
    end(call, running, NOW)
    expect(spent(NOW).tokens).toBe(100)
  })
})

describe('a full disk', () => {
  test('nothing is reserved nor settled by halves, and with room again each counts once', () => {
    const call = caller({ maxTokens: 10_000 })
    const permit = begun(call, asks(), NOW)
    const { database } = call.store
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count)
    // SQLite's own SQLITE_FULL, as where the file cannot grow.
    const room = (most: number) => database.exec(`PRAGMA max_page_count = ${most}`)
    room(pages)
    const begun2: Permit[] = []
    let last = ''
    while (last === '' && begun2.length < 200)
      last = refusalOf(() => void begun2.push(begun(call, asks(), NOW))).replace('nothing', '')
    expect(last).toBe('disk-full')
    expect(runningCalls(call.store, call.keys, call.session?.id ?? '')).toBe(1 + begun2.length)
    const settle = () => refusalOf(() => end(call, permit, NOW, { use: used(1, 2) }))
    expect(settle()).toBe('disk-full')
    expect(readReservation(call.store, call.keys, permit.auditId)).not.toBeNull()
    expect(spent(NOW).tokens).toBe(0)
    room(1_000_000)
    expect(settle()).toBe('nothing')
    expect(spent(NOW).tokens).toBe(3)
  })
})

describe('a changed database', () => {
  test.each([
    ['UPDATE reservations SET session_index = NULL', 'store-damaged'],
    ["UPDATE reservations SET process = 'x'", 'store-damaged'],
    ['UPDATE reservations SET version = version + 1', 'store-damaged'],
    ['UPDATE reservations SET capability_index = zeroblob(32)', 'store-damaged'],
  ])('%s: settling refuses', (sql, code) => {
    const call = caller({ maxTokens: 1000 })
    const permit = begun(call, asks(), NOW)
    call.store.run(sql)
    expect(refusalOf(() => end(call, permit, NOW))).toBe(code)
  })

  test('what was used under one name does not open under another', () => {
    const call = caller({ maxTokens: 100 })
    end(call, begun(call, asks(), NOW), NOW)
    call.store.run('UPDATE budgets SET version = version + 1')
    expect(refusalOf(() => begin(call, asks(), NOW))).toBe('store-damaged')
  })

  test('names, sessions and amounts are not in the file in clear', () => {
    const call = caller({ maxTokens: 987_654_321 })
    end(call, begun(call, asks({ output: 123_456_789 }), NOW), NOW)
    begun(call, asks({ output: 123_456_789 }), NOW)
    const tables = ['reservations', 'budgets'].flatMap((table) => call.store.all(`SELECT * FROM ${table}`))
    const values = tables.flatMap((row) => Object.values(row))
    expect(values.length).toBeGreaterThan(8)
    const clear = values.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
    )
    for (const word of [NAMES.capability, call.session?.id ?? '', '123456789'])
      expect(clear.filter((text) => text.includes(word))).toEqual([])
  })
})
