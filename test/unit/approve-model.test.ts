import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApproveModel, LINGER_MS } from '../../extension/popup/approve-model.ts'
import type { ApprovalSummary } from '../../shared/model/approval.ts'
import type { OwnerCommand } from '../../shared/protocol/owner-port.ts'
import { OwnerStandIn, refusal, settle } from '../support/ui-stage/owner-stand-in.ts'
import { approval } from '../support/ui-stage/staged-approvals.ts'

const FRONT = { focused: true, visible: true, place: 'here' }

/** The window that asks, in front of somebody, with these calls waiting. */
async function open(...waiting: ApprovalSummary[]) {
  const owner = new OwnerStandIn()
  owner.answers['approval-list'] = waiting
  const model = new ApproveModel(owner, () => Date.now())
  model.arming.look(FRONT)
  await settle()
  const list = async (...now: ApprovalSummary[]) => {
    owner.answers['approval-list'] = now
    owner.change()
    await settle()
  }
  /** Look at it for a second and more. */
  const read = () => {
    for (let turn = 0; turn < 12; turn += 1) {
      vi.advanceTimersByTime(100)
      model.arming.look(FRONT)
    }
    model.showArming()
  }
  const sent = (name: OwnerCommand['name']) => owner.sent.filter((command) => command.name === name)
  return { owner, model, list, read, sent }
}

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

/** What is shown now; fails where nothing is. */
function shown(model: ApproveModel): ApprovalSummary {
  if (model.state.shown === null) throw new Error('nothing is shown')
  return model.state.shown
}

describe('an answer', () => {
  test('carries the id and the digest of what was shown', async () => {
    const one = approval({ digest: 'b'.repeat(64) })
    const { model, read, sent } = await open(one)
    read()
    await model.answer(shown(model), 'once')
    expect(sent('approval-answer')).toEqual([
      { name: 'approval-answer', id: one.id, digest: 'b'.repeat(64), answer: 'once' },
    ])
  })

  test.each(['once', 'ten-minutes', 'session'] as const)(
    '`%s` is nothing in the first second',
    async (answer) => {
      const { model, read, sent } = await open(approval())
      await model.answer(shown(model), answer)
      expect(sent('approval-answer')).toEqual([])
      expect(model.state.armed).toBe(false)
      read()
      expect(model.state.armed).toBe(true)
      await model.answer(shown(model), answer)
      expect(sent('approval-answer')).toMatchObject([{ answer }])
    },
  )

  test('`deny` is one at once', async () => {
    const { model, sent } = await open(approval())
    await model.answer(shown(model), 'deny')
    expect(sent('approval-answer')).toMatchObject([{ answer: 'deny' }])
  })

  test('to what is no longer shown is none', async () => {
    const [first, second] = [approval(), approval()]
    const { model, list, read, sent } = await open(first, second)
    const before = shown(model)
    await list(second)
    read()
    await model.answer(before, 'once')
    await model.answer(before, 'deny')
    expect(sent('approval-answer')).toEqual([])
  })

  test('is given once, however often it is pressed', async () => {
    const { owner, model, read, sent } = await open(approval())
    read()
    owner.answers['approval-answer'] = () => new Promise(() => {})
    void model.answer(shown(model), 'once')
    void model.answer(shown(model), 'session')
    void model.answer(shown(model), 'deny')
    expect(sent('approval-answer')).toHaveLength(1)
    expect(model.state.answering).toBe(true)
  })

  test('to the next call counts while the one before is still on its way', async () => {
    const [first, second] = [approval(), approval()]
    const { owner, model, list, sent } = await open(first, second)
    owner.answers['approval-deny-all'] = () => new Promise(() => {})
    void model.denySite()
    await list(second)
    await model.answer(shown(model), 'deny')
    expect(sent('approval-answer')).toMatchObject([{ id: second.id, answer: 'deny' }])
  })

  test('that was refused is said, and the call stays', async () => {
    const one = approval()
    const { owner, model, read } = await open(one)
    read()
    owner.answers['approval-answer'] = refusal('host-exited', 'the host ended')
    await model.answer(shown(model), 'once')
    expect(model.state).toMatchObject({ shown: one, answering: false, isOver: false })
    expect(model.state.error).toMatch(/stopped before it answered/)
  })

  test('that came too late is told as such, and the next call comes', async () => {
    const [first, second] = [approval(), approval()]
    const { owner, model, read } = await open(first, second)
    read()
    owner.answers['approval-answer'] = refusal('unknown', 'it is over')
    owner.answers['approval-list'] = [second]
    await model.answer(shown(model), 'once')
    expect(model.state).toMatchObject({ shown: second, isOver: true, error: null, armed: false })
  })
})

describe('the line', () => {
  test('is shown one by one, oldest first, with the place of each', async () => {
    const [first, second, third] = [approval(), approval(), approval()]
    const { owner, model, list, read } = await open(first, second, third)
    expect(model.state).toMatchObject({ shown: first, position: 1, total: 3, others: 2 })
    read()
    owner.answers['approval-list'] = [second, third]
    await model.answer(shown(model), 'once')
    expect(model.state).toMatchObject({ shown: second, position: 2, total: 3, isOver: false, armed: false })
    await list(second, third, approval())
    expect(model.state).toMatchObject({ shown: second, position: 2, total: 4 })
  })

  test('a call that comes while another is shown neither takes its place nor disturbs it', async () => {
    const one = approval()
    const { model, list, read } = await open(one)
    const before = shown(model)
    read()
    await list(approval({ at: one.at - 1000 }), { ...one, more: 1 })
    expect(shown(model)).toBe(before)
    expect(model.arming.counts()).toBe(true)
  })

  test('the same call with another digest is another call', async () => {
    const one = approval()
    const { model, list, read, sent } = await open(one)
    const before = shown(model)
    read()
    await list({ ...one, digest: 'c'.repeat(64), method: 'DELETE' })
    expect(model.state).toMatchObject({ isOver: true, armed: false })
    expect(shown(model).method).toBe('DELETE')
    await model.answer(before, 'once')
    await model.answer(shown(model), 'once')
    expect(sent('approval-answer')).toEqual([])
  })

  test('a call that ended says so, and an Allow meant for it does not reach the next', async () => {
    const [first, second] = [approval(), approval()]
    const { model, list, read, sent } = await open(first, second)
    read()
    model.arming.press()
    await list(second)
    expect(model.state).toMatchObject({ shown: second, isOver: true })
    read()
    await model.answer(shown(model), 'once')
    expect(sent('approval-answer')).toEqual([])
  })

  test('calls that another browser shows are not asked about here', async () => {
    const { model } = await open(approval({ here: false }))
    expect(model.state).toMatchObject({ known: true, shown: null })
  })

  test('a whole site is denied at once, and only others of that site are counted', async () => {
    const { model, sent } = await open(approval(), approval(), approval({ origin: 'https://other.example' }))
    expect(model.state.others).toBe(1)
    await model.denySite()
    expect(sent('approval-deny-all')).toEqual([
      { name: 'approval-deny-all', origin: 'https://playground.example.com' },
    ])
  })

  test('a host that does not answer shows nothing', async () => {
    const { owner, model } = await open(approval())
    owner.answers['approval-list'] = refusal('vault-locked', 'locked')
    owner.push({ vault: 'locked' })
    await settle()
    expect(model.state.shown).toBeNull()
  })
})

describe('at the end', () => {
  test('the window goes at once after the owner’s own answer', async () => {
    const { owner, model, read, sent } = await open(approval())
    read()
    owner.answers['approval-list'] = []
    await model.answer(shown(model), 'once')
    vi.advanceTimersByTime(0)
    expect(sent('approval-window')).toEqual([{ name: 'approval-window', show: false }])
  })

  test('it says that the call is over for a moment, and goes', async () => {
    const { model, list, sent } = await open(approval())
    await list()
    expect(model.state).toMatchObject({ shown: null, isOver: true })
    vi.advanceTimersByTime(LINGER_MS - 1)
    expect(sent('approval-window')).toEqual([])
    vi.advanceTimersByTime(1)
    expect(sent('approval-window')).toHaveLength(1)
  })

  test('it stays when a call comes meanwhile, which begins a new line', async () => {
    const { model, list, sent } = await open(approval())
    await list()
    await list(approval())
    vi.advanceTimersByTime(2 * LINGER_MS)
    expect(sent('approval-window')).toEqual([])
    expect(model.state).toMatchObject({ position: 1, total: 1, isOver: false })
  })
})
