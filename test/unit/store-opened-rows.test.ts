import { afterEach, beforeEach, expect, test } from 'vitest'
import { readHead } from '../../native-host/audit/chain.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { recordAct } from '../../native-host/audit/write-audit.ts'
import { latestTime, vaultTime } from '../../native-host/sessions/clock.ts'
import { lastUse, noteUse } from '../../native-host/sessions/last-use.ts'
import { readSession, unendedSessions, writeSession } from '../../native-host/sessions/session-rows.ts'
import { findCapability, listCapabilities, putCapability } from '../../native-host/store/capabilities.ts'
import type { Row } from '../../native-host/store/columns.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { OpenedRows } from '../../native-host/store/opened-rows.ts'
import { listServices } from '../../native-host/store/services.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import { aCapability, connected, openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

/** Rows that are read after every commit are opened once; whatever is done to one, it is opened and checked again. */
let vault: VaultFixture
let keys: VaultKeys
let opened: string[]

beforeEach(() => {
  vault = openVault()
  opened = []
  keys = counting(vault.keys)
})
afterEach(() => vault.remove())

/** The same keys, as another unlocked vault would have them, and what they open. */
function counting(of: VaultKeys): VaultKeys {
  const open = (place: string, sealed: Uint8Array) => {
    opened.push(place.split(':')[0] ?? '')
    return of.open(place, sealed)
  }
  return { ...of, open }
}

const TABLES = [
  ['sessions', () => unendedSessions(vault.store, keys)],
  ['services', () => listServices(vault.store, keys)],
  ['capabilities', () => listCapabilities(vault.store, keys)],
  ['grants', () => listGrants(vault.store, keys)],
] as const

test.each(TABLES)('a row of %s that is what it was is not opened again', (table, list) => {
  connected(vault)
  const first = list()
  expect(opened).toEqual([table])
  expect(list()[0]).toBe(first[0])
  expect(opened).toEqual([table])
})

test('of many rows the one that was written is opened, and shows what was written', () => {
  const { store } = vault
  const { session } = connected(vault)
  for (const id of ['x', 'y']) putCapability(store, vault.keys, aCapability({}, { id }))
  listCapabilities(store, keys)
  unendedSessions(store, keys)
  opened = []
  writeSession(store, vault.keys, { ...session, requests: 7 })
  putCapability(store, vault.keys, aCapability({ ttl: 9 }, { id: 'y' }))
  expect(unendedSessions(store, keys)).toMatchObject([{ requests: 7 }])
  expect(findCapability(store, keys, 'y')?.limits.ttl).toBe(9)
  listCapabilities(store, keys)
  expect(opened).toEqual(['sessions', 'capabilities'])
})

test('a session that was written with these keys is not opened to be read', () => {
  const { session } = connected(vault)
  writeSession(vault.store, keys, { ...session, requests: 7 })
  const read = readSession(vault.store, keys, session.id)
  expect([read, opened]).toEqual([{ ...session, requests: 7 }, []])
  expect(() => Object.assign(read ?? {}, { requests: 0 })).toThrow(TypeError)
})

test('a session that was written, and whose write was undone, is as it was', () => {
  const { store } = vault
  const { session } = connected(vault)
  const undone = () => {
    writeSession(store, keys, { ...session, requests: 7 })
    throw new Error('undone')
  }
  expect(() => store.transaction(undone)).toThrow('undone')
  expect([readSession(store, keys, session.id), opened]).toEqual([session, ['sessions']])
})

test('a session that was written with these keys is refused where somebody changed it from outside', () => {
  const { session } = connected(vault)
  writeSession(vault.store, keys, session)
  vault.store.run("UPDATE sessions SET place_index = x'00'")
  expect(refusalOf(() => readSession(vault.store, keys, session.id))).toBe('store-damaged')
})

test('the time and the last use of a vault are opened once, and refused where somebody changed them from outside', () => {
  const { store } = vault
  vaultTime(store, vault.keys, 1_000_000)
  noteUse(store, vault.keys, 1_000_000)
  const read = () => [latestTime(store, keys), lastUse(store, keys)]
  expect([read(), read(), opened]).toEqual([
    [1_000_000, 1_000_000],
    [1_000_000, 1_000_000],
    ['meta', 'meta'],
  ])
  const undone = () => {
    noteUse(store, keys, 2_000_000)
    throw new Error('undone')
  }
  expect(() => store.transaction(undone)).toThrow('undone')
  expect(lastUse(store, keys)).toBe(1_000_000)
  for (const name of ['clock', 'last-use'])
    store.run('UPDATE meta SET value = substr(value, 1, length(value) - 1) WHERE name = ?', name)
  expect(refusalOf(() => latestTime(store, keys))).toBe('store-damaged')
  expect(lastUse(store, keys)).toBe(0)
})

test.each([
  ['cut short', 'substr(value, 1, length(value) - 1)'],
  ['of another length of the log', "x'0000000000000009' || substr(value, 9)"],
  ['of another last record', "substr(value, 1, 8) || x'00' || substr(value, 10)"],
])('the head of the log that was written with these keys is no head once it is %s', (_what, sql) => {
  const { store } = vault
  const act = { act: 'service.add', subject: 'x', by: 'cli', now: 1 }
  recordAct(store, keys, act)
  recordAct(store, keys, act)
  store.run(`UPDATE meta SET value = ${sql} WHERE name = 'audit-head'`)
  expect(refusalOf(() => recordAct(store, keys, act))).toBe('store-damaged')
})

test('a record whose write was undone is followed by one in its place', () => {
  const { store } = vault
  const act = { act: 'service.add', subject: 'x', by: 'cli', now: 1 }
  const before = readHead(store, keys)?.sequence ?? 0
  const undone = () => {
    recordAct(store, keys, act)
    throw new Error('undone')
  }
  expect(() => store.transaction(undone)).toThrow('undone')
  recordAct(store, keys, act)
  expect([readHead(store, keys)?.sequence, verifyAudit(store, keys).ok]).toEqual([before + 1, true])
})

test('names give the indexes they gave before, each kind its own', () => {
  const fresh = () => Buffer.from(createKeys(vault.keys.exportKey()).index('a', 'b')).toString('hex')
  const known = () => Buffer.from(vault.keys.index('a', 'b')).toString('hex')
  expect(new Set([fresh(), known(), known()]).size).toBe(1)
  for (let n = 0; n < 3000; n++) vault.keys.index('a', `${n}`)
  expect(known()).toBe(fresh())
  expect(Buffer.from(vault.keys.index('b', 'a')).toString('hex')).not.toBe(fresh())
})

test.each([
  ['its version', 'UPDATE sessions SET version = version + 1'],
  ['its end', 'UPDATE sessions SET ended_at = 5'],
  ['its place', "UPDATE sessions SET place_index = x'00'"],
  ['a sealed byte', 'UPDATE sessions SET sealed = substr(sealed, 1, length(sealed) - 1)'],
  ['its place back to that of an older one', 'UPDATE sessions SET version = version - 1'],
])('a session that was open is refused where somebody changed %s from outside', (_what, sql) => {
  const { session } = connected(vault)
  writeSession(vault.store, vault.keys, session)
  readSession(vault.store, keys, session.id)
  vault.store.run(sql)
  expect(refusalOf(() => readSession(vault.store, keys, session.id))).toBe('store-damaged')
  // Nothing is kept of what was refused.
  expect(refusalOf(() => readSession(vault.store, keys, session.id))).toBe('store-damaged')
})

test('a capability that was open is refused where it answers to another name', () => {
  connected(vault)
  listCapabilities(vault.store, keys)
  vault.store.run("UPDATE capabilities SET name_index = x'00'")
  expect(refusalOf(() => listCapabilities(vault.store, keys))).toBe('store-damaged')
})

test('what is open for one vault is not for other keys', () => {
  const { session } = connected(vault)
  readSession(vault.store, keys, session.id)
  const other = openVault()
  expect(refusalOf(() => readSession(vault.store, other.keys, session.id))).toBe('store-damaged')
  other.remove()
})

test('no reader can change what another one reads', () => {
  const { session, capability } = connected(vault)
  const [own, rules] = [
    readSession(vault.store, keys, session.id),
    findCapability(vault.store, keys, capability.id),
  ]
  expect(() => Object.assign(own ?? {}, { endReason: null })).toThrow(TypeError)
  expect(() => Object.assign(rules?.limits ?? {}, { ttl: 1 })).toThrow(TypeError)
  expect(() => rules?.rules.push(...rules.rules)).toThrow(TypeError)
})

test('no more rows are kept open than there is room for, and the oldest gives way', () => {
  const seen: string[] = []
  const rows = new OpenedRows((_keys, row: Row) => {
    seen.push(String(row.id))
    return { id: row.id }
  }, 2)
  for (const id of ['a', 'b', 'c', 'c', 'b', 'a']) rows.of(keys, { id })
  expect(seen).toEqual(['a', 'b', 'c', 'a'])
})

test('ten thousand rows that are what they were are not opened again', () => {
  const rows = Array.from({ length: 10_000 }, (_, n): Row => ({ id: `${n}`, sealed: Buffer.from([n]) }))
  let count = 0
  const kept = new OpenedRows(() => {
    count += 1
    return {}
  })
  for (const row of [...rows, ...rows]) kept.of(keys, row)
  expect(count).toBe(10_000)
})
