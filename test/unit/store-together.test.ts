import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../native-host/store/open-store.ts'
import { listServices, putService } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import { committed } from '../support/wal-commits.ts'
import { aService, openVault, type VaultFixture } from './vault-fixture.ts'

let vault: VaultFixture
let elsewhere: Store

beforeEach(() => {
  vault = openVault()
  elsewhere = openStore(vault.home)
})
afterEach(() => {
  elsewhere.close()
  vault.remove()
})

const put = (id: string) => vault.store.together(() => putService(vault.store, vault.keys, aService({ id })))
/** What another process sees, which is what is durable. */
const durable = () => listServices(elsewhere, vault.keys).map(({ id }) => id)

test('what is asked for in one turn is one commit, and whoever asked is told when it is durable', async () => {
  const before = committed(vault.home)
  const told: string[][] = []
  const all = ['a', 'b', 'c'].map((id) => put(id).then(() => told.push(durable())))
  // Asked for a few promises later, in the same turn.
  const late = Promise.resolve()
    .then(() => {})
    .then(() => put('d'))
  expect(durable()).toEqual([])
  await Promise.all([...all, late])
  expect(committed(vault.home) - before).toBe(1)
  expect(told).toEqual(Array(3).fill(['a', 'b', 'c', 'd']))
})

test('what one throws undoes its part alone, and is told to that one', async () => {
  const failing = vault.store.together(() => {
    putService(vault.store, vault.keys, aService({ id: 'never' }))
    throw new Error('mine')
  })
  const settled = await Promise.allSettled([put('a'), failing, put('b')])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(durable()).toEqual(['a', 'b'])
})

test('what one throws undoes all of its part, also where something within it was undone before', async () => {
  const { store, keys } = vault
  const told: string[] = []
  const ask = (name: string) => store.ifUndone(() => told.push(name))
  const inner = () => {
    ask('inner')
    putService(store, keys, aService({ id: 'inner' }))
    throw new Error('inner')
  }
  const failing = store.together(() => {
    ask('outer')
    putService(store, keys, aService({ id: 'outer' }))
    expect(() => store.transaction(inner)).toThrow('inner')
    expect(told).toEqual(['inner'])
    throw new Error('mine')
  })
  const kept = store.together(() => ask('kept'))
  const settled = await Promise.allSettled([put('a'), failing, kept])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(durable()).toEqual(['a'])
  expect(told).toEqual(['inner', 'outer'])
})

test('where SQLite has undone everything by itself nobody is told that it was done, and nothing is', async () => {
  const undoing = vault.store.together(() => {
    vault.store.database.exec('ROLLBACK')
    throw new Error('no room')
  })
  const settled = await Promise.allSettled([put('a'), undoing, put('b')])
  expect(settled.map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
  expect(durable()).toEqual([])
  await put('c')
  expect(durable()).toEqual(['c'])
})

test('where it cannot be committed nobody is told that it was done', async () => {
  const before = vault.store.database
  before.exec('CREATE TEMP TABLE child (id TEXT REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)')
  before.exec('CREATE TEMP TABLE parent (id TEXT PRIMARY KEY)')
  const breaking = vault.store.together(() => before.exec("INSERT INTO child VALUES ('of nobody')"))
  const settled = await Promise.allSettled([put('a'), breaking])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(durable()).toEqual([])
})
