import { afterEach, beforeEach, expect, test } from 'vitest'
import { isProviderFrame, ProviderAsks } from '../../extension/content/provider-asks.ts'
import { ProviderAskSchema } from '../../shared/protocol/provider-frames.ts'
import { MAX_REASON, MAX_SERVICE } from '../../shared/provider/events.ts'

/** What the isolated world sees: a stand-in for the browser's own. */
const seen = { isActive: true, visibilityState: 'visible' }
const before = Object.getOwnPropertyDescriptors(globalThis)
let asks: ProviderAsks
beforeEach(() => {
  Object.assign(seen, { isActive: true, visibilityState: 'visible' })
  const navigator = {
    userActivation: {
      get isActive() {
        return seen.isActive
      },
    },
  }
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
  Object.defineProperty(globalThis, 'document', { value: seen, configurable: true })
  asks = new ProviderAsks()
})
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'document')
  if (before.navigator !== undefined) Object.defineProperty(globalThis, 'navigator', before.navigator)
})
const read = (frame: object, id = 1) => asks.read({ type: 'provider', id, order: 'request', ...frame }, id)

test('an order is stamped with what the browser says of the user, not with what the page says', () => {
  const wish = { service: 'openai', active: true, origin: 'https://other.example' }
  expect(read({ wish, active: true })).toEqual({ ...base(1), active: true, service: 'openai' })
  seen.isActive = false
  expect(read({ wish, active: true }, 2)).toEqual({ ...base(2), active: false, service: 'openai' })
  seen.isActive = true
  seen.visibilityState = 'hidden'
  expect(read({ wish }, 3)).toEqual({ ...base(3), active: false, service: 'openai' })
})
const base = (id: number) => ({ type: 'provider', id, order: 'request' })

test('what it lets through is what background/ takes', () => {
  const good = [
    undefined,
    {},
    { service: 'x'.repeat(MAX_SERVICE), reason: 'x'.repeat(MAX_REASON) },
    { service: '', capability: 'y' },
  ]
  for (const [at, wish] of good.entries()) {
    const frame = read({ wish }, at + 1)
    expect(ProviderAskSchema.safeParse(frame).success, JSON.stringify(wish)).toBe(true)
  }
})

test.each([
  { wish: null },
  { wish: 0 },
  { wish: 'openai' },
  { wish: { service: 7 } },
  { wish: { service: { toString: () => 'openai' } } },
  { wish: { reason: 'x'.repeat(MAX_REASON + 1) } },
  { wish: { service: 'x'.repeat(MAX_SERVICE + 1) } },
  { order: 'connect' },
  { order: 'constructor' },
  { order: undefined },
])('%j is malformed', (frame) => {
  expect(read(frame)).toBe('malformed')
})

test('eight are open at once; an answer makes room, and an id is used by one', () => {
  for (let id = 1; id <= 8; id += 1) expect(read({}, id)).toMatchObject({ id })
  expect(read({}, 9)).toBe('busy')
  expect(read({}, 1)).toBe('malformed')
  expect(asks.deliver({ type: 'provided', id: 1, value: null })).toBe(true)
  expect(asks.deliver({ type: 'provided', id: 1, value: null })).toBe(false)
  expect(read({}, 9)).toMatchObject({ id: 9 })
  expect(asks.failAll()).toHaveLength(8)
  expect(asks.failAll()).toEqual([])
})

test('only frames of the provider’s are taken for such', () => {
  for (const value of [null, undefined, 7, 'provider', { type: 'ask' }, []])
    expect(isProviderFrame(value)).toBe(false)
  expect(isProviderFrame({ type: 'provider' })).toBe(true)
})
