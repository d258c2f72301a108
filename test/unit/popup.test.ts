import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { localMoment, offeredDurations, secondsUntil } from '../../extension/popup/duration-choice.ts'
import { liveSessions } from '../../extension/popup/live-sessions.ts'
import { PopupModel } from '../../extension/popup/model.ts'
import type { PopupBrowser } from '../../extension/popup/popup-needs.ts'
import { mendPlace, refusalMend } from '../../extension/popup/refusal-mend.ts'
import { type TabSite, tabSiteOf } from '../../extension/popup/tab-site.ts'
import { hostScreen } from '../../extension/ui/host-screen.ts'
import type { OwnerSnapshot } from '../../extension/ui/owner-view.ts'
import { t } from '../../extension/ui/strings.ts'
import { REASONS } from '../../native-host/policy/reason.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { OPEN, OwnerStandIn, refusal, settle } from '../support/ui-stage/owner-stand-in.ts'

const ORIGIN = 'https://site.example'
const NOW = Date.UTC(2026, 10, 21, 9)

function session(part: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    origin: ORIGIN,
    topOrigin: ORIGIN,
    endedAt: null,
    expiresAt: NOW + 1000,
    lastUsedAt: NOW,
    inFlight: 0,
    ...part,
  } as SessionSummary
}

/** A stand-in for the browser's own side. */
function browserStandIn(part: Partial<PopupBrowser> = {}) {
  const kept: OwnerSnapshot[] = []
  const calls: string[] = []
  const side: PopupBrowser = {
    currentSite: async (): Promise<TabSite> => ({ kind: 'site', origin: ORIGIN, tabId: 7 }),
    mayReach: async () => false,
    askToReach: async () => {
      calls.push('ask')
      return true
    },
    onReachChanged: () => {},
    openControlRoom: () => {},
    reload: async (tabId) => void calls.push(`reload ${tabId}`),
    saveSnapshot: async (snapshot) => void kept.push(snapshot),
    ...part,
  }
  return { side, kept, calls }
}

async function openPopup(owner = new OwnerStandIn(), part: Partial<PopupBrowser> = {}) {
  const browserSide = browserStandIn(part)
  const model = new PopupModel(owner, browserSide.side, null)
  await model.start()
  owner.push({})
  await settle()
  return { model, owner, ...browserSide }
}

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

describe('what stands in the way', () => {
  const services = [] as OwnerSnapshot['services']
  test.each([
    ['starting', { host: 'connecting', vault: null }, null],
    ['missing', { host: 'missing', vault: null }, null],
    ['forbidden', { host: 'forbidden', vault: null }, null],
    ['mismatch', { host: 'mismatch', vault: null }, null],
    ['exited', { host: 'exited', vault: null }, null],
    ['no-vault', { vault: 'missing' }, null],
    ['locked', { vault: 'locked' }, null],
    ['starting', { vault: 'unlocked' }, null],
    ['no-keys', { vault: 'unlocked' }, services],
  ] as const)('shows %s for %j', (screen, state, list) => {
    expect(hostScreen({ state: { ...OPEN, ...state }, services: list })).toBe(screen)
  })

  test('is not known before background has spoken', () => {
    expect(hostScreen({ state: null, services: [] })).toBe('starting')
  })

  test('a host problem hides sessions that were known before', async () => {
    const { model, owner } = await openPopup()
    expect(model.state.screen).toBe('ready')
    owner.push({ host: 'exited', vault: null })
    expect(model.state.screen).toBe('exited')
    expect(model.state.owner.sessions).toBeNull()
  })
})

describe('the picture of the host', () => {
  test('is asked for at once, so that background opens the line', () => {
    const owner = new OwnerStandIn()
    new PopupModel(owner, browserStandIn().side, null)
    expect(owner.count('status')).toBe(1)
  })

  test('is asked for again when something changed', async () => {
    const { model, owner } = await openPopup()
    owner.answers['session-list'] = [session()]
    owner.change()
    await settle()
    expect(model.state.owner.sessions).toHaveLength(1)
  })

  test('rounds do not overlap: many changes at once lead to one more round', async () => {
    const { owner } = await openPopup()
    const before = owner.count('session-list')
    for (let turn = 0; turn < 10; turn += 1) owner.change()
    await settle()
    await settle()
    expect(owner.count('session-list') - before).toBeLessThanOrEqual(2)
  })

  test('locking forgets every list, also answers that arrive afterwards and the kept picture', async () => {
    const { model, owner, kept } = await openPopup()
    let answer: (value: unknown) => void = () => {}
    owner.answers['session-list'] = () => new Promise((resolve) => (answer = resolve))
    owner.change()
    await settle()
    owner.push({ vault: 'locked' })
    answer([session()])
    await settle()
    expect(model.state.screen).toBe('locked')
    expect(model.state.owner).toMatchObject({ sessions: null, services: null, grants: null })
    expect(kept.at(-1)).toMatchObject({ sessions: null, services: null, grants: null })
  })

  test('an earlier picture is shown before anyone answered', () => {
    const first = { state: OPEN, services: [{ id: 'openai' }], sessions: [session()] }
    const model = new PopupModel(new OwnerStandIn(), browserStandIn().side, first as OwnerSnapshot)
    expect(model.state.screen).toBe('ready')
    expect(model.state.owner.sessions).toHaveLength(1)
  })

  const earlier = { state: OPEN, services: [{ id: 'openai' }], sessions: [session()] } as OwnerSnapshot
  const reopened = () => {
    const owner = new OwnerStandIn()
    owner.answers.status = () => new Promise(() => {})
    return { owner, model: new PopupModel(owner, browserStandIn().side, earlier) }
  }

  test('an earlier picture outlives a host that is just being started, but not for long', () => {
    const { owner, model } = reopened()
    owner.push({ host: 'connecting', vault: null })
    expect(model.state.screen).toBe('ready')
    expect(model.state.owner.sessions).toHaveLength(1)
    vi.advanceTimersByTime(5000)
    expect(model.state.screen).toBe('starting')
    expect(model.state.owner.sessions).toBeNull()
  })

  test.each([
    ['locked', { vault: 'locked' }],
    ['exited', { host: 'exited', vault: null }],
  ] as const)('an earlier picture goes at once when the host is %s', (screen, state) => {
    const { owner, model } = reopened()
    owner.push({ host: 'connecting', vault: null })
    owner.push(state)
    expect(model.state.screen).toBe(screen)
    expect(model.state.owner.sessions).toBeNull()
  })

  test('a host that starts again once it was heard takes the picture along', () => {
    const { owner, model } = reopened()
    owner.push({})
    owner.push({ host: 'connecting', vault: null })
    expect(model.state.owner.sessions).toBeNull()
  })

  test('a refused list keeps the last one', async () => {
    const owner = new OwnerStandIn()
    owner.answers['session-list'] = [session()]
    const { model } = await openPopup(owner)
    owner.answers['session-list'] = refusal('internal', 'no')
    owner.change()
    await settle()
    expect(model.state.owner.sessions).toHaveLength(1)
  })
})

describe('connecting', () => {
  test('orders the intent and asks the browser in one turn of the click', async () => {
    const { model, owner, calls } = await openPopup()
    owner.answers['connect-intent'] = session()
    void model.connect('chat', 3600)
    expect(owner.sent.at(-1)).toEqual({
      name: 'connect-intent',
      origin: ORIGIN,
      tabId: 7,
      capability: 'chat',
      ttl: 3600,
    })
    expect(calls).toEqual(['ask'])
  })

  test.each([true, false])('takes along whether the owner wants to be asked: %s', async (askWrites) => {
    const { model, owner } = await openPopup()
    owner.answers['connect-intent'] = session()
    void model.connect('chat', 3600, askWrites)
    expect(owner.sent.at(-1)).toMatchObject({ name: 'connect-intent', askWrites })
  })

  test('asks again for everything once it is connected', async () => {
    const { model, owner } = await openPopup()
    owner.answers['connect-intent'] = session()
    owner.answers['session-list'] = [session()]
    await model.connect('chat', 3600)
    expect(model.state).toMatchObject({ connecting: false, connectError: null })
    expect(model.state.owner.sessions).toHaveLength(1)
  })

  test('says so when the user declined in the browser', async () => {
    const { model, owner } = await openPopup(new OwnerStandIn(), { askToReach: async () => false })
    owner.answers['connect-intent'] = null
    await model.connect('chat', 3600)
    expect(model.state.connectError).toMatch(/did not allow/)
    expect(model.state.connecting).toBe(false)
    expect(owner.sent).toContainEqual({ name: 'connect-intent-drop', origin: ORIGIN })
  })

  test('says why the host refused', async () => {
    const { model, owner } = await openPopup()
    owner.answers['connect-intent'] = refusal('unknown', 'there is no capability `gone`')
    await model.connect('gone', 3600)
    expect(model.state.connectError).toBe('There is no capability `gone`.')
  })

  test('waits for background to finish what the prompt interrupted', async () => {
    const { model, owner } = await openPopup()
    const outcomes = ['waiting', 'waiting', 'connected']
    owner.answers['connect-intent'] = null
    owner.answers['connect-outcome'] = () => ({ state: outcomes.shift(), code: null, message: null })
    const connecting = model.connect('chat', 3600)
    await vi.advanceTimersByTimeAsync(1000)
    await connecting
    expect(outcomes).toEqual([])
    expect(model.state.connectError).toBeNull()
  })

  test('a popup opened after the prompt learns that the connection failed', async () => {
    const owner = new OwnerStandIn()
    owner.answers['connect-outcome'] = { state: 'failed', code: 'unknown', message: 'it is gone' }
    const { model } = await openPopup(owner)
    expect(model.state.connectError).toBe('It is gone.')
  })

  test('a second press while connecting does nothing', async () => {
    const { model, owner } = await openPopup()
    owner.answers['connect-intent'] = () => new Promise(() => {})
    void model.connect('chat', 3600)
    void model.connect('chat', 3600)
    expect(owner.count('connect-intent')).toBe(1)
  })

  test('nothing is ordered for a page of the browser', async () => {
    const { model, owner } = await openPopup(new OwnerStandIn(), {
      currentSite: async () => ({ kind: 'other' }),
    })
    await model.connect('chat', 3600)
    expect(owner.count('connect-intent')).toBe(0)
  })
})

describe('revoking', () => {
  test('one press orders the end of that session, marks it, and says so afterwards', async () => {
    const owner = new OwnerStandIn()
    owner.answers['session-list'] = [session()]
    const { model } = await openPopup(owner)
    let answer: (value: unknown) => void = () => {}
    owner.answers['session-revoke'] = () => new Promise((resolve) => (answer = resolve))
    const ending = model.revoke(session())
    expect(model.state.ending.has(session().id)).toBe(true)
    owner.answers['session-list'] = []
    answer({ revoked: 1 })
    await ending
    expect(owner.sent).toContainEqual({ name: 'session-revoke', id: session().id })
    expect(model.state.toast).toMatch(/site\.example/)
    expect(model.state.ending.size).toBe(0)
    expect(model.state.owner.sessions).toEqual([])
  })

  test('the toast goes by itself', async () => {
    const { model, owner } = await openPopup()
    owner.answers['session-revoke'] = { revoked: 2 }
    await model.revokeAll()
    expect(owner.sent).toContainEqual({ name: 'session-revoke', all: true })
    expect(model.state.toast).toBe('2 sessions have ended.')
    await vi.advanceTimersByTimeAsync(5000)
    expect(model.state.toast).toBeNull()
  })

  test('can be taken back for five seconds: the host is asked for a new session of the grant', async () => {
    const { model, owner } = await openPopup()
    owner.answers['session-revoke'] = { revoked: 1 }
    await model.revoke(session())
    expect(model.state.undo).toEqual({ ids: [session().id], until: NOW + 5000 })
    await vi.advanceTimersByTimeAsync(4900)
    expect(model.state.toast).toMatch(/site\.example/)
    await model.undo()
    expect(owner.sent).toContainEqual({ name: 'session-undo', id: session().id })
    expect(model.state.undo).toBeNull()
    expect(model.state.toast).toMatch(/again/)
    await model.undo()
    expect(owner.count('session-undo')).toBe(1)
  })

  test('is ordered at once, and nothing is taken back when the five seconds are over', async () => {
    const { model, owner } = await openPopup()
    owner.answers['session-revoke'] = { revoked: 1 }
    const ending = model.revoke(session())
    expect(owner.count('session-revoke')).toBe(1)
    await ending
    await vi.advanceTimersByTimeAsync(5000)
    expect(model.state.undo).toBeNull()
    await model.undo()
    expect(owner.count('session-undo')).toBe(0)
  })

  test('of all is taken back for each that was live; what was over already is not offered', async () => {
    const owner = new OwnerStandIn()
    owner.answers['session-list'] = [session({ id: 'one' }), session({ id: 'two' }), session({ endedAt: 1 })]
    const { model } = await openPopup(owner)
    owner.answers['session-revoke'] = { revoked: 2 }
    await model.revokeAll()
    await model.undo()
    const undone = owner.sent.flatMap((each) => (each.name === 'session-undo' ? [each.id] : []))
    expect(undone.toSorted()).toEqual(['one', 'two'])
    owner.answers['session-revoke'] = { revoked: 0 }
    await model.revokeAll()
    expect(model.state.undo).toBeNull()
  })

  test('that cannot be taken back any more says so, and locking withdraws the offer', async () => {
    const { model, owner } = await openPopup()
    owner.answers['session-revoke'] = { revoked: 1 }
    owner.answers['session-undo'] = refusal('unknown', 'it is too late')
    await model.revoke(session())
    await model.undo()
    expect(model.state.toast).toBe('It is too late.')
    await model.revoke(session())
    expect(model.state.undo).not.toBeNull()
    owner.push({ vault: 'locked' })
    expect(model.state.undo).toBeNull()
  })

  test('a refusal is said and the session is shown as live again', async () => {
    const { model, owner } = await openPopup()
    owner.answers['session-revoke'] = refusal('host-exited', 'the host ended')
    await model.revoke(session())
    expect(model.state.toast).toMatch(/stopped before it answered/)
    expect(model.state.ending.size).toBe(0)
  })
})

describe('a call that was refused', () => {
  const refused = { at: NOW, origin: ORIGIN, method: 'GET', path: '/x', reason: 'no-rule', rule: null }

  test('is asked for of the site in front, again after every change, and forgotten with the vault', async () => {
    const owner = new OwnerStandIn()
    owner.answers['site-refusal'] = refused
    const { model } = await openPopup(owner)
    expect(owner.sent).toContainEqual({ name: 'site-refusal', topOrigin: ORIGIN })
    expect(model.state.refusal).toEqual(refused)
    owner.answers['site-refusal'] = null
    owner.change()
    await settle()
    expect(model.state.refusal).toBeNull()
    owner.answers['site-refusal'] = refused
    owner.change()
    await settle()
    owner.push({ vault: 'locked' })
    expect(model.state.refusal).toBeNull()
  })

  test('is named with the one change that would let it pass, whatever the reason', () => {
    for (const reason of Object.keys(REASONS)) expect(t(refusalMend(reason).text)).not.toBe('')
    expect(refusalMend('no-rule')).toMatchObject({ text: 'mendRules', go: { room: 'capabilities' } })
    const texts = ['rule-deny', 'budget-spent', 'session-ended', 'model-not-listed', 'vault-paused']
    const mends = ['mendRules', 'mendBudget', 'mendConnect', 'mendModels', 'mendPaused']
    expect(texts.map((reason) => refusalMend(reason).text)).toEqual(mends)
    expect(refusalMend('cost-spent').go?.room).toBe('budgets')
    expect(refusalMend('always-denied').go).toBeNull()
    expect(mendPlace('capabilities', 'chat')).toBe('capabilities/chat')
    expect(mendPlace('capabilities', null)).toBe('capabilities')
    expect(mendPlace('budgets', 'chat')).toBe('budgets')
    for (const strange of ['later', 'constructor', '__proto__'])
      expect(refusalMend(strange)).toMatchObject({ text: 'mendActivity', go: { room: 'activity' } })
  })
})

describe('live sessions', () => {
  const list = (...sessions: SessionSummary[]) => liveSessions({ sessions }, NOW)

  test('leave out what has ended or is past its time', () => {
    expect(list(session({ endedAt: NOW }), session({ expiresAt: NOW }), session())).toHaveLength(1)
  })

  test('put calls in flight first, then the latest used', () => {
    const ids = list(
      session({ id: 'old', lastUsedAt: 1 }),
      session({ id: 'new', lastUsedAt: 2 }),
      session({ id: 'busy', lastUsedAt: 0, inFlight: 1 }),
    )
    expect(ids.map(({ id }) => id)).toEqual(['busy', 'new', 'old'])
  })
})

describe('the tab in front', () => {
  test.each([
    [
      { id: 7, url: 'https://site.example:8443/a?b#c' },
      { kind: 'site', origin: 'https://site.example:8443', tabId: 7 },
    ],
    [
      { id: 7, url: 'http://127.0.0.1:5173/' },
      { kind: 'site', origin: 'http://127.0.0.1:5173', tabId: 7 },
    ],
    [{ id: 7, url: 'chrome://settings/' }, { kind: 'other' }],
    [{ id: 7, url: 'file:///etc/passwd' }, { kind: 'other' }],
    [{ id: 7, url: 'blob:https://site.example/1' }, { kind: 'other' }],
    [{ id: 7, url: 'about:blank' }, { kind: 'other' }],
    [{ id: 7 }, { kind: 'unreadable' }],
    [undefined, { kind: 'unreadable' }],
  ])('%j is %j', (tab, site) => {
    expect(tabSiteOf(tab)).toEqual(site)
  })
})

describe('how long', () => {
  test('offers what the capability allows, its own limit last', () => {
    expect(offeredDurations(8 * 3600)).toEqual([3600, 8 * 3600])
    expect(offeredDurations(600)).toEqual([600])
    expect(offeredDurations(366 * 86_400)).toEqual([8 * 3600, 86_400, 7 * 86_400, 30 * 86_400])
  })

  test('a moment becomes seconds, never more than the capability allows', () => {
    const at = (seconds: number) => localMoment(NOW + seconds * 1000)
    expect(secondsUntil(at(7200), NOW, 8 * 3600)).toBe(7200)
    expect(secondsUntil(at(90 * 86_400), NOW, 8 * 3600)).toBe(8 * 3600)
    expect(secondsUntil(at(90 * 86_400), NOW, 366 * 86_400)).toBe(30 * 86_400)
  })

  test('a moment that is past, near or no moment is none', () => {
    expect(secondsUntil(localMoment(NOW - 60_000), NOW, 3600)).toBeNull()
    expect(secondsUntil(localMoment(NOW), NOW, 3600)).toBeNull()
    expect(secondsUntil('soon', NOW, 3600)).toBeNull()
  })
})

describe('what the owner is to know of the page in front', () => {
  test('is asked for with the page and after each change, and a reload forgets it', async () => {
    const owner = new OwnerStandIn()
    owner.answers['page-notices'] = ['captured']
    const { model, calls } = await openPopup(owner)
    expect(model.state.notices).toEqual(['captured'])
    expect(owner.sent).toContainEqual({ name: 'page-notices', tabId: 7 })
    owner.answers['page-notices'] = ['captured', 'worker', 'socket']
    owner.change()
    await settle()
    expect(model.state.notices).toEqual(['captured', 'worker', 'socket'])
    await model.reload()
    expect([model.state.notices, calls]).toEqual([[], ['reload 7']])
  })

  test('is nothing where background/ does not know', async () => {
    const owner = new OwnerStandIn()
    owner.answers['page-notices'] = refusal('internal', 'something failed')
    const { model } = await openPopup(owner)
    expect(model.state.notices).toEqual([])
  })
})
