import { describe, expect, test } from 'vitest'
import { ActivityModel } from '../../extension/control/activity-model.ts'
import { ControlModel } from '../../extension/control/model.ts'
import { ApproveModel } from '../../extension/popup/approve-model.ts'
import { Arming } from '../../extension/popup/arming.ts'
import { PopupModel } from '../../extension/popup/model.ts'
import { RequestModel } from '../../extension/popup/request-model.ts'
import { Rounds } from '../../extension/ui/rounds.ts'
import { MovableSight } from '../support/ui-stage/movable-sight.ts'
import { OwnerStandIn, settle } from '../support/ui-stage/owner-stand-in.ts'

/** What a page asks while nobody sees it, and how often it asks while somebody does. */

const NEWS = 50
const PAGE = { lines: [], next: null, looked: 0, head: 0 }
const COUNTS = { bars: [], sites: [], services: [], capabilities: [], reasons: [], problems: [] }

function standIn(): OwnerStandIn {
  const owner = new OwnerStandIn()
  owner.answers['audit-page'] = PAGE
  owner.answers['audit-counts'] = { ...COUNTS, next: null, looked: 0, head: 0 }
  return owner
}

/** As traffic does: each call comes and goes, and is news twice. */
async function traffic(owner: OwnerStandIn, calls = NEWS): Promise<void> {
  for (let call = 0; call < calls; call += 1) {
    owner.push({ live: 1, inFlight: 1 })
    owner.change(true)
    await settle()
    owner.push({ live: 1, inFlight: 0 })
    owner.change(true)
    await settle()
  }
}

const POPUP_BROWSER = {
  currentSite: async () => ({ kind: 'site', tabId: 7, origin: 'https://a.example' }) as const,
  mayReach: async () => true,
  askToReach: async () => true,
  onReachChanged: () => {},
  openControlRoom: () => {},
  reload: async () => {},
  saveSnapshot: async () => {},
}

describe.each([
  ['the control room', (owner: OwnerStandIn, sight: MovableSight) => new ControlModel(owner, null, sight)],
  [
    'the activity',
    (owner: OwnerStandIn, sight: MovableSight) => new ActivityModel(owner, () => {}, Date.now, sight),
  ],
  [
    'the popup',
    (owner: OwnerStandIn, sight: MovableSight) => {
      const model = new PopupModel(owner, POPUP_BROWSER, null, sight)
      void model.lookAtSite()
      return model
    },
  ],
])('%s', (_name, open) => {
  const opened = async () => {
    const [owner, sight] = [standIn(), new MovableSight()]
    open(owner, sight)
    owner.push({ live: 1 })
    await settle()
    owner.sent.length = 0
    return { owner, sight }
  }

  test('asks nothing while nobody sees it, whatever calls come and go, and once when it is seen again', async () => {
    const { owner, sight } = await opened()
    sight.hide()
    await traffic(owner)
    expect(owner.sent).toEqual([])
    sight.show()
    await settle()
    const asked = owner.sent.map(({ name }) => name)
    expect(asked.length).toBeGreaterThan(0)
    // Each thing once: the last news are all that matters.
    expect(asked).toEqual([...new Set(asked)])
  })

  test('asks nothing when it is seen again where nothing happened meanwhile', async () => {
    const { owner, sight } = await opened()
    sight.hide()
    sight.show()
    await settle()
    expect(owner.sent).toEqual([])
  })

  test('asks for what comes in one go at most twice', async () => {
    const { owner } = await opened()
    for (let news = 0; news < NEWS; news += 1) owner.change()
    await settle()
    const times = new Map<string, number>()
    for (const { name } of owner.sent) times.set(name, (times.get(name) ?? 0) + 1)
    expect(times.size).toBeGreaterThan(0)
    expect([...times].filter(([, count]) => count > 2)).toEqual([])
  })
})

test('a hidden control room asks at once where something else than traffic has changed', async () => {
  const [owner, sight] = [standIn(), new MovableSight()]
  new ControlModel(owner, null, sight)
  owner.push({})
  await settle()
  sight.hide()
  const asked = async (news: () => void) => {
    owner.sent.length = 0
    news()
    await settle()
    return owner.count('service-list')
  }
  expect(await asked(() => owner.change())).toBe(1)
  expect(await asked(() => owner.push({ paused: true }))).toBe(1)
  owner.push({ vault: 'locked' })
  expect(await asked(() => owner.push({ paused: true }))).toBe(1)
  expect(await asked(() => owner.push({ paused: true, inFlight: 2 }))).toBe(0)
})

test('a hidden control room forgets the lists at once when the vault is locked, without asking', async () => {
  const [owner, sight] = [standIn(), new MovableSight()]
  const model = new ControlModel(owner, null, sight)
  owner.push({})
  await settle()
  expect(model.state.owner.services).not.toBeNull()
  sight.hide()
  owner.sent.length = 0
  owner.push({ vault: 'locked' })
  expect(model.state.owner.services).toBeNull()
  expect(model.state.screen).toBe('locked')
  expect(owner.sent).toEqual([])
})

test('an order of the owner’s is followed by a look even where the page is hidden by then', async () => {
  const [owner, sight] = [standIn(), new MovableSight()]
  owner.answers['vault-resume'] = null
  const model = new ControlModel(owner, null, sight)
  owner.push({})
  await settle()
  sight.hide()
  owner.sent.length = 0
  await model.order({ name: 'vault-resume' }, 'done')
  expect(owner.count('status')).toBe(1)
})

test.each([
  ['approval-list', (owner: OwnerStandIn) => new ApproveModel(owner, () => 0)],
  [
    'site-request',
    (owner: OwnerStandIn) =>
      new RequestModel(owner, new Arming(() => 0), { openControlRoom() {}, leave() {} }),
  ],
] as const)('a window that asks for %s takes no sight of its page: it looks at once', async (name, open) => {
  const owner = standIn()
  open(owner)
  await settle()
  owner.sent.length = 0
  owner.change()
  await settle()
  expect(owner.count(name)).toBe(1)
})

describe('rounds', () => {
  test('are never two at a time, and one more follows however often it was wanted meanwhile', async () => {
    let [running, most, done] = [0, 0, 0]
    const gates: (() => void)[] = []
    const rounds = new Rounds(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((open) => gates.push(open))
      running -= 1
      done += 1
    })
    const wanted = [rounds.now(), rounds.now(), rounds.now()]
    rounds.whenSeen()
    expect(gates).toHaveLength(1)
    gates[0]?.()
    await settle()
    expect(done).toBe(1)
    expect(gates).toHaveLength(2)
    gates[1]?.()
    await Promise.all(wanted)
    expect({ done, most }).toEqual({ done: 2, most: 1 })
    void rounds.now()
    expect(gates).toHaveLength(3)
  })

  test('resolve with what was so after they were wanted', async () => {
    let truth = 1
    const seen: number[] = []
    const rounds = new Rounds(async () => {
      const asked = truth
      await settle()
      seen.push(asked)
    })
    void rounds.now()
    truth = 2
    await rounds.now()
    expect(seen.at(-1)).toBe(2)
  })

  test('that were stopped come no more by themselves', async () => {
    let done = 0
    const sight = new MovableSight()
    const rounds = new Rounds(async () => {
      done += 1
    }, sight)
    rounds.stop()
    sight.hide()
    rounds.whenSeen()
    sight.show()
    await settle()
    expect(done).toBe(0)
  })
})
