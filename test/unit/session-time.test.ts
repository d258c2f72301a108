import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import * as grants from '../../native-host/owner/grants.ts'
import { extend, undoRevoke } from '../../native-host/owner/session-time.ts'
import { revokeOne } from '../../native-host/owner/sessions.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putService } from '../../native-host/store/services.ts'
import type { Session } from '../../shared/model/grant.ts'
import { aCapability, aService, NAMES, openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

const HOUR = 3600
let vault: VaultFixture
let context: OwnerContext
let now: number
let session: Session

beforeEach(() => {
  vault = openVault()
  now = Date.now()
  context = { store: vault.store, keys: vault.keys, now: () => now, by: 'extension' }
  putService(vault.store, vault.keys, aService())
  putCapability(vault.store, vault.keys, aCapability({ ttl: 4 * HOUR, idle: null }))
  const { origin, top, capability } = NAMES
  session = grants.add(context, { origin, topOrigin: top, capability, ttl: HOUR }).session
})
afterEach(() => vault.remove())

test('a revoke can be taken back for half a minute', () => {
  now += 10_000
  revokeOne(context, session.id)
  now += 29_000
  const again = undoRevoke(context, session.id)
  expect(again.expiresAt).toBeLessThanOrEqual(session.expiresAt)
  expect(again.expiresAt).toBeGreaterThan(session.expiresAt - 2000)
  revokeOne(context, again.id)
  now += 31_000
  expect(refusalOf(() => undoRevoke(context, again.id))).toBe('unknown')
})

test('nothing is given back of a session whose time ran out meanwhile', () => {
  now += HOUR * 1000 - 5000
  revokeOne(context, session.id)
  now += 4500
  expect(refusalOf(() => undoRevoke(context, session.id))).toBe('unknown')
})

test('a session that ran out or idled out is no revoke, and cannot be extended', () => {
  now += HOUR * 1000 + 1
  expect(refusalOf(() => undoRevoke(context, session.id))).toBe('unknown')
  expect(refusalOf(() => extend(context, session.id))).toBe('unknown')
})

test('more time is that of the grant, from now on, and as often as the owner says so', () => {
  now += HOUR * 500
  expect(extend(context, session.id).expiresAt).toBe(now + HOUR * 1000)
  now += HOUR * 900
  expect(extend(context, session.id).expiresAt).toBe(now + HOUR * 1000)
})

test('more time is no more than the capability gives now, and never less than there was', () => {
  putCapability(vault.store, vault.keys, aCapability({ ttl: 60, idle: null }))
  expect(extend(context, session.id).expiresAt).toBe(session.expiresAt)
  now += HOUR * 1000 - 5000
  expect(extend(context, session.id).expiresAt).toBe(now + 60_000)
})
