import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { recordAct, recordOutcome, recordRefusal } from '../../native-host/audit/write-audit.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import {
  findCapability,
  listCapabilities,
  putCapability,
  removeCapability,
} from '../../native-host/store/capabilities.ts'
import { findGrant, findGrantFor, listGrants, putGrant, removeGrant } from '../../native-host/store/grants.ts'
import { namedRowId } from '../../native-host/store/named-rows.ts'
import {
  findService,
  listSecretNames,
  listServices,
  putSecret,
  putService,
  removeService,
} from '../../native-host/store/services.ts'
import {
  aCapability,
  aGrant,
  aService,
  callRecord,
  connected,
  NAMES,
  openVault,
  outcomeRecord,
  refusalOf,
  type VaultFixture,
} from './vault-fixture.ts'

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

test('services are found by id, listed in order, replaced as a whole and removed', () => {
  const { store, keys } = vault
  for (const id of ['b', 'c', 'a']) putService(store, keys, aService({ id }))
  putService(store, keys, aService({ id: 'b', label: 'Other' }))
  expect(listServices(store, keys).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(findService(store, keys, 'b')).toEqual(aService({ id: 'b', label: 'Other' }))
  expect(findService(store, keys, 'd')).toBeNull()
  expect(removeService(store, keys, 'b')).toBe(true)
  expect(removeService(store, keys, 'b')).toBe(false)
  expect(findService(store, keys, 'b')).toBeNull()
})

test('capabilities are found by id, listed in order, replaced as a whole and removed', () => {
  const { store, keys } = vault
  for (const id of ['b', 'a']) putCapability(store, keys, aCapability({}, { id }))
  putCapability(store, keys, aCapability({ ttl: 5 }, { id: 'a' }))
  expect(listCapabilities(store, keys).map(({ id, limits }) => [id, limits.ttl])).toEqual([
    ['a', 5],
    ['b', 3600],
  ])
  expect(findCapability(store, keys, 'a')).toEqual(aCapability({ ttl: 5 }, { id: 'a' }))
  expect(removeCapability(store, keys, 'a')).toBe(true)
  expect(findCapability(store, keys, 'a')).toBeNull()
})

test('a grant is found by id and by site and capability, and only for that pair of origins', () => {
  const { store, keys } = vault
  const grant = aGrant()
  putGrant(store, keys, grant)
  expect(findGrant(store, keys, grant.id)).toEqual(grant)
  expect(findGrantFor(store, keys, grant.origin, grant.topOrigin, grant.capability)).toEqual(grant)
  expect(findGrantFor(store, keys, grant.origin, grant.origin, grant.capability)).toBeNull()
  expect(findGrantFor(store, keys, grant.topOrigin, grant.origin, grant.capability)).toBeNull()
  expect(findGrantFor(store, keys, grant.origin, grant.topOrigin, 'other')).toBeNull()
  expect(refusalOf(() => putGrant(store, keys, aGrant()))).toBe('exists')
  putGrant(store, keys, { ...grant, ttl: 7 })
  expect(listGrants(store, keys)).toEqual([{ ...grant, ttl: 7 }])
  expect(removeGrant(store, keys, grant.id)).toBe(true)
  expect(removeGrant(store, keys, grant.id)).toBe(false)
})

test('secrets belong to their service and go with it', () => {
  const { store, keys } = vault
  expect(refusalOf(() => putSecret(store, keys, 'a', 'token', Buffer.from('x')))).toBe('unknown')
  for (const id of ['a', 'b']) {
    putService(store, keys, aService({ id }))
    for (const name of ['two', 'one', 'two']) putSecret(store, keys, id, name, Buffer.from('x'))
  }
  putService(store, keys, aService({ id: 'a', label: 'Other' }))
  expect(listSecretNames(store, keys, 'a')).toEqual(['one', 'two'])
  removeService(store, keys, 'a')
  expect(listSecretNames(store, keys, 'a')).toEqual([])
  expect(store.all('SELECT * FROM secrets')).toHaveLength(2)
  expect(refusalOf(() => putSecret(store, keys, 'b', 'one', new Uint8Array(0)))).toBe('invalid')
})

test('what does not fit its schema is not stored', () => {
  const { store, keys } = vault
  expect(refusalOf(() => putService(store, keys, aService({ baseUrls: [] })))).toBe('invalid')
  expect(refusalOf(() => putGrant(store, keys, aGrant({ origin: 'https://a.example/path' })))).toBe('invalid')
  expect(listServices(store, keys)).toEqual([])
})

/** Everything a row could answer wrongly with, opened. */
function openAll({ store, keys }: VaultFixture): void {
  listServices(store, keys)
  listCapabilities(store, keys)
  listGrants(store, keys)
  for (const id of ['a', 'b']) listSecretNames(store, keys, id)
}

function twoOfEach({ store, keys }: VaultFixture): void {
  for (const id of ['a', 'b']) {
    putService(store, keys, aService({ id }))
    putSecret(store, keys, id, 'token', Buffer.from(`secret of ${id}`))
    putCapability(store, keys, aCapability({}, { id }))
    putGrant(store, keys, aGrant({ capability: id }))
  }
}

const SWAPS: [table: string, column: string][] = [
  ...['services', 'secrets', 'capabilities', 'grants'].map((table): [string, string] => [table, 'sealed']),
  ['services', 'name_index'],
  ['capabilities', 'name_index'],
  ['grants', 'place_index'],
]

test.each(SWAPS)('two rows of `%s` with their `%s` swapped are refused', (table, column) => {
  twoOfEach(vault)
  openAll(vault)
  const { store } = vault
  const [one, two] = store.all(`SELECT id, ${column} AS value FROM ${table} ORDER BY rowid`)
  const set = (id: unknown, value: unknown): void => {
    store.run(`UPDATE ${table} SET ${column} = ? WHERE id = ?`, value as Uint8Array, id as string)
  }
  set(one?.id, new Uint8Array(1))
  set(two?.id, one?.value)
  set(one?.id, two?.value)
  expect(refusalOf(() => openAll(vault))).toBe('store-damaged')
})

test('a secret moved to another service is refused there', () => {
  twoOfEach(vault)
  const { store, keys } = vault
  store.run('DELETE FROM secrets WHERE service = ?', namedRowId(store, keys, 'services', 'b'))
  store.run('UPDATE secrets SET service = (SELECT id FROM services WHERE id <> secrets.service)')
  expect(listSecretNames(store, keys, 'a')).toEqual([])
  expect(refusalOf(() => listSecretNames(store, keys, 'b'))).toBe('store-damaged')
})

test('a sealed value from before is refused in its own row after the row was replaced', () => {
  const { store, keys } = vault
  putService(store, keys, aService())
  const old = store.get('SELECT sealed FROM services')?.sealed
  putService(store, keys, aService({ baseUrls: ['https://elsewhere.example'] }))
  store.run('UPDATE services SET sealed = ?', old ?? null)
  expect(refusalOf(() => findService(store, keys, NAMES.service))).toBe('store-damaged')
})

test('every byte of every sealed column flipped is refused', () => {
  twoOfEach(vault)
  vault.store.database.exec('PRAGMA synchronous = OFF')
  for (const table of ['services', 'secrets', 'capabilities', 'grants']) {
    const row = vault.store.get(`SELECT id, sealed FROM ${table}`)
    const sealed = row?.sealed as Uint8Array
    for (let at = 0; at < sealed.length; at += 1) {
      const bad = Uint8Array.from(sealed)
      bad[at] = (bad[at] ?? 0) ^ 1
      vault.store.run(`UPDATE ${table} SET sealed = ? WHERE id = ?`, bad, row?.id as string)
      expect(
        refusalOf(() => openAll(vault)),
        `${table} byte ${at}`,
      ).toBe('store-damaged')
    }
    vault.store.run(`UPDATE ${table} SET sealed = ? WHERE id = ?`, sealed, row?.id as string)
  }
  openAll(vault)
})

test('the files of a vault show no name, origin, url, path, reason or secret', () => {
  const { store, keys, home } = vault
  const { capability, session } = connected(vault)
  const call = { session: session.id, capability: capability.id, service: capability.service }
  recordIntent(store, keys, { session: session.id, capability, now: Date.now(), record: callRecord(call) })
  recordRefusal(store, keys, callRecord({ kind: 'refusal', decision: 'deny', ...call }))
  recordAct(store, keys, { act: 'service.add', subject: NAMES.service, by: 'cli', now: 1 })
  recordOutcome(store, keys, outcomeRecord({ intent: session.id }), session.id)
  endSession(store, keys, session.id, 'revoked', Date.now())
  // A method as JSON has it, with its quotes: three letters alone stand in sealed bytes by luck, once in some hundred runs.
  const words = [...Object.values(NAMES), 'canary', 'service.add', 'revoked', 'allow', '"GET"']
  let seen = 0
  for (const file of readdirSync(home)) {
    const content = readFileSync(join(home, file))
    seen += content.length
    for (const word of words)
      for (const encoding of ['utf8', 'utf16le'] as const)
        expect(content.includes(Buffer.from(word, encoding)), `${word} in ${file}`).toBe(false)
  }
  expect(seen).toBeGreaterThan(50_000)
})

test('a transaction that throws leaves nothing behind, and one within it is undone alone', () => {
  const { store, keys } = vault
  expect(() =>
    store.transaction(() => {
      putService(store, keys, aService({ id: 'a' }))
      throw new Error('stop')
    }),
  ).toThrow('stop')
  store.transaction(() => {
    putService(store, keys, aService({ id: 'b' }))
    expect(() =>
      store.transaction(() => {
        putService(store, keys, aService({ id: 'c' }))
        throw new Error('part')
      }),
    ).toThrow('part')
  })
  expect(listServices(store, keys).map(({ id }) => id)).toEqual(['b'])
})

test('who asked for it is told once a transaction is undone as a whole, and only then', () => {
  const told: string[] = []
  const ask = (name: string) => vault.store.ifUndone(() => told.push(name))
  ask('without one')
  vault.store.transaction(() => ask('kept'))
  const failing = (name: string) => () => {
    ask(name)
    throw new Error('undone')
  }
  expect(() => vault.store.transaction(failing('first'))).toThrow('undone')
  expect(told).toEqual(['first'])
  const within = () => {
    ask('outer')
    vault.store.transaction(() => ask('inner'))
    throw new Error('undone')
  }
  expect(() => vault.store.transaction(within)).toThrow('undone')
  expect(told).toEqual(['first', 'outer', 'inner'])
})
