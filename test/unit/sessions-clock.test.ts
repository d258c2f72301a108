import { afterEach, beforeEach, expect, test } from 'vitest'
import { machineTime, vaultTime } from '../../native-host/sessions/clock.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const SECOND = 1000
const HOUR = 3600 * SECOND
const YEAR = 365 * 24 * HOUR

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

/** The vault's time for what the wall clock and the machine's say, as a look that is written down. */
const at = (wall: number, up: number): number => vaultTime(vault.store, vault.keys, wall, 0, up)

test('time that passed while nobody looked counts though the wall clock was set back meanwhile', () => {
  for (const back of [YEAR, HOUR, 60 * SECOND]) {
    at(NOW, 0)
    expect(at(NOW + HOUR - back, HOUR)).toBeGreaterThanOrEqual(NOW + HOUR)
    expect(at(NOW + HOUR - back + 5 * SECOND, HOUR + 5 * SECOND)).toBeGreaterThanOrEqual(
      NOW + HOUR + 5 * SECOND,
    )
    vault.remove()
    vault = openVault()
  }
})

test('a clock that is set back again and again does not make time stand still', () => {
  at(NOW, 0)
  for (let n = 1; n <= 600; n++) {
    const up = n * 1.5 * SECOND
    // Never more than it takes to be noticed.
    expect(at(NOW - (n % 2) * 500, up)).toBeGreaterThan(NOW + up - 5 * SECOND)
  }
})

test('the start of the machine takes no time away and adds none', () => {
  at(NOW, 90 * HOUR)
  expect(at(NOW + 10 * SECOND, SECOND)).toBe(NOW + 10 * SECOND)
  expect(at(NOW + 20 * SECOND, 11 * SECOND)).toBe(NOW + 20 * SECOND)
  // Set back after the start: from there the machine counts.
  expect(at(NOW - YEAR, 3611 * SECOND)).toBe(NOW + 20 * SECOND + HOUR)
})

test('the wall clock is followed where both agree, and where it is ahead', () => {
  at(NOW, 0)
  expect(at(NOW + HOUR, HOUR)).toBe(NOW + HOUR)
  expect(at(NOW + 2 * HOUR, HOUR + SECOND)).toBe(NOW + 2 * HOUR)
  // Two processes read both clocks in a different order, and whole seconds are all that some systems tell.
  expect(at(NOW + 2 * HOUR + SECOND, HOUR + 3 * SECOND)).toBe(NOW + 2 * HOUR + SECOND)
})

test('the machine’s time runs', async () => {
  const before = machineTime()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(machineTime()).toBeGreaterThan(before)
})
