import { expect, test } from 'vitest'
import { FairQueue } from '../../native-host/transport/fair-queue.ts'

function all(queue: FairQueue<string>): string {
  const out: string[] = []
  for (let item = queue.next(); item !== undefined; item = queue.next()) out.push(item)
  return out.join(' ')
}

test('sites take turns, each in its own order, and one that comes late goes before those that had theirs', () => {
  const queue = new FairQueue<string>()
  for (const item of ['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'c1']) queue.push(item.slice(0, 1), item)
  expect(queue.next()).toBe('a1')
  queue.push('d', 'd1')
  expect(all(queue)).toBe('b1 c1 d1 a2 b2 a3 a4')
  expect(queue.isEmpty).toBe(true)
  expect(queue.next()).toBeUndefined()
})

test('an item that comes last comes after all that waited before it, and holds up nobody who came later', () => {
  const queue = new FairQueue<string>()
  for (const item of ['a1', 'a2', 'b1']) queue.push(item.slice(0, 1), item)
  queue.push('', 'last', 1, true)
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

test('a site that comes again and again with little waits for one item of a greedy one at most', () => {
  const queue = new FairQueue<string>()
  for (let n = 0; n < 100; n++) queue.push('greedy', `g${n}`, 1000)
  expect(queue.next()).toBe('g0')
  for (let n = 0; n < 20; n++) {
    queue.push('modest', `m${n}`, 10)
    expect(queue.next()).toBe(`m${n}`)
    if (n % 2 === 1) expect(queue.next()).toBe(`g${(n + 1) / 2}`)
  }
})

test('of two sites that always have something each gets as much, however they cut it', () => {
  const queue = new FairQueue<[site: string, cost: number]>()
  const given: Record<string, number> = { large: 0, small: 0 }
  for (let n = 0; n < 100; n++) queue.push('large', ['large', 100], 100)
  for (let n = 0; n < 1000; n++) queue.push('small', ['small', 10], 10)
  for (let n = 0; n < 500; n++) {
    const [site, cost] = queue.next() ?? ['', 0]
    given[site] = (given[site] ?? 0) + cost
    expect(Math.abs((given.large ?? 0) - (given.small ?? 0))).toBeLessThanOrEqual(100)
  }
})

test('a site does not get more by leaving and coming back', () => {
  const queue = new FairQueue<string>()
  const given: string[] = []
  for (let n = 0; n < 50; n++) queue.push('stays', 'stays')
  for (let n = 0; n < 40; n++) {
    // One at a time, and the next as soon as that is out.
    if (n === 0 || given.at(-1) === 'comes') queue.push('comes', 'comes')
    given.push(queue.next() ?? '')
  }
  expect(given.filter((site) => site === 'comes').length).toBe(20)
})

test('the next of a site may be taken out of turn, and counts as its turn', () => {
  const queue = new FairQueue<string>()
  for (const item of ['a1', 'a2', 'a3', 'b1', 'b2', 'b3']) queue.push(item.slice(0, 1), item)
  expect(queue.nextOf('a', () => false)).toBeUndefined()
  expect(queue.nextOf('nobody', () => true)).toBeUndefined()
  expect([queue.nextOf('a', () => true), queue.nextOf('a', () => true)]).toEqual(['a1', 'a2'])
  expect(all(queue)).toBe('b1 b2 a3 b3')
  queue.push('a', 'last', 1, true)
  expect(queue.nextOf('a', () => true)).toBeUndefined()
})
