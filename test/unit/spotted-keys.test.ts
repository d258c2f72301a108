import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AskedCall } from '../../extension/background/calls.ts'
import { keyMarks } from '../../native-host/owner/move-key.ts'

const fake = await vi.hoisted(async () => {
  const { fakeBrowser } = await import('../support/fake-browser.ts')
  return fakeBrowser()
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { CommandRefusal } = await import('../../extension/background/host-commands.ts')
const { PageDocument } = await import('../../extension/background/page-document.ts')
const { SpottedKeys } = await import('../../extension/background/spotted-keys.ts')
const { quietKeysOf, quietSites, setQuietKey, forgetOtherQuietKeys } = await import(
  '../../extension/background/quiet-keys.ts'
)

const SITE = 'https://agent.example'
const KEY = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const GROQ = `gsk_${'Zy9xWv8u'.repeat(6)}`
const PLACEHOLDER = 'sk-proj-valetkey-placeholder-the-real-key-stays-on-your-machine'
const URL_OF_CALL = 'https://api.openai.com/v1/chat/completions'

let locked: boolean
let asked: number
let spotted: InstanceType<typeof SpottedKeys>
let document: InstanceType<typeof PageDocument>

/** A host that tells its marks when its vault is open. */
const commands = {
  async send(): Promise<never> {
    asked += 1
    if (locked) throw new CommandRefusal('vault-locked', 'locked')
    return keyMarks() as never
  },
}

function documentOf(tabId: number, topOrigin = SITE, frameId = 0) {
  const witnessed = { origin: SITE, topOrigin, tabId, frameId, documentId: null }
  return new PageDocument(1, { postMessage() {} } as never, witnessed)
}

const see = (headers: AskedCall['ask']['headers'], url = URL_OF_CALL, from = document) =>
  spotted.see({ document: from, ask: { headers, url } })
const sent = (key: string, from = document) => see([['authorization', `Bearer ${key}`]], URL_OF_CALL, from)

beforeEach(() => {
  locked = false
  asked = 0
  fake.browser.storage.local.items.clear()
  spotted = new SpottedKeys(commands as never)
  document = documentOf(7)
})

describe('a real key in a caught call', () => {
  test('is noted by its service, for the tab, and told once', async () => {
    let told = 0
    spotted.onChanged.add(() => {
      told += 1
    })
    await sent(KEY)
    await sent(KEY)
    expect([spotted.tabs, spotted.inTab(7), spotted.inTab(8)]).toEqual([[7], ['openai'], []])
    expect([told, asked]).toEqual([1, 1])
  })

  test('is noted from the query too', async () => {
    await see([], `${URL_OF_CALL}?api_key=${encodeURIComponent(KEY)}`)
    expect(spotted.inTab(7)).toEqual(['openai'])
  })

  test.each<[string, [string, string][], string]>([
    ['a placeholder', [['authorization', `Bearer ${PLACEHOLDER}`]], URL_OF_CALL],
    ['a header that no keys are sent in', [['x-trace', KEY]], URL_OF_CALL],
    ['more than is looked through', [['authorization', `${'x'.repeat(4096)} ${KEY}`]], URL_OF_CALL],
    ['nothing', [], URL_OF_CALL],
  ])('is not %s', async (_, headers, url) => {
    await see(headers, url)
    expect(spotted.tabs).toEqual([])
  })

  test('is not noted of a frame in another site, nor of a document that has gone meanwhile', async () => {
    await sent(KEY, documentOf(7, 'https://portal.example', 3))
    document.isGone = true
    await sent(KEY)
    expect(spotted.tabs).toEqual([])
  })

  test('is noted as soon as the host tells what keys look like', async () => {
    locked = true
    await sent(KEY)
    locked = false
    expect(spotted.tabs).toEqual([])
    await sent(KEY)
    expect([spotted.inTab(7), asked]).toEqual([['openai'], 2])
  })

  test('is forgotten with its document', async () => {
    const frame = documentOf(7, SITE, 4)
    await sent(KEY)
    await sent(GROQ, frame)
    spotted.forget(document)
    expect(spotted.inTab(7)).toEqual(['groq'])
    spotted.forget(frame)
    expect(spotted.tabs).toEqual([])
  })

  test('is told no more once it was taken out, though the page sends it on from its memory', async () => {
    await sent(KEY)
    await sent(GROQ)
    spotted.settle(7, 'openai')
    await sent(KEY)
    expect(spotted.inTab(7)).toEqual(['groq'])
  })
})

describe('a key that the owner does not want to be told of', () => {
  test('is so on that site and of that service alone, and told again when they want it', async () => {
    await sent(KEY)
    await sent(GROQ)
    await setQuietKey(SITE, 'openai', true)
    await setQuietKey('https://other.example', 'groq', true)
    await spotted.refresh(SITE)
    expect(spotted.inTab(7)).toEqual(['groq'])
    await setQuietKey(SITE, 'openai', false)
    await spotted.refresh(SITE)
    expect(spotted.inTab(7)).toEqual(['openai', 'groq'])
  })

  test('is remembered by whoever is started next', async () => {
    await setQuietKey(SITE, 'openai', true)
    spotted = new SpottedKeys(commands as never)
    await sent(KEY)
    expect(spotted.inTab(7)).toEqual([])
  })

  test('is kept once, and forgotten where the site has no grant any more', async () => {
    await Promise.all([setQuietKey(SITE, 'openai', true), setQuietKey(SITE, 'groq', true)])
    expect(await quietKeysOf(SITE)).toEqual(['openai', 'groq'])
    await setQuietKey(SITE, 'openai', true)
    await setQuietKey('https://other.example', 'groq', true)
    expect(await quietKeysOf(SITE)).toEqual(['groq', 'openai'])
    await forgetOtherQuietKeys(await quietSites(), new Set(['https://other.example']))
    expect([await quietKeysOf(SITE), await quietSites()]).toEqual([[], ['https://other.example']])
  })
})
