import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { isLive } from '../../native-host/sessions/session-life.ts'
import {
  endSession,
  endSessions,
  expireSessions,
  keepInUse,
  listSessions,
  liveSessions,
  sessionById,
  startSession,
} from '../../native-host/sessions/sessions.ts'
import { putGrant, removeGrant } from '../../native-host/store/grants.ts'
import type { Session } from '../../shared/model/grant.ts'
import {
  aCapability,
  aGrant,
  callRecord,
  connected,
  NAMES,
  openVault,
  refusalOf,
  type VaultFixture,
} from './vault-fixture.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND
const YEAR = 365 * DAY
const NOW = Date.parse('2026-06-01T12:00:00Z')

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

const live = (now: number): string[] =>
  liveSessions(vault.store, vault.keys, NAMES.origin, NAMES.top, now).map(({ id }) => id)

/** Whether the session may be used, asked in each way there is. */
function answers(session: Session, now: number): boolean[] {
  const { store, keys } = vault
  const capability = aCapability({ idle: session.idleSeconds })
  const record = callRecord({ session: session.id })
  return [
    live(now).includes(session.id),
    listSessions(store, keys, now).some(({ id, endReason }) => id === session.id && endReason === null),
    sessionById(store, keys, session.id, now)?.endReason === null,
    !('refused' in recordIntent(store, keys, { session: session.id, capability, now, record })),
  ]
}
const all = (value: boolean): boolean[] => [value, value, value, value]

test('a session lives for the shortest of what was asked, the grant and the capability', () => {
  const { store, keys } = vault
  connected(vault)
  for (const [asked, granted, capable] of [
    [10, 20, 30],
    [30, 10, 20],
    [20, 30, 10],
  ] as const) {
    const grant = aGrant({ ttl: granted, capability: 'other' })
    putGrant(store, keys, grant)
    const capability = aCapability({ ttl: capable }, { id: 'other' })
    const session = startSession(store, keys, { grant, capability, ttl: asked, now: NOW })
    expect(session.expiresAt - session.createdAt).toBe(10 * SECOND)
    removeGrant(store, keys, grant.id)
  }
})

test('a session is not started from a removed grant or for another capability', () => {
  const { store, keys } = vault
  const { capability, grant } = connected(vault)
  const other = aCapability({}, { id: 'other' })
  expect(refusalOf(() => startSession(store, keys, { grant, capability: other, ttl: 1, now: NOW }))).toBe(
    'invalid',
  )
  removeGrant(store, keys, grant.id)
  expect(refusalOf(() => startSession(store, keys, { grant, capability, ttl: 1, now: NOW }))).toBe('unknown')
})

test('a session past its time is over for every reader though nobody marked it', () => {
  const { session } = connected(vault, { ttl: 10, now: NOW })
  expect(answers(session, NOW + 10 * SECOND - 1)).toEqual(all(true))
  expect(answers(session, NOW + 10 * SECOND)).toEqual(all(false))
  expect(sessionById(vault.store, vault.keys, session.id, NOW + 11 * SECOND)).toMatchObject({
    endReason: 'expired',
    endedAt: session.expiresAt,
  })
})

test('a session without a call for its idle time is over, and each call renews it', () => {
  const { session } = connected(vault, { limits: { idle: 10 }, now: NOW })
  expect(answers(session, NOW + 9 * SECOND)).toEqual(all(true))
  expect(answers(session, NOW + 18 * SECOND)).toEqual(all(true))
  expect(answers(session, NOW + 28 * SECOND)).toEqual(all(false))
  const { store, keys } = vault
  expect(expireSessions(store, keys, NOW + 28 * SECOND)).toEqual([session.id])
  expect(sessionById(store, keys, session.id)).toMatchObject({
    endReason: 'idle',
    endedAt: NOW + 28 * SECOND,
  })
})

test('a clock set back a year does not lengthen a session that is running or one that is over', () => {
  const { session } = connected(vault, { ttl: 60, now: NOW })
  expect(live(NOW + 30 * SECOND)).toEqual([session.id])
  const back = NOW + 30 * SECOND - YEAR
  expect(answers(session, back)).toEqual(all(true))
  expect(answers(session, back + 29 * SECOND)).toEqual(all(true))
  expect(answers(session, back + 30 * SECOND)).toEqual(all(false))
  expect(answers(session, back)).toEqual(all(false))
})

test('a session seen as over stays over when the clock is then set back', () => {
  const { session } = connected(vault, { ttl: 60, now: NOW })
  expect(answers(session, NOW + 61 * SECOND)).toEqual(all(false))
  expect(answers(session, NOW + SECOND)).toEqual(all(false))
  expect(sessionById(vault.store, vault.keys, session.id)?.endReason).toBe('expired')
})

test('a clock set forward a year ends a session, and setting it back does not revive it', () => {
  const { session } = connected(vault, { ttl: 60, now: NOW })
  expect(answers(session, NOW + YEAR)).toEqual(all(false))
  expect(answers(session, NOW + SECOND)).toEqual(all(false))
})

test('a session started while the clock is behind lives as long as it was given, not until the clock has caught up', () => {
  const { store, keys } = vault
  const { grant, capability } = connected(vault, { now: NOW })
  const behind = NOW - YEAR
  const session = startSession(store, keys, { grant, capability, ttl: 60, now: behind })
  expect(answers(session, behind + 55 * SECOND)).toEqual(all(true))
  expect(answers(session, behind + 60 * SECOND)).toEqual(all(false))
})

test('a clock that was behind and is mended is taken as it is again', () => {
  const { store, keys } = vault
  const { grant, capability } = connected(vault, { now: NOW })
  startSession(store, keys, { grant, capability, ttl: 60, now: NOW - YEAR })
  const session = startSession(store, keys, { grant, capability, ttl: 60, now: NOW + DAY })
  expect(session.createdAt).toBe(NOW + DAY)
})

test('revoking ends a session once, at once, for every reader and for good', () => {
  const { store, keys } = vault
  const { session } = connected(vault, { now: NOW })
  expect(endSession(store, keys, session.id, 'revoked', NOW + 1)).toBe(true)
  expect(endSession(store, keys, session.id, 'revoked', NOW + 2)).toBe(false)
  expect(endSession(store, keys, crypto.randomUUID(), 'revoked', NOW)).toBe(false)
  expect(answers(session, NOW + 2)).toEqual(all(false))
  expect(answers(session, NOW - YEAR)).toEqual(all(false))
  expect(sessionById(store, keys, session.id)).toMatchObject({ endReason: 'revoked', endedAt: NOW + 1 })
})

test('a session whose time was up is not counted as revoked', () => {
  const { store, keys } = vault
  const { session } = connected(vault, { ttl: 1, now: NOW })
  expect(endSession(store, keys, session.id, 'revoked', NOW + 5 * SECOND)).toBe(false)
  expect(sessionById(store, keys, session.id)?.endReason).toBe('expired')
})

test('sessions are ended by origin, frame, capability, grant or all, and an empty choice ends none', () => {
  const { store, keys } = vault
  const { capability, grant, session } = connected(vault, { now: NOW })
  const other = aGrant({ origin: 'https://other.example', topOrigin: 'https://other.example' })
  putGrant(store, keys, other)
  const second = startSession(store, keys, { grant: other, capability, ttl: 60, now: NOW })
  const end = (where: Parameters<typeof endSessions>[2]): string[] =>
    endSessions(store, keys, where, 'removed', NOW)
  for (const nothing of [{}, { origin: 'https://nobody.example' }, { origin: other.origin, grant: grant.id }])
    expect(end(nothing)).toEqual([])
  expect(end({ origin: NAMES.top })).toEqual([session.id])
  expect(end({ origin: other.origin, capability: capability.id })).toEqual([second.id])
  const third = startSession(store, keys, { grant, capability, ttl: 60, now: NOW })
  expect(end({ grant: grant.id })).toEqual([third.id])
  const rest = [grant, other].map(
    (from) => startSession(store, keys, { grant: from, capability, ttl: 60, now: NOW }).id,
  )
  expect(end({ all: true }).sort()).toEqual(rest.sort())
  expect(end({ all: true })).toEqual([])
})

test('live sessions come first, and ended ones are listed for a day', () => {
  const { store, keys } = vault
  const { capability, grant, session } = connected(vault, { now: NOW })
  const second = startSession(store, keys, { grant, capability, ttl: 3600, now: NOW + 1 })
  endSession(store, keys, second.id, 'revoked', NOW + 2)
  const ids = (now: number): string[] => listSessions(store, keys, now).map(({ id }) => id)
  expect(ids(NOW + 3)).toEqual([session.id, second.id])
  expect(ids(NOW + DAY + 3)).toEqual([session.id])
  expect(ids(NOW + 2 * DAY)).toEqual([])
})

test('a session whose row is changed to live, ended, another site or an older state is refused', () => {
  const { store, keys } = vault
  const { session } = connected(vault, { now: NOW })
  const before = store.get('SELECT * FROM sessions')
  endSession(store, keys, session.id, 'revoked', NOW)
  const after = store.get('SELECT * FROM sessions')
  const read = (): string => refusalOf(() => sessionById(store, keys, session.id))
  store.run('UPDATE sessions SET ended_at = NULL')
  expect(read()).toBe('store-damaged')
  store.run('UPDATE sessions SET ended_at = NULL, sealed = ?', before?.sealed ?? null)
  expect(read()).toBe('store-damaged')
  store.run('UPDATE sessions SET ended_at = ?, sealed = ?', after?.ended_at ?? null, after?.sealed ?? null)
  expect(read()).toBe('nothing')
  store.run(
    'UPDATE sessions SET place_index = ?',
    keys.index('sessions', 'https://x.example https://x.example'),
  )
  expect(read()).toBe('store-damaged')
})

test('expiring writes nothing while nothing is over', () => {
  const { store, keys } = vault
  connected(vault, { now: NOW })
  const changes = (): unknown => store.get('SELECT total_changes() AS n')?.n
  const before = changes()
  for (let n = 0; n < 9; n += 1) expect(expireSessions(store, keys, NOW + n * SECOND)).toEqual([])
  expect(changes()).toBe(before)
})

test('a call in flight keeps its session in use, also after the wall clock was set back', () => {
  const { store, keys } = vault
  const { session } = connected(vault, { limits: { idle: 60 }, now: NOW })
  const back = NOW - 3600 * SECOND
  for (let second = 0; second <= 180; second++) {
    keepInUse(store, keys, new Set([session.id]), back + second * SECOND)
    expect(expireSessions(store, keys, back + second * SECOND)).toEqual([])
  }
  const idle = back + (180 + 61) * SECOND
  expect(expireSessions(store, keys, idle)).toEqual([session.id])
})

test('isLive judges by time, idleness and end', () => {
  const { session } = connected(vault, { limits: { idle: 10 }, ttl: 60, now: NOW })
  expect(isLive(session, NOW)).toBe(true)
  expect(isLive({ ...session, idleSeconds: null }, NOW + 60 * SECOND - 1)).toBe(true)
  expect(isLive({ ...session, idleSeconds: null }, NOW + 60 * SECOND)).toBe(false)
  expect(isLive(session, NOW + 10 * SECOND)).toBe(false)
  expect(isLive({ ...session, endedAt: NOW, endReason: 'revoked' }, NOW)).toBe(false)
})
