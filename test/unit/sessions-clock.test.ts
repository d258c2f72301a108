import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { machineClock, vaultTime } from '../../native-host/sessions/clock.ts'
import { writeMeta } from '../../native-host/store/meta.ts'
import { sealJson } from '../../native-host/store/sealed-json.ts'
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
const at = (wall: number, up: number, name = 'here'): number =>
  vaultTime(vault.store, vault.keys, wall, 0, { up, name })

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

test('a vault that comes to a machine which has run for longer does not jump ahead', () => {
  at(NOW, 24 * HOUR)
  expect(at(NOW, 20 * 24 * HOUR, 'there')).toBe(NOW)
  expect(at(NOW + 10 * SECOND, 20 * 24 * HOUR + 10 * SECOND, 'there')).toBe(NOW + 10 * SECOND)
  // From there on that one counts, and the first does not when it comes back.
  expect(at(NOW - YEAR, 20 * 24 * HOUR + HOUR, 'there')).toBe(NOW + HOUR)
  expect(at(NOW + HOUR, 90 * 24 * HOUR)).toBe(NOW + HOUR)
})

test('what was counted before anybody said on which machine counts for none', () => {
  const { store, keys } = vault
  const Before = z.object({ mark: z.int(), ahead: z.int(), up: z.int() })
  const clock = { mark: NOW, ahead: 0, up: HOUR }
  writeMeta(store, 'clock', sealJson(keys, 'meta:clock', Before, clock))
  expect(at(NOW, 400 * HOUR)).toBe(NOW)
  expect(at(NOW + HOUR, 401 * HOUR)).toBe(NOW + HOUR)
  expect(at(NOW, 402 * HOUR)).toBe(NOW + 2 * HOUR)
})

test('the machine’s time runs, and it is the same machine', async () => {
  const before = machineClock()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  const after = machineClock()
  expect(after.up).toBeGreaterThan(before.up)
  expect(after.name).toBe(before.name)
  expect(after.name).not.toBe('')
})
