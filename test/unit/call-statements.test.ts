import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readMeta, removeMeta, writeMeta } from '../../native-host/store/meta.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { asks, begun, type Caller, end } from './budget-fixture.ts'
import { connected, openVault, type VaultFixture } from './vault-fixture.ts'

/** What is read once in a transaction, and what must not be. */

const NOW = 1_700_000_000_000

let vault: VaultFixture

beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

const pause = () => readMeta(vault.store, 'vault-pause')

test('a single value is what this transaction wrote last, or took away', () => {
  vault.store.transaction(() => {
    expect(pause()).toBeNull()
    writeMeta(vault.store, 'vault-pause', 1)
    expect(pause()).toBe(1)
    writeMeta(vault.store, 'vault-pause', 2)
    expect(pause()).toBe(2)
    removeMeta(vault.store, 'vault-pause')
    expect(pause()).toBeNull()
  })
})

test('a single value that was written in a part that is undone was never written', () => {
  const undone = (work: () => void) => () =>
    vault.store.transaction(() => {
      work()
      throw new Error('undone')
    })
  vault.store.transaction(() => {
    writeMeta(vault.store, 'vault-pause', 1)
    expect(undone(() => writeMeta(vault.store, 'vault-pause', 2) ?? expect(pause()).toBe(2))).toThrow(
      'undone',
    )
    expect(pause()).toBe(1)
  })
  expect(undone(() => removeMeta(vault.store, 'vault-pause') ?? expect(pause()).toBeNull())).toThrow('undone')
  expect(pause()).toBe(1)
  expect(vault.store.transaction(pause)).toBe(1)
})

test('a single value that another process wrote is seen by the very next transaction, and outside one', () => {
  const other = openStore(vault.home)
  for (let n = 1; n < 20; n += 1) {
    expect(vault.store.transaction(pause)).toBe(n === 1 ? null : n - 1)
    writeMeta(other, 'vault-pause', n)
    expect([vault.store.transaction(pause), pause()]).toEqual([n, n])
  }
  other.close()
})

test('a call reads the single values once in each of its transactions, and opens no reservation that it wrote', () => {
  const { capability, session } = connected(vault, { now: NOW })
  const caller: Caller = { ...vault, capability, session }
  end(caller, begun(caller, asks(), NOW), NOW)
  const read = vi.spyOn(vault.store, 'get')
  const all = vi.spyOn(vault.store, 'lists')
  const opened = vi.spyOn(vault.keys, 'open')
  end(caller, begun(caller, asks(), NOW), NOW)
  expect(read.mock.calls.filter(([sql]) => sql.includes('meta'))).toEqual([])
  expect(all).toHaveBeenCalledTimes(2)
  expect(opened).not.toHaveBeenCalled()
})
