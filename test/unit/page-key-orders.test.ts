import { beforeEach, describe, expect, test } from 'vitest'
import { calledServices } from '../../extension/popup/called-services.ts'
import { PopupModel } from '../../extension/popup/model.ts'
import { movedKeyWords } from '../../extension/popup/moved-key-words.ts'
import type { TabSite } from '../../extension/popup/tab-site.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
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
const FOUND = { keys: [HELD], whole: true, quiet: [], called: [] }
const SERVICE = { id: 'openai', label: 'OpenAI', preset: 'openai', capabilities: ['openai-openai-chat'] }

let owner: OwnerStandIn
let site: TabSite

beforeEach(() => {
  owner = new OwnerStandIn()
  owner.answers['page-keys'] = FOUND
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
    const look = { name: 'page-keys', tabId: 7, origin: ORIGIN }
    expect(owner.sent).toContainEqual(look)
    expect(owner.sent).toContainEqual({ ...look, deep: true })
    expect(model.state.pageKeys).toEqual(FOUND)
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
    // At once what is quickly found, and all of it after that; from then on all of it.
    expect(owner.count('page-keys')).toBe(before + 2)
    await model.connect('chat', 60)
    expect(owner.count('page-keys')).toBe(before + 3)
  })

  test('goes no deeper where the site has no grant', async () => {
    owner.answers['page-keys'] = null
    await openPopup()
    expect(owner.sent.filter((sent) => 'deep' in sent)).toEqual([])
  })
})

describe('a key that the owner does not want to be told of', () => {
  test('is said for the site and the service, and looked at again', async () => {
    const model = await openPopup()
    owner.answers['page-key-quiet'] = null
    owner.answers['page-keys'] = { ...FOUND, quiet: ['openai'] }
    await model.pageKeys.setQuiet('openai', true)
    const order = { name: 'page-key-quiet', origin: ORIGIN, preset: 'openai', quiet: true }
    expect(owner.sent).toContainEqual(order)
    expect(model.state.pageKeys).toMatchObject({ quiet: ['openai'] })
  })

  test('is told on where that is refused, with the reason', async () => {
    const model = await openPopup()
    owner.answers['page-key-quiet'] = refusal('unknown', 'the tab shows no site with a grant any more')
    await model.pageKeys.setQuiet('openai', true)
    expect(model.state).toMatchObject({
      moveError: 'The tab shows no site with a grant any more.',
      pageKeys: { quiet: [] },
    })
  })
})

describe('the services that a page calls past us', () => {
  test('are those at the origins it called, each once, without what the site was given', () => {
    const called = ['https://api.openai.com', 'https://api.groq.com', 'https://cdn.example']
    expect(calledServices(PRESETS, called, new Set())).toEqual(expect.arrayContaining(['OpenAI', 'Groq']))
    const names = calledServices(PRESETS, called, new Set(['openai']))
    expect(names).not.toContain('OpenAI')
    expect(new Set(names).size).toBe(names.length)
    expect(calledServices(PRESETS, ['https://cdn.example'], new Set())).toEqual([])
  })
})

describe('taking one out', () => {
  test('names it by what the look called it, service and first place, says what came of it, and looks again', async () => {
    const model = await openPopup()
    owner.answers['page-key-move'] = { service: SERVICE, replaced: 1, left: 0, untouched: false }
    owner.answers['page-keys'] = { ...FOUND, keys: [] }
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
