import { setImmediate as immediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CallTurns } from '../../native-host/transport/call-turns.ts'
import { Turns } from '../../native-host/transport/turns.ts'

const CHUNK = 60 * 1024
/** Calls of one site that begin in one turn, beside calls of another site and alone. */
const TOGETHER = 4
const TOGETHER_ALONE = 16

test('the call of one site waits for one turn of another, not for all two hundred', async () => {
  const turns = new Turns()
  const begun: string[] = []
  turns.enter('greedy')
  const calls = Array.from({ length: 200 }, () => turns.next('greedy').then(() => begun.push('greedy')))
  await immediate()
  turns.enter('modest')
  await turns.next('modest').then(() => begun.push('modest'))
  // One at once, then one turn that had begun while nobody else was there, one that is waited for at the most, and one on its way.
  expect(begun.length).toBeLessThanOrEqual(1 + TOGETHER_ALONE + 2 * TOGETHER)
  await Promise.all(calls)
  expect(begun.length).toBe(201)
})

test.each([
  ['four where calls of another site run', ['a', 'b'], TOGETHER],
  ['sixteen where none do', ['a'], TOGETHER_ALONE],
] as const)(
  'a call begins at once where none has in this turn, others in turns of %s',
  async (_, sites, most) => {
    const turns = new Turns()
    for (const site of sites) turns.enter(site)
    let begun = 0
    for (let n = 0; n < 3 * most; n++) void turns.next('a').then(() => (begun += 1))
    await Promise.resolve()
    await Promise.resolve()
    expect(begun).toBe(1)
    const counts: number[] = []
    for (let before = begun; begun < 3 * most; before = begun) {
      await immediate()
      counts.push(begun - before)
    }
    expect(Math.max(...counts)).toBe(most)
  },
)

test('what runs with nobody beside it makes room as soon as another site is there', async () => {
  const turns = new Turns()
  turns.enter('a')
  let begun = 0
  for (let n = 0; n < 100; n++) void turns.next('a').then(() => (begun += 1))
  await immediate()
  const leave = turns.enter('b')
  const beside = await grown()
  leave()
  expect([beside, await grown()]).toEqual([TOGETHER, TOGETHER_ALONE])

  /** By how much, at most, in one turn of three. */
  async function grown(): Promise<number> {
    const counts: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const before = begun
      await immediate()
      counts.push(begun - before)
    }
    return Math.max(...counts)
  }
})

test('calls of another site, and streams, do not begin in the turn of a site', async () => {
  const turns = new Turns()
  for (const site of ['a', 'b']) turns.enter(site)
  await turns.next('a')
  const order: string[] = []
  const note = (name: string) => () => void order.push(name)
  const all = [
    turns.next('a').then(note('a1')),
    turns.next('a').then(note('a2')),
    turns.slice('a', 1024 * 1024)?.then(note('stream of a')),
    turns.next('a').then(note('a3')),
    turns.next('b').then(note('b1')),
  ]
  await immediate()
  expect(order).toEqual(['a1', 'a2'])
  await Promise.all(all)
  expect(order).toEqual(['a1', 'a2', 'b1', 'stream of a', 'a3'])
})

test('a stream goes on while its site has not had its part of the turn, and waits for its next one after that', async () => {
  const turns = new Turns()
  for (const site of ['a', 'b']) turns.enter(site)
  for (const site of ['a', 'b']) expect(turns.slice(site, 1)).toBeNull()
  const order: string[] = []
  const waits = ['a1', 'a2', 'b1'].map((name) =>
    turns.slice(name.charAt(0), CHUNK)?.then(() => order.push(name)),
  )
  expect(waits).not.toContain(undefined)
  await Promise.all(waits)
  expect(order).toEqual(['a1', 'b1', 'a2'])
  await immediate()
  expect(turns.slice('a', 1)).toBeNull()
})

test('however much one site has handed on, a small answer of another goes on in the same turn', () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  for (let n = 0; n < 100; n++) void turns.slice('greedy', CHUNK)
  expect(turns.slice('modest', 11)).toBeNull()
})

test('a site alone hands on more in a turn, and no more once another has a call', () => {
  const turns = new Turns()
  turns.enter('greedy')
  for (let n = 0; n < 4; n++) expect(turns.slice('greedy', CHUNK)).toBeNull()
  expect(turns.slice('greedy', CHUNK)).not.toBeNull()
  const shared = new Turns()
  for (const site of ['greedy', 'modest']) shared.enter(site)
  expect(shared.slice('greedy', CHUNK)).toBeNull()
  expect(shared.slice('greedy', CHUNK)).not.toBeNull()
})

test('single bytes come to their turn’s end as well', () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  let pieces = 0
  while (turns.slice('greedy', 1) === null) pieces += 1
  expect(pieces).toBeLessThan(20)
})

test('of many streams that all have something, one goes on in each turn, and the other site’s after one of them', async () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  let handed = 0
  const stream = async () => {
    for (let n = 0; n < 20; n++) {
      handed += 1
      await (turns.slice('greedy', CHUNK) ?? null)
    }
  }
  const streams = Array.from({ length: 20 }, stream)
  const before = handed
  for (let turn = 1; turn <= 10; turn++) {
    await immediate()
    expect(handed - before).toBeLessThanOrEqual(2 * turn)
  }
  const now = handed
  await turns.next('modest')
  expect(handed - now).toBeLessThanOrEqual(4)
  await Promise.all(streams)
})

test('two hundred streams that all have something at once have one turn each, whether they waited before or not', async () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  let worked = 0
  const came = Promise.withResolvers<void>()
  const streams = Array.from({ length: 200 }, async () => {
    await came.promise
    await turns.slice('greedy', CHUNK)
    worked += 1
  })
  came.resolve()
  await Promise.resolve()
  await turns.next('modest')
  expect(worked).toBeGreaterThan(0)
  expect(worked).toBeLessThanOrEqual(3)
  await Promise.all(streams)
})

test('little pieces of a site that wait have a turn together, as many as fit into its part', async () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  let handed = 0
  const all = Array.from({ length: 60 }, () =>
    Promise.resolve(turns.slice('greedy', 10)).then(() => (handed += 1)),
  )
  await Promise.resolve()
  await Promise.resolve()
  const first = handed
  await immediate()
  const second = handed - first
  expect([first, second]).toEqual([15, 15])
  await Promise.all(all)
})

test('whoever comes while streams of its site wait goes behind them', async () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  const order: string[] = []
  expect(turns.slice('greedy', 10_000)).toBeNull()
  const waits = [turns.slice('greedy', CHUNK)?.then(() => order.push('first'))]
  // It would fit.
  waits.push(turns.slice('greedy', 1)?.then(() => order.push('second')))
  expect(waits).not.toContain(undefined)
  await Promise.all(waits)
  expect(order).toEqual(['first', 'second'])
})

test('what is given up takes nobody’s turn: of two hundred that wait none is left, and the next one has the first turn', async () => {
  const turns = new Turns()
  for (const site of ['greedy', 'modest']) turns.enter(site)
  const abort = new AbortController()
  const calls = Array.from({ length: 200 }, () => new CallTurns(turns, 'greedy', abort.signal))
  const waits = calls.flatMap((call) => [call.next(), call.slice(CHUNK)])
  expect(turns.waiting).toBeGreaterThan(390)
  abort.abort(new Error('given up'))
  expect(turns.waiting).toBe(0)
  // Nobody waits for ever, and nothing of a call that is over begins, or waits again.
  const begun = (await Promise.allSettled(waits)).filter(({ status }) => status === 'fulfilled')
  // The one that began at once, and the one piece that fitted.
  expect(begun.length).toBeLessThanOrEqual(2)
  expect(() => calls[0]?.slice(CHUNK)).toThrow('given up')
  await expect(calls[0]?.next()).rejects.toThrow('given up')
  expect(turns.waiting).toBe(0)
  let rounds = 0
  const round = () => {
    rounds += 1
    if (rounds < 20) setImmediate(round)
  }
  setImmediate(round)
  await turns.next('modest')
  expect(rounds).toBeLessThanOrEqual(2)
})

test('a call that begins goes before the turns of other sites, until it is over', async () => {
  const turns = new Turns(() => 0)
  const over = turns.enter('modest')
  for (let n = 0; n < 8; n++) turns.enter('greedy')
  const back = turns.headStart('modest')
  const order: string[] = []
  const note = (name: string) => () => void order.push(name)
  const all = [turns.next('greedy').then(note('greedy')), turns.slice('greedy', 1)?.then(note('stream'))]
  await turns.next('modest').then(note('modest'))
  expect(turns.slice('modest', 1)).toBeNull()
  expect(order).toEqual(['modest'])
  over()
  back()
  await Promise.all(all)
  expect(order).toEqual(['modest', 'greedy', 'stream'])
})

test('its head start ends by itself, and what waited behind it goes on without another word', async () => {
  const turns = new Turns()
  turns.headStart('modest')
  await Promise.all([turns.next('greedy'), turns.next('greedy'), turns.slice('greedy', CHUNK)])
})

test('after a head start nobody is given one for as long as it took', () => {
  let now = 100
  const turns = new Turns(() => now)
  for (const site of ['modest', 'greedy', 'third']) turns.enter(site)
  turns.headStart('modest')
  now += 9.9
  expect(turns.slice('third', 1)).not.toBeNull()
  now += 0.1
  expect(turns.slice('greedy', 1)).toBeNull()
  // It took ten milliseconds, all there are.
  now += 9.9
  turns.headStart('modest')
  expect(turns.slice('greedy', 1)).toBeNull()
  now += 0.1
  turns.headStart('modest')
  expect(turns.slice('greedy', 1)).not.toBeNull()
})

test('a site with many calls is given no head start, and none takes the place of another', async () => {
  const turns = new Turns(() => 0)
  for (let n = 0; n < 5; n++) turns.enter('greedy')
  turns.headStart('greedy')
  expect(turns.slice('modest', 1)).toBeNull()
  turns.enter('modest')
  turns.headStart('modest')
  turns.headStart('third')()
  expect(turns.slice('third', 1)).not.toBeNull()
})
