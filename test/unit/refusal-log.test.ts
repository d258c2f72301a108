import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallRecord } from '../../native-host/audit/write-audit.ts'
import { recordRefusal } from '../../native-host/audit/write-audit.ts'
import { COUNTED_APART, FULL_RECORDS, INTERVAL_MS, RefusalLog } from '../../native-host/broker/refusal-log.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { callRecord, connected, openVault } from './vault-fixture.ts'

let now: number
let written: CallRecord[]
let isFull: boolean
let log: RefusalLog

beforeEach(() => {
  vi.useFakeTimers()
  now = 1_000_000
  written = []
  isFull = false
  log = new RefusalLog(
    (record) => {
      if (isFull) throw new Error('the disk is full')
      written.push(record)
    },
    () => now,
  )
})
afterEach(() => vi.useRealTimers())

const refusal = (changes: Partial<CallRecord> = {}) =>
  callRecord({ kind: 'refusal', decision: 'deny', reason: 'no-rule', ...changes })

function later(milliseconds: number): void {
  now += milliseconds
  vi.advanceTimersByTime(milliseconds)
}

const counted = () => written.reduce((sum, record) => sum + record.count, 0)

test('the first refusals have a record each, what comes after is one record with its count', () => {
  for (let n = 0; n < 10_000; n += 1) expect(log.take(refusal())).toBe(n < FULL_RECORDS)
  expect(written).toHaveLength(FULL_RECORDS)
  later(INTERVAL_MS)
  expect(written).toHaveLength(FULL_RECORDS + 1)
  expect(written.at(-1)).toMatchObject({ count: 10_000 - FULL_RECORDS, reason: 'no-rule' })
  expect(new Set(written.map(({ id }) => id)).size).toBe(FULL_RECORDS + 1)
})

test('different refusals are counted apart, and of very many kinds the rest together', () => {
  const path = (n: number) => refusal({ url: `https://a.example/${n}` })
  for (let n = 0; n < 5000; n += 1) log.take(path(n % 1000))
  log.close()
  expect(written).toHaveLength(FULL_RECORDS + COUNTED_APART + 1)
  expect(counted()).toBe(5000)
  expect(written.at(-1)).toMatchObject({ url: null, reason: 'rate-limited' })
})

test.each([{ reason: 'rule-deny' }, { method: 'PUT' }, { url: null }, { session: crypto.randomUUID() }])(
  'refusals that differ in %o are told apart',
  (changes) => {
    for (let n = 0; n < FULL_RECORDS; n += 1) log.take(refusal())
    for (const record of [refusal(), refusal(changes), refusal()]) log.take(record)
    log.close()
    expect(written.slice(FULL_RECORDS)).toMatchObject([{ count: 2 }, { count: 1, ...changes }])
  },
)

test('one site takes nothing from another, and gets its records again in the next minute', () => {
  const other = { topOrigin: 'https://other.example' }
  for (let n = 0; n < 2 * FULL_RECORDS; n += 1) log.take(refusal())
  expect(log.take(refusal(other))).toBe(true)
  later(INTERVAL_MS)
  for (let n = 0; n < FULL_RECORDS; n += 1) expect(log.take(refusal())).toBe(true)
  expect(log.take(refusal())).toBe(false)
  log.close()
  expect(counted()).toBe(3 * FULL_RECORDS + 2)
})

test('what cannot be written stays counted until it can be', () => {
  for (let n = 0; n < 300; n += 1) log.take(refusal())
  isFull = true
  later(INTERVAL_MS)
  expect(() => log.take(refusal())).toThrow('the disk is full')
  isFull = false
  later(INTERVAL_MS)
  expect(counted()).toBe(300)
})

test('a clock that is set back does not keep a site from its records', () => {
  for (let n = 0; n <= FULL_RECORDS; n += 1) log.take(refusal())
  now -= 365 * 86_400_000
  expect(log.take(refusal())).toBe(true)
  expect(counted()).toBe(FULL_RECORDS + 2)
})

test('a record of many refusals counts as many for its session', () => {
  const vault = openVault()
  const { session } = connected(vault, { now: 1000 })
  recordRefusal(vault.store, vault.keys, refusal({ session: session.id, count: 7 }))
  expect(sessionById(vault.store, vault.keys, session.id)).toMatchObject({ blocked: 7 })
  vault.remove()
})
