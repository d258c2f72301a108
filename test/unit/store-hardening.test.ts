import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../../native-host/refusal.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { listServices, putService } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import { committed } from '../support/wal-commits.ts'
import { aService, openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

/** What is committed without a wait for the disk: whoever looks sees it, and a disk that fails behind it is not built upon. */

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

const put = (id: string, durable: 'now' | 'soon') =>
  vault.store.together(() => putService(vault.store, vault.keys, aService({ id })), durable)
const seen = () => listServices(elsewhere, vault.keys).map(({ id }) => id)
const synchronous = () => vault.store.get('PRAGMA synchronous')?.synchronous

/** A commit that is waited for fails, as where the disk refuses: a stand-in, `test/host/audit-faults.test.ts` has a disk that does. */
function refuseCommits(): { end(): void } {
  const run = vault.store.run.bind(vault.store)
  const spy = vi.spyOn(vault.store, 'run').mockImplementation((sql, ...values) => {
    if (sql === 'COMMIT' && synchronous() === 2)
      throw new Refusal('store-damaged', 'the disk reports an error')
    return run(sql, ...values)
  })
  return { end: () => spy.mockRestore() }
}

test('others see at once what is on the disk only soon, and what comes next is waited for again', async () => {
  await put('a', 'soon')
  expect([seen(), synchronous()]).toEqual([['a'], 2])
  expect(await vault.store.together(synchronous, 'now')).toBe(2)
})

test('of what is committed in one moment all is waited for where some must be', async () => {
  const level = (durable: 'now' | 'soon') => vault.store.together(synchronous, durable)
  expect(await Promise.all([level('soon'), level('now')])).toEqual([2, 2])
  expect(await Promise.all([level('soon'), level('soon')])).toEqual([1, 1])
  expect(await level('soon')).toBe(1)
  expect(await level('now')).toBe(2)
})

test('what nobody asks for is on the disk soon all the same', async () => {
  await put('a', 'soon')
  const before = committed(vault.home)
  await vi.waitFor(() => expect(committed(vault.home)).toBe(before + 1), { timeout: 10_000 })
  expect(seen()).toEqual(['a'])
})

test('what the next commit has taken to the disk is not taken there again', async () => {
  await put('a', 'soon')
  await put('b', 'now')
  const before = committed(vault.home)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(committed(vault.home)).toBe(before)
})

test('whoever must know that all is on the disk makes one commit more, which changes nothing', async () => {
  await put('a', 'soon')
  const before = [committed(vault.home), elsewhere.get('PRAGMA user_version')]
  vault.store.harden()
  expect([committed(vault.home) - 1, elsewhere.get('PRAGMA user_version')]).toEqual(before)
  expect(seen()).toEqual(['a'])
})

test('where somebody else holds the vault when it is time, it is tried again', async () => {
  await put('a', 'soon')
  const before = committed(vault.home)
  const spy = vi.spyOn(vault.store, 'transaction').mockImplementationOnce(() => {
    throw new Refusal('internal', 'the vault is busy')
  })
  await vi.waitFor(() => expect(committed(vault.home)).toBe(before + 1), { timeout: 10_000 })
  expect(spy).toHaveBeenCalledTimes(2)
})

test('work that throws is undone, and leaves the next one to be waited for', async () => {
  const failing = vault.store.together(() => {
    putService(vault.store, vault.keys, aService({ id: 'never' }))
    throw new Error('mine')
  }, 'soon')
  await expect(failing).rejects.toThrow('mine')
  expect([seen(), synchronous()]).toEqual([[], 2])
})

test('where the disk did not keep a commit, all of the log goes into the database before anything is said to be durable', async () => {
  await put('a', 'soon')
  const disk = refuseCommits()
  expect(refusalOf(() => vault.store.harden())).toBe('store-damaged')
  disk.end()
  const before = committed(vault.home)
  await put('b', 'now')
  expect(committed(vault.home)).toBeLessThanOrEqual(before)
  expect(seen()).toEqual(['a', 'b'])
})

test('where that is not possible, nothing is written', async () => {
  await put('a', 'soon')
  const disk = refuseCommits()
  expect(refusalOf(() => vault.store.harden())).toBe('store-damaged')
  disk.end()
  elsewhere.database.exec('BEGIN')
  seen()
  expect(refusalOf(() => vault.store.transaction(() => {}))).toBe('store-damaged')
  await expect(put('b', 'soon')).rejects.toMatchObject({ code: 'store-damaged' })
  elsewhere.database.exec('COMMIT')
  await put('c', 'now')
  expect(seen()).toEqual(['a', 'c'])
})
