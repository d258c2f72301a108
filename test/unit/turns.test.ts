import { setImmediate as immediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Turns } from '../../native-host/transport/turns.ts'

/** Nothing else for so long, ms. */
function work(milliseconds: number): void {
  for (const start = performance.now(); performance.now() - start < milliseconds; );
}

test('the call of one site waits for one of another, not for all two hundred', async () => {
  const turns = new Turns()
  const begun: string[] = []
  const calls = Array.from({ length: 200 }, () => turns.next('greedy').then(() => begun.push('greedy')))
  await immediate()
  await turns.next('modest').then(() => begun.push('modest'))
  expect(begun.length).toBeLessThan(5)
  await Promise.all(calls)
  expect(begun.length).toBe(201)
})

test('each call begins in a turn of its own', async () => {
  const turns = new Turns()
  let begun = 0
  for (let n = 0; n < 5; n++) void turns.next('a').then(() => (begun += 1))
  for (let n = 1; n <= 5; n++) {
    await immediate()
    expect(begun).toBeLessThanOrEqual(n)
  }
  await turns.next('a')
  expect(begun).toBe(5)
})

test('a stream goes on while its turn lasts, and waits for its next one after that', async () => {
  const turns = new Turns()
  expect(turns.slice('a')).toBeNull()
  work(5)
  const order: string[] = []
  const next = [turns.slice('a'), turns.slice('a'), turns.slice('b')].map((turn, n) => {
    expect(turn).not.toBeNull()
    return turn?.then(() => {
      order.push('aab'.charAt(n))
      work(5)
    })
  })
  await Promise.all(next)
  expect(order.join('')).toBe('aba')
  await immediate()
  await immediate()
  expect(turns.slice('a')).toBeNull()
})
