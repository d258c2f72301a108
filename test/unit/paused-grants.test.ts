import { afterEach, beforeEach, expect, test } from 'vitest'
import { remove } from '../../native-host/owner/grants.ts'
import { revokeOne } from '../../native-host/owner/sessions.ts'
import { release, resume, view } from '../../native-host/owner/sites.ts'
import { pausedGrants } from '../../native-host/sessions/paused-grants.ts'
import { endSession, liveSessions, startSession } from '../../native-host/sessions/sessions.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { aGrant, connected, NAMES, openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND
const NOW = Date.parse('2026-06-01T12:00:00Z')
const PLACE = { origin: NAMES.origin, topOrigin: NAMES.top }

let vault: VaultFixture
let now: number
beforeEach(() => {
  vault = openVault()
  now = NOW
})
afterEach(() => vault.remove())

const context = () => ({ ...vault, now: () => now, by: 'extension' as const })
const paused = () => pausedGrants(vault.store, vault.keys, now).map(({ id }) => id)
const live = () => liveSessions(vault.store, vault.keys, NAMES.origin, NAMES.top, now)

test('a grant whose session ran out or idled out is paused, one in use is not', () => {
  const { grant } = connected(vault, { now, ttl: 100, limits: { idle: 10 } })
  expect(paused()).toEqual([])
  now = NOW + 20 * SECOND
  expect(paused()).toEqual([grant.id])
  now = NOW + 200 * SECOND
  expect(paused()).toEqual([grant.id])
})

test('what was revoked or removed is not paused, also when its session is not kept any more', () => {
  const { grant, session, capability } = connected(vault, { now, ttl: 100 })
  revokeOne(context(), session.id)
  expect(paused()).toEqual([])
  now = NOW + 20 * DAY
  // A session of another grant sweeps away what ended long ago.
  const other = aGrant({ topOrigin: NAMES.origin, createdAt: now })
  putGrant(vault.store, vault.keys, other)
  startSession(vault.store, vault.keys, { grant: other, capability, ttl: 5, now })
  expect(vault.store.get('SELECT id FROM sessions WHERE id = ?', session.id)).toBeNull()
  expect(paused()).not.toContain(grant.id)
  remove(context(), other.id)
  now += 10 * SECOND
  expect(paused()).toEqual([])
})

test('a session that ran out and was started anew and revoked is not paused', () => {
  const { grant, capability } = connected(vault, { now, ttl: 10 })
  now += 20 * SECOND
  const again = startSession(vault.store, vault.keys, { grant, capability, ttl: 100, now })
  endSession(vault.store, vault.keys, again.id, 'revoked', now)
  expect(paused()).toEqual([])
})

test('resume starts a session for what is paused of that pair and that base URL, and for nothing else', () => {
  const { grant } = connected(vault, { now, ttl: 10 })
  const elsewhere = { origin: NAMES.origin, topOrigin: 'https://else.example' }
  expect(refusalOf(() => resume(context(), PLACE, NAMES.url))).toBe('unknown')
  now += 20 * SECOND
  expect(refusalOf(() => resume(context(), elsewhere, NAMES.url))).toBe('unknown')
  expect(refusalOf(() => resume(context(), PLACE, 'https://else.example'))).toBe('unknown')
  expect(live()).toEqual([])
  expect(resume(context(), PLACE, NAMES.url)).toBe(1)
  expect(live()).toMatchObject([{ grant: grant.id, expiresAt: now + grant.ttl * SECOND }])
  expect(refusalOf(() => resume(context(), PLACE, NAMES.url))).toBe('unknown')
})

test('a revoke between the notice and the press wins', () => {
  const { session } = connected(vault, { now, ttl: 10 })
  now += 20 * SECOND
  resume(context(), PLACE, NAMES.url)
  for (const { id } of live()) revokeOne(context(), id)
  expect(refusalOf(() => resume(context(), PLACE, NAMES.url))).toBe('unknown')
  expect(live()).toEqual([])
  expect(session.endReason).toBeNull()
})

test('a site sees its own pair and no other, no id and no label; it gives back its own and no other', () => {
  const { capability, session } = connected(vault, { now, ttl: 100 })
  const other = aGrant({ topOrigin: NAMES.origin, createdAt: now })
  putGrant(vault.store, vault.keys, other)
  startSession(vault.store, vault.keys, { grant: other, capability, ttl: 100, now })
  const seen = view(context(), PLACE)
  expect(seen.sessions).toEqual([
    {
      service: expect.any(String),
      capability: capability.id,
      baseUrls: [NAMES.url],
      placeholder: expect.any(String),
      expiresAt: session.expiresAt,
    },
  ])
  expect(seen.paused).toEqual([])
  const text = JSON.stringify(seen)
  for (const hidden of [NAMES.secret, NAMES.label, session.id, other.id]) expect(text).not.toContain(hidden)
  expect(view(context(), { origin: NAMES.top, topOrigin: NAMES.top })).toEqual({ sessions: [], paused: [] })
  expect(release(context(), PLACE)).toBe(1)
  expect(live()).toEqual([])
  expect(view(context(), { ...PLACE, topOrigin: NAMES.origin }).sessions).toHaveLength(1)
  expect(paused()).toEqual([])
  expect(release(context(), PLACE)).toBe(0)
})
