import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Permit, recordIntent } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { OutcomeRecorder } from '../../native-host/broker/outcome.ts'
import { runningCalls } from '../../native-host/budgets/reservation-rows.ts'
import { callRecord, connected, openVault, type VaultFixture } from './vault-fixture.ts'

const NOW = Date.now()
let vault: VaultFixture

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vault = openVault()
})
afterEach(() => {
  vault.remove()
  vi.useRealTimers()
})

test('ends that were undone together with another’s are written all the same, each once, and give back what they held', () => {
  const { store, keys } = vault
  const { session, capability } = connected(vault, { now: NOW })
  const recorders = [1, 2].map(() => {
    const record = callRecord({ at: NOW, session: session.id })
    const permit = recordIntent(store, keys, { session: session.id, capability, now: NOW, record }) as Permit
    return new OutcomeRecorder(permit, { store, keys, now: () => NOW })
  })
  const together = () => {
    for (const recorder of recorders) recorder.write('cut', new Error('given up'))
    throw new Error('no room for a third')
  }
  const ends = () => listAudit(store, keys, { limit: 10 }).filter(({ kind }) => kind === 'outcome').length
  expect(() => store.transaction(together)).toThrow('no room')
  expect([ends(), runningCalls(store, keys, session.id)]).toEqual([0, 2])
  for (const recorder of recorders) recorder.write('cut', new Error('given up'))
  vi.advanceTimersByTime(5000)
  expect([ends(), runningCalls(store, keys, session.id)]).toEqual([2, 0])
})
