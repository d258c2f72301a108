import { expect, test } from 'vitest'
import { FairQueue } from '../../native-host/transport/fair-queue.ts'

function all(queue: FairQueue<string>): string {
  const out: string[] = []
  for (let item = queue.next(); item !== undefined; item = queue.next()) out.push(item)
  return out.join(' ')
}

test('sites take turns, each in its own order, and one that comes late waits for one of each', () => {
  const queue = new FairQueue<string>()
  for (const item of ['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'c1']) queue.push(item.slice(0, 1), item)
  expect(queue.next()).toBe('a1')
  queue.push('d', 'd1')
  expect(all(queue)).toBe('b1 c1 a2 d1 b2 a3 a4')
  expect(queue.isEmpty).toBe(true)
  expect(queue.next()).toBeUndefined()
})

test('an item that comes last comes after all that waited before it, and holds up nobody who came later', () => {
  const queue = new FairQueue<string>()
  for (const item of ['a1', 'a2', 'b1']) queue.push(item.slice(0, 1), item)
  queue.push('', 'last', true)
  queue.push('', 'behind it')
  for (const item of ['c1', 'a3']) queue.push(item.slice(0, 1), item)
  expect(all(queue)).toBe('a1 b1 c1 a2 last a3 behind it')
})

test('what is taken out is given away once, and the turns of the others go on', () => {
  const queue = new FairQueue<string>()
  for (const item of ['a1', 'a2', 'b1', 'c1', 'c2']) queue.push(item.slice(0, 1), item)
  const out: string[] = []
  queue.remove(
    (item) => item === 'a1' || item === 'b1',
    (item, site) => out.push(`${item} of ${site}`),
  )
  expect(out).toEqual(['a1 of a', 'b1 of b'])
  queue.push('b', 'b2')
  expect(all(queue)).toBe('a2 c1 b2 c2')
})
