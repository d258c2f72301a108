import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Arming, INERT_MS } from '../../extension/popup/arming.ts'
import { PopupModel } from '../../extension/popup/model.ts'
import type { PopupBrowser } from '../../extension/popup/popup-needs.ts'
import { offered, RequestModel, serviceFor } from '../../extension/popup/request-model.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { OwnerStandIn, refusal, settle } from '../support/ui-stage/owner-stand-in.ts'
import { CAPABILITIES, SERVICES } from '../support/ui-stage/staged-worlds.ts'

const ORIGIN = 'https://site.example'
const NOTICE = {
  id: 4,
  origin: ORIGIN,
  topOrigin: ORIGIN,
  baseUrl: 'https://api.example',
  since: 1,
  calls: 2,
}
const ASKED = {
  ...{ id: 9, at: 0, expiresAt: 120_000, origin: ORIGIN, topOrigin: ORIGIN },
  ...{ service: 'openai', capability: null, reason: 'Because.' },
}

let now: number
beforeEach(() => {
  vi.useFakeTimers()
  now = 0
})
afterEach(() => void vi.useRealTimers())

describe('sites that wait, in the popup', () => {
  const side: PopupBrowser = {
    currentSite: async () => ({ kind: 'other' }),
    mayReach: async () => false,
    askToReach: async () => false,
    onReachChanged: () => {},
    openControlRoom: () => {},
    reload: async () => {},
    saveSnapshot: async () => {},
  }

  test('are shown whatever stands in the way, and go when background/ says so', async () => {
    const owner = new OwnerStandIn()
    owner.answers['waiting-list'] = [NOTICE]
    owner.answers['site-request'] = ASKED
    const model = new PopupModel(owner, side, null)
    owner.push({ vault: 'locked' })
    await settle()
    expect(model.state).toMatchObject({ screen: 'locked', waiting: [NOTICE], request: ASKED })
    owner.answers['waiting-list'] = []
    owner.answers['site-request'] = null
    owner.change()
    await settle()
    expect(model.state).toMatchObject({ waiting: [], request: null })
  })

  test.each([true, false])(
    'an answer (%s) names the notice, is marked while under way, and is said',
    async (goOn) => {
      const owner = new OwnerStandIn()
      owner.answers['waiting-list'] = [NOTICE]
      const model = new PopupModel(owner, side, null)
      const answering = model.answerWaiting(NOTICE, goOn)
      expect(model.state.answering.has(NOTICE.id)).toBe(true)
      await answering
      expect(owner.sent).toContainEqual({ name: 'waiting-answer', id: NOTICE.id, goOn })
      expect(model.state.toast).toContain('site.example')
      expect(model.state.answering.size).toBe(0)
    },
  )

  test('a refusal is said', async () => {
    const owner = new OwnerStandIn()
    owner.answers['waiting-answer'] = refusal('vault-locked', 'the vault is locked')
    const model = new PopupModel(owner, side, null)
    await model.answerWaiting(NOTICE, true)
    expect(model.state.toast).toMatch(/locked/)
  })
})

describe('the window that shows what a page asks for', () => {
  function open(request: object | null = ASKED) {
    const owner = new OwnerStandIn()
    owner.answers['site-request'] = request
    owner.answers['service-list'] = SERVICES
    owner.answers['capability-list'] = CAPABILITIES
    owner.answers['site-request-answer'] = null
    const arming = new Arming(() => now)
    const left = vi.fn()
    const model = new RequestModel(owner, arming, { openControlRoom: () => {}, leave: left })
    owner.push({})
    const look = () => arming.look({ focused: true, visible: true, place: '' })
    const wait = async (milliseconds: number) => {
      for (let passed = 0; passed <= milliseconds; passed += 100) {
        now += 100
        look()
      }
      await settle()
    }
    return { owner, model, left, wait }
  }
  const answers = (owner: OwnerStandIn) => owner.sent.filter(({ name }) => name === 'site-request-answer')

  test('an Allow counts only when the request has been in front for a while; a no counts at once', async () => {
    const { owner, model, wait } = open()
    await settle()
    const { shown } = model.state
    if (shown === null) throw new Error('nothing is shown')
    await model.allow(shown, 'openai-openai-chat', 60)
    expect(answers(owner)).toEqual([])
    await wait(INERT_MS + 200)
    await model.allow(shown, 'openai-openai-chat', 60)
    const give = { capability: 'openai-openai-chat', ttl: 60 }
    expect(answers(owner)).toEqual([{ name: 'site-request-answer', id: ASKED.id, give }])
    await model.deny(shown)
    expect(answers(owner)).toHaveLength(2)
  })

  test.each([true, false])(
    'an Allow takes along whether the owner wants to be asked: %s',
    async (askWrites) => {
      const { owner, model, wait } = open()
      await settle()
      const { shown } = model.state
      if (shown === null) throw new Error('nothing is shown')
      await wait(INERT_MS + 200)
      await model.allow(shown, 'openai-openai-chat', 60, askWrites)
      const give = { capability: 'openai-openai-chat', ttl: 60, askWrites }
      expect(answers(owner)).toEqual([{ name: 'site-request-answer', id: ASKED.id, give }])
    },
  )

  test('another request disarms, and a button drawn for the first answers nothing', async () => {
    const { owner, model, wait } = open()
    await settle()
    const { shown } = model.state
    await wait(INERT_MS + 200)
    owner.answers['site-request'] = { ...ASKED, id: 10, origin: 'https://evil.example' }
    owner.change()
    await settle()
    if (shown === null) throw new Error('nothing is shown')
    await model.allow(shown, 'openai-openai-chat', 60)
    await model.deny(shown)
    expect(answers(owner)).toEqual([])
    expect(model.state.shown?.origin).toBe('https://evil.example')
    expect(model.state.armed).toBe(false)
  })

  test('what can be given changing under the pointer disarms', async () => {
    const { owner, model, wait } = open()
    await settle()
    await wait(INERT_MS + 200)
    model.showArming()
    expect(model.state.armed).toBe(true)
    owner.answers['capability-list'] = CAPABILITIES.filter(({ service }) => service === 'openai').slice(1)
    owner.change()
    await settle()
    expect(model.state.armed).toBe(false)
  })

  test('a request that is gone is said to be, and the window goes', async () => {
    const { owner, model, left } = open()
    await settle()
    owner.answers['site-request'] = null
    owner.change()
    await settle()
    expect(model.state.shown).toBeNull()
    await vi.advanceTimersByTimeAsync(3000)
    expect(left).toHaveBeenCalledOnce()
  })

  test('only capabilities of the service that is meant are offered, by name, preset or address', () => {
    const own = (part: Partial<ServiceSummary>) => ({ ...SERVICES[0], ...part }) as ServiceSummary
    const work = own({ id: 'work', preset: 'openai', baseUrls: ['https://api.openai.com'] })
    const other = own({ id: 'openai', preset: null, baseUrls: ['https://elsewhere.example/v1'] })
    expect(serviceFor([work, other], 'openai')?.id).toBe('openai')
    expect(serviceFor([work], 'openai')?.id).toBe('work')
    expect(serviceFor([work, other], 'https://elsewhere.example')?.id).toBe('openai')
    expect(serviceFor([work, other], 'https://api.openai.com.evil.example')).toBeNull()
    expect(serviceFor([work, other], 'mistral')).toBeNull()
    const snapshot = { services: SERVICES, capabilities: CAPABILITIES }
    const { capabilities } = offered({ owner: snapshot as never, shown: ASKED })
    expect(new Set(capabilities.map(({ service }) => service))).toEqual(new Set(['openai']))
  })
})
