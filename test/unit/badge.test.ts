import { beforeEach, expect, test, vi } from 'vitest'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import { STATE } from './owner-state.ts'

const fake = vi.hoisted(() => {
  const asked: string[] = []
  const broken = { isBroken: false }
  const ask = (name: string) => async () => {
    asked.push(name)
    if (broken.isBroken) throw new Error('no such picture')
  }
  const action = {
    setIcon: ask('setIcon'),
    setBadgeText: ask('setBadgeText'),
    setBadgeBackgroundColor: ask('setBadgeBackgroundColor'),
  }
  const alarms = { create: ask('create'), clear: ask('clear') }
  return { asked, broken, browser: { action, alarms } }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { Badge, markOf } = await import('../../extension/background/badge.ts')
const { KeepHost } = await import('../../extension/background/keep-host.ts')
const { Listeners } = await import('../../extension/background/listeners.ts')

const ALL = ['setIcon', 'setBadgeText', 'setBadgeBackgroundColor']

beforeEach(() => {
  fake.asked.length = 0
  fake.broken.isBroken = false
})

test('calls that begin and end ask the browser for nothing: the button shows it already', async () => {
  const badge = new Badge()
  const show = (state: Partial<OwnerState>) => badge.show(markOf({ ...STATE, ...state }, true))
  await show({})
  expect(fake.asked).toEqual(ALL)
  for (const inFlight of [1, 2, 1, 0]) await show({ inFlight })
  await show({ host: 'connecting' })
  expect(fake.asked).toEqual(ALL)
  await show({ live: 3 })
  await show({})
  expect(fake.asked).toEqual([...ALL, ...ALL, ...ALL])
})

test('what the browser refused is shown with the next look', async () => {
  const badge = new Badge()
  fake.broken.isBroken = true
  await badge.show(markOf(STATE, true))
  fake.broken.isBroken = false
  await badge.show(markOf(STATE, true))
  await badge.show(markOf(STATE, true))
  expect(fake.asked).toEqual([...ALL, ...ALL])
})

test('the alarm that looks for a host is set and taken away once, however many calls come by', () => {
  const host = { state: STATE, onState: new Listeners<OwnerState>(), open: async () => true, close: () => {} }
  let isNeeded = true
  const keep = new KeepHost(host as never, () => isNeeded)
  const tell = (state: Partial<OwnerState>) => {
    host.state = { ...STATE, ...state }
    host.onState.tell(host.state)
  }
  // Nobody knows what was set before we were started.
  tell({})
  for (const inFlight of [1, 0, 1]) tell({ inFlight })
  expect(fake.asked).toEqual(['clear'])
  tell({ host: 'missing' })
  tell({ host: 'missing', live: 0 })
  expect(fake.asked).toEqual(['clear', 'create'])
  isNeeded = false
  keep.check()
  tell({ host: 'missing', live: 1 })
  expect(fake.asked).toEqual(['clear', 'create', 'clear'])
})
