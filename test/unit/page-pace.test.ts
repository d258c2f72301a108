import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Pace } from '../../extension/content/pace.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('what a working page sends is handed on at once', () => {
  const given: unknown[] = []
  const pace = new Pace((frame) => given.push(frame))
  const frames = Array.from({ length: 200 }, (_, id) => [
    { type: 'ask', id },
    { type: 'body-end', id },
    { type: 'credit', id },
  ]).flat()
  for (const frame of frames) pace.take(frame)
  expect(given).toEqual(frames)
})

test('a flood waits, is handed on in order, and all of it in the end', async () => {
  const given: unknown[] = []
  const pace = new Pace((frame) => given.push(frame))
  for (let id = 0; id < 10_000; id++) pace.take({ type: 'credit', id })
  expect(given.length).toBe(4000)
  await vi.advanceTimersByTimeAsync(1000)
  expect(given.length).toBeGreaterThan(5500)
  expect(given.length).toBeLessThan(6500)
  pace.take('last')
  await vi.advanceTimersByTimeAsync(3000)
  expect(given).toEqual([...Array.from({ length: 10_000 }, (_, id) => ({ type: 'credit', id })), 'last'])
})

test('calls that are given up count for more than those that are answered', () => {
  const given: unknown[] = []
  const pace = new Pace((frame) => given.push(frame))
  for (let id = 0; id < 10_000; id++) {
    pace.take({ type: 'ask', id })
    pace.take({ type: 'cancel', id })
  }
  expect(given.length).toBeLessThan(500)
})
