import { beforeEach, expect, test, vi } from 'vitest'
import { FakePort } from '../support/fake-browser.ts'

const opened: FakePort[] = []
vi.mock('webextension-polyfill', () => {
  const connect = ({ name }: { name: string }) => {
    const port = new FakePort(name)
    opened.push(port)
    return port
  }
  return { default: { runtime: { connect } } }
})
const { openOwner, OwnerRefusal } = await import('../../extension/ui/owner.ts')

beforeEach(() => void opened.splice(0))

/** What a promise is by now: its value, its refusal, or `waits`. */
function byNow(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, Promise.resolve('waits')])
}

test('an order is on its way before anything was heard, in the turn in which it is given', () => {
  const owner = openOwner()
  void owner.send({ name: 'status' })
  void owner.send({ name: 'session-revoke', all: true })
  expect(opened).toHaveLength(1)
  expect(opened[0]?.name).toBe('owner')
  expect(opened[0]?.sent).toEqual([
    { id: 1, command: { name: 'status' } },
    { id: 2, command: { name: 'session-revoke', all: true } },
  ])
})

test('answers settle the orders that they are for, in any order', async () => {
  const owner = openOwner()
  const first = owner.send({ name: 'status' })
  const second = owner.send({ name: 'session-list' })
  opened[0]?.onMessage.fire({ id: 2, value: ['b'] })
  expect(await second).toEqual(['b'])
  expect(await byNow(first)).toBe('waits')
  opened[0]?.onMessage.fire({ id: 1, refusal: { code: 'locked', message: 'no' } })
  await expect(first).rejects.toEqual(new OwnerRefusal('locked', 'no'))
})

test('what is no frame settles nothing and is told to nobody', async () => {
  const owner = openOwner()
  const told: unknown[] = []
  owner.onState((state) => told.push(state))
  owner.onChanged(() => told.push('changed'))
  const order = owner.send({ name: 'status' })
  const junk = [
    ...[null, 'state', 1, [], {}, { changed: false }, { changed: true, more: 1 }, { state: {} }],
    ...[{ state: { host: 'connected' } }, { id: '1', value: 1 }, { id: 1, value: 1, more: 1 }],
    ...[
      { id: 1, refusal: 'no' },
      { id: 1, refusal: { code: 1, message: 'no' } },
    ],
  ]
  for (const each of junk) opened[0]?.onMessage.fire(each)
  expect(await byNow(order)).toBe('waits')
  expect(told).toEqual([])
  opened[0]?.onMessage.fire({ changed: true })
  expect(told).toEqual(['changed'])
})
