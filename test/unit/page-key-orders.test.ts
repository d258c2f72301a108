import { beforeEach, describe, expect, test } from 'vitest'
import { PopupModel } from '../../extension/popup/model.ts'
import { movedKeyWords } from '../../extension/popup/moved-key-words.ts'
import type { TabSite } from '../../extension/popup/tab-site.ts'
import type { PageKey } from '../../shared/protocol/page-keys.ts'
import { OwnerStandIn, refusal, settle } from '../support/ui-stage/owner-stand-in.ts'

const ORIGIN = 'https://site.example'
const HELD: PageKey = {
  id: '4-8-15-16',
  preset: 'openai',
  name: 'project key',
  places: [
    { kind: 'local', name: 'settings' },
    { kind: 'call', name: 'authorization' },
  ],
}
const SERVICE = { id: 'openai', label: 'OpenAI', preset: 'openai', capabilities: ['openai-openai-chat'] }

let owner: OwnerStandIn
let site: TabSite

beforeEach(() => {
  owner = new OwnerStandIn()
  owner.answers['page-keys'] = { keys: [HELD], whole: true }
  site = { kind: 'site', origin: ORIGIN, tabId: 7 }
})

async function openPopup() {
  const browserSide = {
    currentSite: async () => site,
    mayReach: async () => true,
    askToReach: async () => true,
    onReachChanged: () => {},
    openControlRoom: () => {},
    reload: async () => {},
    saveSnapshot: async () => {},
  }
  const model = new PopupModel(owner, browserSide, null)
  await model.start()
  owner.push({})
  await settle()
  return model
}

describe('the look at keys of the page in front', () => {
  test('is for the tab and its origin', async () => {
    const model = await openPopup()
    expect(owner.sent).toContainEqual({ name: 'page-keys', tabId: 7, origin: ORIGIN })
    expect(model.state.pageKeys).toEqual({ keys: [HELD], whole: true })
  })

  test('is not asked for where no site is in front', async () => {
    site = { kind: 'other' }
    await openPopup()
    expect(owner.count('page-keys')).toBe(0)
  })

  test('finds nothing where it is refused, and is forgotten when the vault locks', async () => {
    const model = await openPopup()
    owner.push({ vault: 'locked' })
    await settle()
    expect(model.state.pageKeys).toBeNull()
    owner.answers['page-keys'] = refusal('vault-locked', 'locked')
    await model.pageKeys.look()
    expect(model.state.pageKeys).toBeNull()
  })

  test('is made again when the vault is open, and after a connection', async () => {
    const model = await openPopup()
    owner.push({ vault: 'locked' })
    const before = owner.count('page-keys')
    owner.push({ vault: 'unlocked' })
    await settle()
    expect(owner.count('page-keys')).toBe(before + 1)
    await model.connect('chat', 60)
    expect(owner.count('page-keys')).toBe(before + 2)
  })
})

describe('taking one out', () => {
  test('names it by what the look called it, service and first place, says what came of it, and looks again', async () => {
    const model = await openPopup()
    owner.answers['page-key-move'] = { service: SERVICE, replaced: 1, left: 0, untouched: false }
    owner.answers['page-keys'] = { keys: [], whole: true }
    await model.pageKeys.move(HELD, { way: 'new' })
    expect(owner.sent).toContainEqual({
      ...{ name: 'page-key-move', tabId: 7, origin: ORIGIN, id: '4-8-15-16' },
      preset: 'openai',
      place: { kind: 'local', name: 'settings' },
      into: { way: 'new' },
    })
    expect(model.state).toMatchObject({
      movedKey: { service: SERVICE, replaced: 1, left: 0, way: 'new' },
      moveError: null,
      movingKey: false,
      pageKeys: { keys: [] },
    })
  })

  test('says why it was not done, and offers it on', async () => {
    const model = await openPopup()
    owner.answers['page-key-move'] = refusal('exists', 'the vault has a key of OpenAI')
    await model.pageKeys.move(HELD, { way: 'new' })
    expect(model.state).toMatchObject({
      movedKey: null,
      moveError: 'The vault has a key of OpenAI.',
      movingKey: false,
      pageKeys: { keys: [HELD] },
    })
  })

  test('is ordered once while it is under way', async () => {
    const model = await openPopup()
    owner.answers['page-key-move'] = { service: SERVICE, replaced: 1, left: 0, untouched: false }
    await Promise.all([model.pageKeys.move(HELD, { way: 'new' }), model.pageKeys.move(HELD, { way: 'new' })])
    expect(owner.count('page-key-move')).toBe(1)
  })
})

describe('the notice about one that was taken out', () => {
  const words = (replaced: number, left: number, untouched: boolean) =>
    movedKeyWords({ way: 'new', replaced, left, untouched })

  test('warns where the key may still be in the page', () => {
    expect(words(0, 0, true)).toEqual({
      tone: 'warn',
      texts: ['Nothing was replaced in the page: the key may still be there. Look at it again.'],
    })
    expect(words(2, 1, false)).toMatchObject({ tone: 'warn', texts: { length: 2 } })
  })

  test('is good where it is not', () => {
    expect(words(1, 0, false)).toEqual({
      tone: 'good',
      texts: ['The placeholder is in 1 entry of the storage.'],
    })
    expect(words(0, 0, false)).toEqual({ tone: 'good', texts: [] })
  })
})
