import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { headWait } from '../../native-host/broker/head-wait.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a head that does not come in time ends the request, with a problem of its own', () => {
  const { signal } = headWait(new AbortController().signal, 1000)
  vi.advanceTimersByTime(999)
  expect(signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(signal.reason).toMatchObject({ code: 'upstream-timeout', reason: 'failover-wait' })
})

test('one that came leaves its body all the time there is, and no timer', () => {
  const { signal, arrived } = headWait(new AbortController().signal, 1000)
  arrived()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(1_000_000)
  expect(signal.aborted).toBe(false)
})

test('the call’s own end ends the request before and after, with its own reason', () => {
  for (const patience of [1000, null]) {
    const own = new AbortController()
    const { signal, arrived } = headWait(own.signal, patience)
    arrived()
    own.abort('over')
    expect(signal.reason).toBe('over')
  }
})

test('without a wait there is no timer', () => {
  headWait(new AbortController().signal, null)
  expect(vi.getTimerCount()).toBe(0)
})
