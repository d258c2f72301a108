import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listCalls } from '../../native-host/audit/list-calls.ts'
import { isPermit, recordIntent, recordOwnerCall } from '../../native-host/audit/permit.ts'
import { exportAudit, listAudit, newestFirst } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { recordAct, recordRefusal } from '../../native-host/audit/write-audit.ts'
import { endSession, sessionById } from '../../native-host/sessions/sessions.ts'
import { putCapability, removeCapability } from '../../native-host/store/capabilities.ts'
import { removeGrant } from '../../native-host/store/grants.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { AuditFilter } from '../../shared/protocol/audit-reading.ts'
import {
  aCapability,
  callRecord,
  connected,
  NAMES,
  openVault,
  refusalOf,
  type VaultFixture,
} from './vault-fixture.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const MINUTE = 60_000

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

/** Ask for a permit: `permit`, or why there is none. */
function ask(call: { capability: Capability; session: Session | null }, now = NOW): string {
  const session = call.session?.id ?? null
  const answer = recordIntent(vault.store, vault.keys, {
    session,
    capability: call.capability,
    now,
    record: callRecord({ session, at: now }),
  })
  return 'refused' in answer ? answer.refused : 'permit'
}

/** `count` acts, told apart by their subjects `0`, `1`, … */
function acts(count: number): void {
  vault.store.transaction(() => {
    for (let n = 0; n < count; n += 1)
      recordAct(vault.store, vault.keys, { act: 'service.add', subject: `${n}`, by: 'cli', now: NOW + n })
  })
}

test('a permit names its intent, which is in the log, and the session counts the call', () => {
  const { store, keys } = vault
  const { capability, session } = connected(vault, { now: NOW })
  const record = callRecord({ session: session.id, at: NOW + 5 })
  const permit = recordIntent(store, keys, { session: session.id, capability, now: NOW + 5, record })
  expect(permit).toMatchObject({
    auditId: record.id,
    service: capability.service,
    capability: capability.id,
    session: session.id,
  })
  expect(listAudit(store, keys, { limit: 9 })).toEqual([record])
  expect(sessionById(store, keys, session.id)).toMatchObject({ requests: 1, lastUsedAt: NOW + 5 })
})

test('no permit, and no record, for a session that ended, that is of another capability, or whose grant is gone', () => {
  const { store, keys } = vault
  const { capability, grant, session } = connected(vault, { now: NOW })
  const other = aCapability({}, { id: 'other' })
  putCapability(store, keys, other)
  const record = callRecord({ session: session.id, capability: 'other' })
  expect(recordIntent(store, keys, { session: session.id, capability: other, now: NOW, record })).toEqual({
    refused: 'session-ended',
  })
  expect(ask({ capability, session: { ...session, id: randomUUID() } })).toBe('session-ended')
  expect(ask({ capability, session })).toBe('permit')
  removeGrant(store, keys, grant.id)
  expect(ask({ capability, session })).toBe('session-ended')
  expect(listAudit(store, keys, { limit: 9 })).toHaveLength(1)
})

test('no permit after the session was revoked', () => {
  const call = connected(vault, { now: NOW })
  endSession(vault.store, vault.keys, call.session.id, 'revoked', NOW)
  expect(ask(call)).toBe('session-ended')
})

test('no permit for a decision by a capability that was changed or removed since', () => {
  const { store, keys } = vault
  const call = connected(vault, { now: NOW })
  putCapability(store, keys, { ...call.capability, rules: [] })
  expect(ask(call)).toBe('session-ended')
  putCapability(store, keys, call.capability)
  expect(ask(call)).toBe('permit')
  removeCapability(store, keys, call.capability.id)
  expect(ask(call)).toBe('session-ended')
})

test('the rate holds over all sessions of a capability, in any minute, and for a clock that is set back', () => {
  const call = connected(vault, { limits: { ratePerMinute: 3 }, now: NOW })
  expect([0, 1, 2, 3].map((n) => ask(call, NOW + n * 1000))).toEqual([
    'permit',
    'permit',
    'permit',
    'rate-limited',
  ])
  expect(ask({ ...call, session: null }, NOW + 5000)).toBe('rate-limited')
  expect(ask(call, NOW + MINUTE - 1)).toBe('rate-limited')
  expect(ask(call, NOW + MINUTE)).toBe('permit')
  expect(ask(call, NOW + MINUTE + 1)).toBe('rate-limited')
  expect(ask(call, NOW - 30 * MINUTE)).toBe('rate-limited')
  expect(ask(call, NOW - 30 * MINUTE + 2 * MINUTE)).toBe('permit')
})

test('the budget of calls holds, exactly', () => {
  const requests = connected(vault, { limits: { maxRequests: 2 }, now: NOW })
  expect([0, 1, 2].map(() => ask(requests))).toEqual(['permit', 'permit', 'budget-spent'])
})

test('a refusal is counted for its session and keeps it as idle as it was', () => {
  const { store, keys } = vault
  const { session } = connected(vault, { now: NOW })
  recordRefusal(
    store,
    keys,
    callRecord({ kind: 'refusal', decision: 'deny', session: session.id, at: NOW + 9 }),
  )
  recordRefusal(store, keys, callRecord({ kind: 'refusal', decision: 'deny', session: null, at: NOW + 9 }))
  expect(sessionById(store, keys, session.id)).toMatchObject({ blocked: 1, requests: 0, lastUsedAt: NOW })
  expect(listAudit(store, keys, { limit: 9 })).toHaveLength(2)
})

test('a record that speaks of another call, of a denial or of another kind gives no permit', () => {
  const { store, keys } = vault
  const { capability, session } = connected(vault, { now: NOW })
  for (const changes of [
    { kind: 'refusal' },
    { session: null },
    { service: 'other' },
    { capability: 'other' },
    { decision: 'deny' },
  ] as const) {
    const record = callRecord({ session: session.id, ...changes })
    const attempt = (): unknown =>
      recordIntent(store, keys, { session: session.id, capability, now: NOW, record })
    expect(refusalOf(attempt), JSON.stringify(changes)).toBe('internal')
  }
  expect(listAudit(store, keys, { limit: 9 })).toEqual([])
})

test("the owner's own call needs no session and is in the log", () => {
  const { store, keys } = vault
  const record = callRecord({ capability: null, service: 'a' })
  const permit = recordOwnerCall(store, keys, { service: 'a', capability: null, record })
  expect(isPermit(permit)).toBe(true)
  expect(permit).toMatchObject({ auditId: record.id, session: null, capability: null })
  expect(listAudit(store, keys, { limit: 1 })).toEqual([record])
})

test('no audit, no send: what cannot be recorded throws and leaves the session as it was', () => {
  const { store, keys } = vault
  const call = connected(vault, { now: NOW })
  const record = callRecord({ session: call.session.id })
  const attempt = (): unknown =>
    recordIntent(store, keys, { session: call.session.id, capability: call.capability, now: NOW, record })
  attempt()
  // The id of a record is used once.
  expect(refusalOf(attempt)).toBe('internal')
  store.run("DELETE FROM meta WHERE name = 'audit-head'")
  expect(refusalOf(() => ask(call))).toBe('store-damaged')
  expect(sessionById(store, keys, call.session.id)?.requests).toBe(1)
})

test('records are listed newest first, by time, and exported oldest first; calls by origin, decision and reason', async () => {
  const { store, keys } = vault
  acts(450)
  const records = [
    callRecord({ kind: 'refusal', decision: 'deny', at: NOW + 1000 }),
    callRecord({ kind: 'refusal', decision: 'ask', at: NOW + 1001, origin: 'https://b.example' }),
  ] as const
  for (const record of records) recordRefusal(store, keys, record)
  const subjects = listAudit(store, keys, { limit: 452 }).map((record) =>
    'subject' in record ? record.subject : '-',
  )
  expect(subjects).toEqual(['-', '-', ...Array.from({ length: 450 }, (_, n) => `${449 - n}`)])
  expect(listAudit(store, keys, { limit: 2 })).toEqual([...records].reverse())
  expect(listAudit(store, keys, { limit: 500, since: NOW + 1001 })).toEqual([records[1]])
  const calls = (where: AuditFilter, limit = 500) => listCalls(store, keys, where, limit)
  expect(await calls({})).toEqual([...records].reverse())
  expect(await calls({}, 1)).toEqual([records[1]])
  expect(await calls({ origin: NAMES.origin })).toEqual([records[0]])
  expect(await calls({ decision: 'ask' })).toEqual([records[1]])
  expect(await calls({ decision: 'ask', origin: NAMES.origin })).toEqual([])
  expect(await calls({ decision: 'deny', since: NOW + 1001 })).toEqual([])
  expect(await calls({ reason: records[0].reason, decision: 'deny' })).toEqual([records[0]])
  expect(await calls({ reason: 'of-none' })).toEqual([])
  expect([...exportAudit(store, keys)].at(-1)).toEqual(records[1])
})

test('what is younger than a moment is read without going through all that is older', () => {
  acts(1000)
  const { store, keys } = vault
  const [records, ...more] = [...newestFirst(store, keys, NOW + 60 * MINUTE)]
  expect([records, more]).toEqual([[], []])
  expect([...newestFirst(store, keys, NOW + 990)].flat()).toHaveLength(10)
})

test('an untouched log verifies, empty, short, long and after opening again', () => {
  expect(verifyAudit(vault.store, vault.keys)).toEqual({ ok: true, records: 0 })
  acts(1201)
  expect(verifyAudit(vault.store, vault.keys)).toEqual({ ok: true, records: 1201 })
  vault.store.close()
  vault.store = openStore(vault.home)
  acts(1)
  expect(verifyAudit(vault.store, vault.keys)).toEqual({ ok: true, records: 1202 })
})

const TAMPERINGS: [what: string, sql: string, expected: { firstBad: number; reason: string }][] = [
  ['a time changed', 'UPDATE audit SET at = at + 1 WHERE sequence = 7', { firstBad: 7, reason: 'mac' }],
  ['an id changed', "UPDATE audit SET id = 'x' WHERE sequence = 7", { firstBad: 7, reason: 'mac' }],
  [
    'a rate taken off',
    "UPDATE audit SET rate_index = x'00' WHERE sequence = 7",
    { firstBad: 7, reason: 'mac' },
  ],
  ['the first one deleted', 'DELETE FROM audit WHERE sequence = 1', { firstBad: 1, reason: 'missing' }],
  ['one deleted', 'DELETE FROM audit WHERE sequence = 7', { firstBad: 7, reason: 'missing' }],
  ['the last one deleted', 'DELETE FROM audit WHERE sequence = 20', { firstBad: 20, reason: 'missing' }],
  ['the last ten deleted', 'DELETE FROM audit WHERE sequence > 10', { firstBad: 11, reason: 'missing' }],
  ['all deleted', 'DELETE FROM audit', { firstBad: 1, reason: 'missing' }],
  [
    'one deleted and the rest moved up',
    'DELETE FROM audit WHERE sequence = 7; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 7',
    { firstBad: 7, reason: 'order' },
  ],
  [
    'two swapped',
    'UPDATE audit SET sequence = 99 WHERE sequence = 7; UPDATE audit SET sequence = 7 WHERE sequence = 8; UPDATE audit SET sequence = 8 WHERE sequence = 99',
    { firstBad: 7, reason: 'order' },
  ],
  [
    'one repeated at the end',
    "INSERT INTO audit SELECT 21, id || 'x', at, rate_index, sealed, mac FROM audit WHERE sequence = 20",
    { firstBad: 21, reason: 'mac' },
  ],
  [
    'one put before the first',
    'UPDATE audit SET sequence = 0 WHERE sequence = 20',
    { firstBad: 1, reason: 'order' },
  ],
  ['the head deleted', "DELETE FROM meta WHERE name = 'audit-head'", { firstBad: 21, reason: 'head' }],
  [
    'the last one deleted with the head',
    "DELETE FROM audit WHERE sequence = 20; DELETE FROM meta WHERE name = 'audit-head'",
    { firstBad: 20, reason: 'head' },
  ],
]

test.each(TAMPERINGS)('tampering shows: %s', (_what, sql, expected) => {
  acts(20)
  vault.store.database.exec(sql)
  const verdict = { ok: false, records: expected.firstBad - 1, ...expected }
  expect(verifyAudit(vault.store, vault.keys)).toEqual(verdict)
})

test('the tail cut off with a head made from what the rows show is noticed', () => {
  acts(20)
  const { store, keys } = vault
  const row = store.get('SELECT mac FROM audit WHERE sequence = 19')
  const head = Buffer.from(store.get("SELECT value FROM meta WHERE name = 'audit-head'")?.value as Uint8Array)
  head.writeBigUInt64BE(19n)
  head.set(row?.mac as Uint8Array, 8)
  store.run('DELETE FROM audit WHERE sequence = 20')
  store.run("UPDATE meta SET value = ? WHERE name = 'audit-head'", head)
  expect(verifyAudit(store, keys)).toMatchObject({ ok: false, reason: 'head' })
})

test('an older head under a whole log is noticed', () => {
  const { store, keys } = vault
  acts(10)
  const head = store.get("SELECT value FROM meta WHERE name = 'audit-head'")?.value ?? null
  acts(10)
  store.run("UPDATE meta SET value = ? WHERE name = 'audit-head'", head)
  expect(verifyAudit(store, keys)).toMatchObject({ ok: false, reason: 'head' })
})

test('a genuine row of another history of the same vault is noticed in its place', () => {
  const { store, keys } = vault
  const head = (): Uint8Array =>
    store.get("SELECT value FROM meta WHERE name = 'audit-head'")?.value as Uint8Array
  acts(10)
  const before = head()
  acts(10)
  const other = store.get('SELECT id, at, sealed, mac FROM audit WHERE sequence = 15')
  store.run('DELETE FROM audit WHERE sequence > 10')
  store.run("UPDATE meta SET value = ? WHERE name = 'audit-head'", before)
  acts(10)
  expect(verifyAudit(store, keys)).toEqual({ ok: true, records: 20 })
  const columns = [other?.id, other?.at, other?.sealed, other?.mac].map((value) => value ?? null)
  store.run('UPDATE audit SET id = ?, at = ?, sealed = ?, mac = ? WHERE sequence = 15', ...columns)
  expect(verifyAudit(store, keys)).toMatchObject({ ok: false, firstBad: 15, reason: 'mac' })
})

test('the head of another history of the same length is noticed', () => {
  const { store, keys } = vault
  const head = () => store.get("SELECT value FROM meta WHERE name = 'audit-head'")?.value ?? null
  const put = (value: ReturnType<typeof head>) =>
    store.run("UPDATE meta SET value = ? WHERE name = 'audit-head'", value)
  acts(5)
  const before = head()
  acts(5)
  const other = head()
  store.run('DELETE FROM audit WHERE sequence > 5')
  put(before)
  acts(5)
  expect(verifyAudit(store, keys)).toEqual({ ok: true, records: 10 })
  put(other)
  expect(verifyAudit(store, keys)).toMatchObject({ ok: false, reason: 'head' })
})

test('every byte of every sealed record and MAC, and of the head, is covered', () => {
  acts(5)
  const { store, keys } = vault
  store.database.exec('PRAGMA synchronous = OFF')
  const flipped = (value: unknown, at: number): Uint8Array => {
    const bad = Uint8Array.from(value as Uint8Array)
    bad[at] = (bad[at] ?? 0) ^ 0x10
    return bad
  }
  let flips = 0
  const flipAll = (table: string, column: string, where: string): void => {
    const value = store.get(`SELECT ${column} AS value FROM ${table} WHERE ${where}`)?.value as Uint8Array
    for (let at = 0; at < value.length; at += 1, flips += 1) {
      store.run(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, flipped(value, at))
      expect(verifyAudit(store, keys).ok, `${column} ${at}`).toBe(false)
    }
    store.run(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, value)
  }
  for (const sequence of [1, 3, 5])
    for (const column of ['sealed', 'mac']) flipAll('audit', column, `sequence = ${sequence}`)
  flipAll('meta', 'value', "name = 'audit-head'")
  expect(flips).toBeGreaterThan(600)
  expect(verifyAudit(store, keys).ok).toBe(true)
})

test('a log written under another chain key does not verify', () => {
  acts(3)
  const other = openVault()
  expect(verifyAudit(vault.store, other.keys)).toMatchObject({ ok: false, firstBad: 1, reason: 'mac' })
  other.remove()
})
