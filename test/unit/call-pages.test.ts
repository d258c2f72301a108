import { afterEach, beforeEach, expect, test } from 'vitest'
import { pagesWritten } from '../support/wal-commits.ts'
import { asks, begun, type Caller, end, used } from './budget-fixture.ts'
import { connected, openVault, type VaultFixture } from './vault-fixture.ts'

/** What one call has the disk write: every page of it is computed over, copied, and waited for. */

const NOW = 1_700_000_000_000
const CALLS = 20

let vault: VaultFixture

beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

/** Pages of one call with its end, the fewest of many: of others a page of the log is full, or the clock is written. */
function fewest(limits: Parameters<typeof connected>[1] & object): number {
  const { capability, session } = connected(vault, { ...limits, now: NOW })
  const caller: Caller = { ...vault, capability, session }
  const counts = Array.from({ length: CALLS }, () => {
    const before = pagesWritten(vault.home)
    end(caller, begun(caller, asks(), NOW), NOW, { use: used(1, 2) })
    return pagesWritten(vault.home) - before
  })
  return Math.min(...counts)
}

test('a small call writes eleven pages: its record is three, and session, reservation and head are one each', () => {
  // The record of its end is one fewer: only what is sent is found by its rate.
  expect(fewest({})).toBe(11)
})

test('what tokens it used is one page more', () => {
  expect(fewest({ limits: { maxTokens: 1_000_000 } })).toBe(12)
})
