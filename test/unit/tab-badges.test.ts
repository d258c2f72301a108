import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import { STATE } from './owner-state.ts'

interface Shown {
  text?: string | null
  color?: string
  title?: string
}

const fake = vi.hoisted(() => {
  const shown = new Map<number, Record<string, unknown>>()
  const closed = new Set<number>()
  const set = async ({ tabId, ...what }: { tabId: number }): Promise<void> => {
    if (closed.has(tabId)) throw new Error(`no tab with id: ${tabId}`)
    shown.set(tabId, { ...shown.get(tabId), ...what })
  }
  const action = { setBadgeText: set, setBadgeBackgroundColor: set, setTitle: set }
  const i18n = { getMessage: (name: string) => name }
  return { shown, closed, browser: { action, i18n } }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { BADGE_COLOURS, markOf } = await import('../../extension/background/badge.ts')
const { TabBadges } = await import('../../extension/background/tab-badges.ts')

let inTabs: Map<number, string[]>
let badges: InstanceType<typeof TabBadges>
const shown = (tabId: number): Shown | undefined => fake.shown.get(tabId)
const show = (state: Partial<OwnerState>, waiting = 0) =>
  badges.show(markOf({ ...STATE, ...state }, true, waiting))
const KEY_SHOWN = { text: 'badgePageKey', color: BADGE_COLOURS.asks, title: 'badgePageKeyTitle' }

beforeEach(() => {
  fake.shown.clear()
  fake.closed.clear()
  inTabs = new Map([[7, ['openai']]])
  const spotted = {
    get tabs() {
      return [...inTabs.keys()]
    },
    inTab: (tabId: number) => inTabs.get(tabId) ?? [],
  }
  badges = new TabBadges(spotted)
})

describe('the toolbar button of a tab whose calls carried a key', () => {
  test('says so, and of no other tab', async () => {
    inTabs.set(8, [])
    await show({})
    expect([...fake.shown]).toEqual([[7, KEY_SHOWN]])
  })

  test.each<[string, Partial<OwnerState>, number]>([
    ['the host is missing', { host: 'missing' }, 0],
    ['a call waits for an answer', { approvals: 1 }, 0],
    ['a site waits', {}, 1],
    ['the vault is locked', { vault: 'locked' }, 0],
    ['everything is paused', { paused: true }, 0],
  ])('says first what all tabs say where %s', async (_, state, waiting) => {
    await show({})
    await show(state, waiting)
    expect(shown(7)).toMatchObject({ text: null, title: 'extName' })
    expect(shown(7)?.color).toBe(
      BADGE_COLOURS[markOf({ ...STATE, ...state }, true, waiting)?.tone ?? 'count'],
    )
    await show({})
    expect(shown(7)).toEqual(KEY_SHOWN)
  })

  test('stays as it is while a host is on its way', async () => {
    await show({})
    await show({ host: 'connecting' })
    expect(shown(7)).toEqual(KEY_SHOWN)
  })

  test('says what all say once there is nothing to tell any more, in the colour that has then', async () => {
    await show({})
    inTabs.clear()
    await show({})
    expect(shown(7)).toEqual({ text: null, color: BADGE_COLOURS.count, title: 'extName' })
    await show({ approvals: 1 })
    expect(shown(7)?.color).toBe(BADGE_COLOURS.asks)
  })

  test('is let alone once the tab is closed', async () => {
    fake.closed.add(7)
    await show({})
    fake.closed.clear()
    inTabs.clear()
    await show({})
    expect(fake.shown.size).toBe(0)
  })
})

test('an owner who wants no count of live sessions is told of everything that waits all the same', () => {
  const said = (state: Partial<OwnerState>, waiting = 0) =>
    markOf({ ...STATE, ...state }, true, waiting, 'asks')
  expect(said({})).toEqual({ mark: 'live', text: '', tone: 'count' })
  expect(markOf(STATE, true)).toEqual({ mark: 'live', text: '2', tone: 'count' })
  for (const [state, waiting] of [[{ approvals: 3 }, 0] as const, [{}, 3] as const])
    expect(said(state, waiting)).toMatchObject({ text: '3', tone: 'asks' })
  expect(said({ host: 'missing' })).toMatchObject({ text: '!', tone: 'trouble' })
})
