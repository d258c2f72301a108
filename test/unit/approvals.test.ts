import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { type AskedApproval, ParkedCalls } from '../../native-host/broker/parked-calls.ts'
import * as approvals from '../../native-host/owner/approvals.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { listApprovals, readApproval, writeAnswer } from '../../native-host/sessions/approval-rows.ts'
import { isMutedBy } from '../../native-host/sessions/mute.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import type { Approved } from '../../native-host/sessions/take-answer.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import type { ApprovalAnswer } from '../../shared/model/approval.ts'
import {
  aCapability,
  callRecord,
  connected,
  NAMES,
  openVault,
  refusalOf,
  type VaultFixture,
} from './vault-fixture.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const MINUTE = 60_000
const RULE = `GET ${NAMES.path}`
const DIGEST = 'a'.repeat(64)

let vault: VaultFixture
let now: number
let parked: ParkedCalls
let call: ReturnType<typeof connected>
let owner: OwnerContext
beforeEach(() => {
  vault = openVault()
  now = NOW
  call = connected(vault, { now, ttl: 7200 })
  parked = new ParkedCalls({ store: vault.store, keys: vault.keys, now: () => now })
  owner = { store: vault.store, keys: vault.keys, now: () => now, by: 'cli' }
})
afterEach(() => {
  parked.close()
  vault.remove()
})

function asked(changes: Partial<AskedApproval> = {}): AskedApproval {
  return {
    origin: NAMES.origin,
    topOrigin: NAMES.top,
    session: call.session.id,
    capability: NAMES.capability,
    capabilityLabel: NAMES.label,
    service: NAMES.service,
    serviceLabel: NAMES.label,
    rule: RULE,
    why: 'rule',
    method: 'GET',
    url: NAMES.url + NAMES.path,
    headers: [],
    body: null,
    digest: DIGEST,
    tabId: 1,
    frameId: 0,
    documentId: null,
    ...changes,
  }
}

function park(changes: Partial<AskedApproval> = {}, signal = new AbortController().signal) {
  const waiting = parked.park(asked(changes), signal, () => true)
  if (waiting === null) throw new Error('the site is muted')
  return waiting
}

/** Park, answer, and use the answer for a call of this digest. */
async function answered(answer: ApprovalAnswer): Promise<string> {
  const { id } = park()
  await approvals.answer(owner, { id, digest: DIGEST, answer }, parked.host)
  parked.look()
  return id
}

function permit(approved: Approved | null, rule = RULE, capability = call.capability): string {
  const id = randomUUID()
  const outcome = recordIntent(vault.store, vault.keys, {
    session: call.session.id,
    capability,
    now,
    approved,
    record: callRecord({ id, session: call.session.id, decision: 'ask', rule, at: now }),
  })
  return 'refused' in outcome ? outcome.refused : 'permit'
}

describe('a permit for a call that an ask rule matches', () => {
  test('is never given without an answer', () => {
    expect(permit(null)).toBe('approval-stale')
    expect(permit({ approval: null, digest: DIGEST })).toBe('approval-stale')
    expect(permit({ approval: randomUUID(), digest: DIGEST })).toBe('approval-stale')
    expect(permit({ approval: park().id, digest: DIGEST })).toBe('approval-stale')
    expect(listAudit(vault.store, vault.keys, { limit: 9 })).toEqual([])
  })

  test('uses `once` up, whatever else is asked with it', async () => {
    const id = await answered('once')
    expect(permit({ approval: id, digest: DIGEST })).toBe('permit')
    expect(permit({ approval: id, digest: DIGEST })).toBe('approval-stale')
    expect(permit({ approval: null, digest: DIGEST })).toBe('approval-stale')
    expect(listAudit(vault.store, vault.keys, { limit: 1 })[0]).toMatchObject({
      approvedBy: { by: 'cli', answer: 'once' },
    })
  })

  test('uses nothing up where the call has no room, and reserves nothing where there is no answer', async () => {
    const tight = aCapability({ concurrent: 1 })
    putCapability(vault.store, vault.keys, tight)
    expect(permit(null, RULE, tight)).toBe('approval-stale')
    const [one, two] = [await answered('once'), await answered('once')]
    expect(permit({ approval: one, digest: DIGEST }, RULE, tight)).toBe('permit')
    expect(permit({ approval: two, digest: DIGEST }, RULE, tight)).toBe('concurrency-limited')
    vault.store.run('DELETE FROM reservations')
    expect(permit({ approval: two, digest: DIGEST }, RULE, tight)).toBe('permit')
  })

  test('is for the digest, the rule and the capability that were asked about', async () => {
    const id = await answered('once')
    expect(permit({ approval: id, digest: 'b'.repeat(64) })).toBe('approval-stale')
    expect(permit({ approval: id, digest: DIGEST }, 'GET /v1/other')).toBe('approval-stale')
    expect(permit({ approval: id, digest: DIGEST })).toBe('permit')
  })

  test('is not given for a no, nor for a yes that has grown old', async () => {
    expect(permit({ approval: await answered('deny'), digest: DIGEST })).toBe('approval-stale')
    const id = await answered('once')
    now += 10_001
    expect(permit({ approval: id, digest: DIGEST })).toBe('approval-stale')
  })

  test('`ten-minutes` ends after ten minutes, `session` with the session, both with a change of the capability', async () => {
    const standing: Approved = { approval: null, digest: DIGEST }
    expect(permit({ approval: await answered('ten-minutes'), digest: DIGEST })).toBe('permit')
    now += 10 * MINUTE - 1
    expect(permit(standing)).toBe('permit')
    expect(permit(standing, 'GET /v1/other')).toBe('approval-stale')
    now += 1
    expect(permit(standing)).toBe('approval-stale')
    expect(permit({ approval: await answered('session'), digest: DIGEST })).toBe('permit')
    now += 40 * MINUTE
    expect(permit(standing)).toBe('permit')
    const changed = aCapability({ maxRequests: 99 })
    putCapability(vault.store, vault.keys, changed)
    expect(permit(standing, RULE, changed)).toBe('approval-stale')
    putCapability(vault.store, vault.keys, call.capability)
    expect(permit(standing)).toBe('permit')
    endSession(vault.store, vault.keys, call.session.id, 'revoked', now)
    expect(permit(standing)).toBe('session-ended')
    expect(vault.store.all('SELECT * FROM standing_answers')).toEqual([])
  })
})

describe('silence', () => {
  test.each([
    ['the wall clock', true],
    ['the monotonic clock, where the wall clock stands still', false],
  ])('ends the wait by %s', async (_, byWall) => {
    const quick = new ParkedCalls(
      { store: vault.store, keys: vault.keys, now: () => now },
      byWall ? 3_600_000 : 300,
    )
    const waiting = quick.park(asked(), new AbortController().signal, () => true)
    if (byWall) now += 3_600_000
    expect(await waiting?.ended).toBe('silence')
    quick.close()
  })

  test('does not outrun an answer of the last moment', async () => {
    const quick = new ParkedCalls({ store: vault.store, keys: vault.keys, now: () => now }, 300)
    const waiting = quick.park(asked(), new AbortController().signal, () => true)
    await approvals.answer(owner, { id: waiting?.id ?? '', digest: DIGEST, answer: 'once' }, quick.host)
    expect(await waiting?.ended).toBe('once')
    quick.close()
  })

  test('makes an answer too late, by the clock of the vault', async () => {
    const { id } = park()
    now += MINUTE
    const late = approvals.answer(owner, { id, digest: DIGEST, answer: 'once' }, parked.host)
    await expect(late).rejects.toMatchObject({ code: 'unknown' })
    expect(approvals.list(owner, null)).toEqual([])
  })
})

test('a call that is given up waits no longer, and is taken back', async () => {
  const abort = new AbortController()
  const { id, ended } = park({}, abort.signal)
  abort.abort(new Error('gone'))
  await expect(ended).rejects.toThrow('gone')
  expect(parked.count()).toBe(0)
  parked.withdraw(id)
  expect(listApprovals(vault.store, vault.keys)).toEqual([])
})

test('what was decided by must still be there when the owner answers', async () => {
  const waiting = parked.park(asked(), new AbortController().signal, () => false)
  await approvals.answer(owner, { id: waiting?.id ?? '', digest: DIGEST, answer: 'once' }, parked.host)
  parked.look()
  expect(await waiting?.ended).toBe('stale')
})

describe('a row', () => {
  test.each([
    ['host', randomUUID()],
    ['session', randomUUID()],
    ['expires_at', NOW + 10 * MINUTE],
    ['version', 2],
    ['id', randomUUID()],
  ])('whose %s was changed from outside does not open', (column, value) => {
    park()
    vault.store.run(`UPDATE approvals SET ${column} = ?`, value)
    expect(refusalOf(() => listApprovals(vault.store, vault.keys))).toBe('store-damaged')
  })

  test('with an answer cannot be put back to the state before, nor to another’s', () => {
    const [first, second] = [park().id, park().id]
    const rows = vault.store.all('SELECT * FROM approvals')
    const row = readApproval(vault.store, vault.keys, first)
    if (row === null) throw new Error('no row')
    writeAnswer(vault.store, vault.keys, row, { answer: 'once', by: 'cli', at: now })
    const sealed = vault.store.get('SELECT sealed FROM approvals WHERE id = ?', first)?.sealed ?? null
    vault.store.run('UPDATE approvals SET sealed = ?, version = 2 WHERE id = ?', sealed, second)
    expect(refusalOf(() => readApproval(vault.store, vault.keys, second))).toBe('store-damaged')
    const old = rows.find(({ id }) => id === first)?.sealed ?? null
    vault.store.run('UPDATE approvals SET sealed = ? WHERE id = ?', old, first)
    expect(refusalOf(() => readApproval(vault.store, vault.keys, first))).toBe('store-damaged')
  })
})

test('three denials within 30 s mute for 60 s from the third', () => {
  const s = 1000
  expect(isMutedBy([0, 15 * s, 30 * s], 30 * s)).toBe(true)
  expect(isMutedBy([30 * s, 0, 15 * s], 90 * s - 1)).toBe(true)
  expect(isMutedBy([0, 15 * s, 30 * s], 90 * s)).toBe(false)
  expect(isMutedBy([0, 15 * s, 30 * s + 1], 31 * s)).toBe(false)
  expect(isMutedBy([0, 30 * s], 30 * s)).toBe(false)
  expect(isMutedBy([], 0)).toBe(false)
  expect(isMutedBy([0, 40 * s, 50 * s, 60 * s], 61 * s)).toBe(true)
})
