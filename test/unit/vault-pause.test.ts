import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Permit, recordIntent, recordOwnerCall } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { Door } from '../../native-host/owner/door.ts'
import { pause, resume } from '../../native-host/owner/pause.ts'
import { bindAtOnce } from '../../native-host/owner/revoke.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { isVaultPaused, vaultPausedSince } from '../../native-host/sessions/vault-pause.ts'
import { writeMeta } from '../../native-host/store/meta.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import type { Store } from '../../native-host/store/store.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { callRecord, connected, openVault, type VaultFixture } from './vault-fixture.ts'

const START = Date.now()
let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

const owner = () => ({ store: vault.store, keys: vault.keys, now: () => START, by: 'cli' as const })

describe('a permit', () => {
  const permitFor = (call: ReturnType<typeof connected>): Permit | { refused: string } =>
    recordIntent(vault.store, vault.keys, {
      session: call.session.id,
      capability: call.capability,
      now: START,
      record: callRecord({ session: call.session.id, at: START }),
    })

  test('is not given while everything is paused, with nothing written or reserved, and is again after that', () => {
    const call = connected(vault, { now: START, limits: { maxRequests: 1 } })
    pause(owner())
    expect(permitFor(call)).toEqual({ refused: 'vault-paused' })
    expect(listAudit(vault.store, vault.keys, { limit: 9 }).map(({ kind }) => kind)).toEqual(['act'])
    resume(owner())
    expect(permitFor(call)).not.toHaveProperty('refused')
  })

  test('is not given either where what says so was changed from outside, until the owner resumes', () => {
    const call = connected(vault, { now: START })
    writeMeta(vault.store, 'vault-pause', new Uint8Array([1, 2, 3]))
    expect(permitFor(call)).toEqual({ refused: 'vault-paused' })
    expect(vaultPausedSince(vault.store, vault.keys)).toBe(0)
    expect(resume(owner())).toBe(true)
    expect(permitFor(call)).not.toHaveProperty('refused')
  })

  test('of the owner’s own call is given all the same', () => {
    const { capability } = connected(vault, { now: START })
    pause(owner())
    const record = callRecord({ session: null, at: START })
    const own = { service: capability.service, capability, record }
    expect(recordOwnerCall(vault.store, vault.keys, own)).not.toHaveProperty('refused')
  })
})

describe('calls in flight', () => {
  let elsewhere: Store
  let live: Live
  let writePause: () => void
  beforeEach(() => {
    writePause = () => pause(owner())
    vi.useFakeTimers({ now: START, toFake: ['setInterval', 'clearInterval'] })
    elsewhere = openStore(vault.home)
    const events = { change: () => {}, activity: () => {}, lock: () => {}, pause: () => writePause() }
    live = new Live({ store: vault.store, keys: vault.keys, now: () => START }, events)
  })
  afterEach(() => {
    live.close()
    elsewhere.close()
    vi.useRealTimers()
  })
  const calling = (session: string | null) => {
    const abort = new AbortController()
    live.begin(session, abort)
    return abort.signal
  }

  test('are cut by the next look at a pause of another process, but for the owner’s own', () => {
    const { session } = connected(vault, { now: START })
    const [page, own] = [calling(session.id), calling(null)]
    pause({ ...owner(), store: elsewhere })
    live.look()
    expect(page.reason).toMatchObject({ code: 'paused', reason: 'vault-paused' })
    expect(calling(session.id).aborted).toBe(true)
    expect([own.aborted, calling(null).aborted]).toEqual([false, false])
    resume({ ...owner(), store: elsewhere })
    live.look()
    expect(calling(session.id).aborted).toBe(false)
  })

  test('are cut, and stay so, where the order could not be written down, which is then done later', async () => {
    const { session } = connected(vault, { now: START })
    const page = calling(session.id)
    const full = () => Promise.reject(new Refusal('disk-full', 'the disk is full'))
    const order = bindAtOnce({ name: 'vault-pause' }, live, full)
    expect(page.reason).toMatchObject({ code: 'paused' })
    await expect(order).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('stopped'),
    })
    expect([live.isPaused, calling(session.id).aborted]).toEqual([true, true])
    expect(isVaultPaused(elsewhere)).toBe(false)
    vi.advanceTimersByTime(1100)
    expect(isVaultPaused(elsewhere)).toBe(true)
  })

  test('pass again where the owner resumes before a pause could be written down', async () => {
    const { session } = connected(vault, { now: START })
    const full = () => Promise.reject(new Refusal('disk-full', 'the disk is full'))
    await bindAtOnce({ name: 'vault-pause' }, live, full).catch(() => {})
    await bindAtOnce({ name: 'vault-resume' }, live, async () => resume(owner()))
    vi.advanceTimersByTime(1100)
    expect([live.isPaused, calling(session.id).aborted, isVaultPaused(elsewhere)]).toEqual([
      false,
      false,
      false,
    ])
  })

  const full = () => Promise.reject(new Refusal('disk-full', 'the disk is full'))
  const acts = () =>
    listAudit(vault.store, vault.keys, { limit: 9 }).flatMap((it) => (it.kind === 'act' ? [it.act] : []))

  test('are paused everywhere later, with the act, although a stopped session cannot be written', async () => {
    const { session } = connected(vault, { now: START })
    live.stop(({ id }) => id === session.id)
    elsewhere.run('UPDATE sessions SET version = version + 1 WHERE id = ?', session.id)
    await bindAtOnce({ name: 'vault-pause' }, live, full).catch(() => {})
    vi.advanceTimersByTime(1100)
    expect(isVaultPaused(elsewhere)).toBe(true)
    expect(acts()).toEqual(['vault.pause'])
  })

  test('are paused everywhere later although the act cannot be recorded', async () => {
    writePause = () => {
      throw new Refusal('store-damaged', 'the log cannot be read')
    }
    await bindAtOnce({ name: 'vault-pause' }, live, full).catch(() => {})
    vi.advanceTimersByTime(1100)
    expect(isVaultPaused(elsewhere)).toBe(true)
    expect(acts()).toEqual([])
  })
})

test('a host that wrote a pause late wrote down the act with it', async () => {
  const owned = await OwnedVault.create()
  const door = new Door(owned.home, { change: () => {}, activity: () => {}, lock: () => {} })
  try {
    await door.tryHolder()
    door.context?.live.pause()
    await vi.waitFor(() => expect(isVaultPaused(owned.store)).toBe(true), { timeout: 20_000 })
    const [last] = listAudit(owned.store, owned.keys, { limit: 1 })
    expect(last).toMatchObject({ act: 'vault.pause', by: 'extension' })
  } finally {
    door.close()
    await owned.remove()
  }
})
