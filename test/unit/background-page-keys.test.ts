import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { PageKeyMove } from '../../shared/protocol/page-keys.ts'

const fake = await vi.hoisted(async () => {
  const { fakeBrowser } = await import('../support/fake-browser.ts')
  return fakeBrowser()
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { CommandRefusal } = await import('../../extension/background/host-commands.ts')
const { PageKeySearch } = await import('../../extension/background/page-keys.ts')

const SITE = 'https://app.example'
const PATTERN = 'https://app.example/*'
const KEY = 'sk-proj-of-the-page-0123456789'
const SERVICE = { id: 'openai', preset: 'openai', placeholder: 'sk-placeholder' }
const ORDER: PageKeyMove = {
  ...{ name: 'page-key-move', tabId: 1, origin: SITE, id: '4-8' },
  preset: 'openai',
  place: { kind: 'local', name: 'settings' },
  into: { way: 'new' },
}

const FOUND_NOTHING = { keys: [], called: [], whole: true, quiet: [] }
const NOTHING = { keys: [], same: [], called: [], whole: true }

/** What was ordered of the host, and of the document, in order. */
let done: string[]
let search: InstanceType<typeof PageKeySearch>
let grants: { id: string; origin: string; topOrigin: string }[]
/** What the script in the document answers by method. */
let held: Record<string, unknown>
let refuses: boolean
/** What the script in a frame of the page answers, by frame and method. */
let heldInFrames: Record<number, Record<string, unknown>>
let settled: [tabId: number, preset: string][]
let refreshed: string[]

/** A host that answers from a table, and keeps what it was told. */
const commands = {
  async send(command: { name: string }): Promise<never> {
    const { name, ...rest } = command
    done.push(name === 'key-move' ? `key-move ${JSON.stringify(rest)}` : name)
    if (name === 'key-move' && refuses) throw new CommandRefusal('exists', 'there is one')
    const answers: Record<string, unknown> = {
      ...{ 'grant-list': grants, 'key-marks': ['marks'], 'key-move': SERVICE },
      'service-list': [SERVICE],
    }
    return answers[name] as never
  },
}

beforeEach(() => {
  done = []
  refuses = false
  grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
  held = { look: NOTHING, take: KEY, replace: { replaced: 2, left: 0 } }
  heldInFrames = {}
  ;[settled, refreshed] = [[], []]
  fake.browser.storage.local.items.clear()
  fake.permitted.clear()
  fake.permitted.add(PATTERN)
  const table = { framesOf: () => Object.keys(heldInFrames).map(Number) }
  const spotted = {
    settle: (tabId: number, preset: string) => void settled.push([tabId, preset]),
    refresh: async (origin: string) => void refreshed.push(origin),
  }
  search = new PageKeySearch({ commands: commands as never, table, spotted })
  fake.browser.scripting.executeScript = (async (order: {
    target: { tabId: number; frameIds: [number] }
    injectImmediately?: boolean
    args?: [string, string, unknown[]]
  }) => {
    const { tabId, frameIds } = order.target
    const [frame] = frameIds
    expect([tabId, order.injectImmediately]).toEqual([1, frame === 0 ? undefined : true])
    if (order.args === undefined) return [{}]
    const [origin, method, args] = order.args
    const known = method === 'look' ? args.slice(0, 2) : args
    done.push(`in ${frame === 0 ? 'the page' : `frame ${frame}`}: ${method} ${JSON.stringify(known)}`)
    const answers = frame === 0 ? held : heldInFrames[frame]
    return [{ result: origin === SITE ? answers?.[method] : null }]
  }) as never
})

const inPage = () => done.filter((each) => each.startsWith('in the page'))

describe('a look at the keys of a page', () => {
  test('is made where the site has a grant and the permission of the browser', async () => {
    expect(await search.look({ tabId: 1, origin: SITE })).toEqual(FOUND_NOTHING)
    expect(done).toEqual(['grant-list', 'key-marks', 'in the page: look [["marks"],"quick"]'])
    await search.look({ tabId: 1, origin: SITE, deep: true })
    expect(done.at(-1)).toBe('in the page: look [["marks"],"deep"]')
  })

  test('asks the frames of the site in the page for what is their own', async () => {
    const key = {
      id: '1',
      preset: 'groq',
      name: 'API key',
      places: [{ kind: 'call', name: 'authorization' }],
    }
    heldInFrames = { 3: { look: { ...NOTHING, keys: [key], same: ['a'] } }, 4: {} }
    expect(await search.look({ tabId: 1, origin: SITE })).toEqual({ ...FOUND_NOTHING, keys: [key] })
    expect(done.slice(-2)).toEqual([3, 4].map((frame) => `in frame ${frame}: look [["marks"],"aside"]`))
    held = {}
    expect(await search.look({ tabId: 1, origin: SITE })).toBeNull()
  })

  test.each<[string, { origin: string; topOrigin: string } | null]>([
    ['a grant', null],
    ['a grant of its own: it is for a frame in it', { origin: 'https://frame.example', topOrigin: SITE }],
    ['a grant of its own: it is for it in another', { origin: SITE, topOrigin: 'https://other.example' }],
  ])('sends no script to a site without %s', async (_, grant) => {
    grants = grant === null ? [] : [{ id: 'g', ...grant }]
    expect(await search.look({ tabId: 1, origin: SITE })).toBeNull()
    await expect(search.move(ORDER)).rejects.toMatchObject({ code: 'unknown' })
    expect(inPage()).toEqual([])
  })

  test('sends no script to a site without the permission of the browser', async () => {
    fake.permitted.clear()
    expect(await search.look({ tabId: 1, origin: SITE })).toBeNull()
    expect(inPage()).toEqual([])
  })

  test('tells nothing of a tab that shows another site by now', async () => {
    held = {}
    expect(await search.look({ tabId: 1, origin: SITE })).toBeNull()
  })
})

describe('taking a key out of a page', () => {
  test('stores it before the page loses it, and tells neither key nor place of it', async () => {
    const moved = await search.move(ORDER)
    expect(done).toEqual([
      ...['grant-list', 'key-marks'],
      `in the page: take [["marks"],{"id":"4-8","preset":"openai","place":{"kind":"local","name":"settings"}},"quick"]`,
      `key-move {"origin":"${SITE}","preset":"openai","key":"${KEY}"}`,
      `in the page: replace ["${KEY}","sk-placeholder","deep"]`,
    ])
    expect(moved).toEqual({ service: SERVICE, replaced: 2, left: 0, untouched: false })
    expect(settled).toEqual([[1, 'openai']])
  })

  test('takes it from the frame that has it, and tells all of them that it was taken', async () => {
    held.take = null
    heldInFrames = { 3: { take: null }, 4: { take: KEY } }
    const order = { ...ORDER, place: { kind: 'call', name: 'authorization' } } as const
    expect(await search.move(order)).toMatchObject({ service: SERVICE, replaced: 2 })
    expect(done.filter((each) => each.includes('replace'))).toEqual([
      `in the page: replace ["${KEY}","sk-placeholder","deep"]`,
      `in frame 3: replace ["${KEY}","sk-placeholder","aside"]`,
      `in frame 4: replace ["${KEY}","sk-placeholder","aside"]`,
    ])
  })

  test('looks for it in databases where it was seen in one', async () => {
    await search.move({ ...ORDER, place: { kind: 'indexed', name: 'a / b' } })
    expect(done.find((each) => each.includes('take'))).toMatch(/"deep"\]$/)
  })

  test('leaves the page as it is where the host does not take the key', async () => {
    refuses = true
    await expect(search.move(ORDER)).rejects.toMatchObject({ code: 'exists' })
    expect(inPage()).toHaveLength(1)
  })

  test('says so where the page does not hold it any more', async () => {
    held.take = null
    await expect(search.move(ORDER)).rejects.toMatchObject({ code: 'unknown' })
    expect(done.at(-1)).toMatch(/take/)
  })

  test('names the service whose key it is to replace', async () => {
    await search.move({ ...ORDER, into: { way: 'replace', service: 'openai' } })
    expect(done.find((each) => each.startsWith('key-move'))).toContain('"replace":"openai"')
  })

  test('stores nothing where the vault is to keep its own, and wants that to be of the same kind', async () => {
    await search.move({ ...ORDER, into: { way: 'drop', service: 'openai' } })
    expect(done.filter((each) => each.startsWith('key-move'))).toEqual([])
    expect(done.at(-1)).toBe(`in the page: replace ["${KEY}","sk-placeholder","deep"]`)
    const other = { ...ORDER, preset: 'anthropic', into: { way: 'drop', service: 'openai' } } as const
    await expect(search.move(other)).rejects.toMatchObject({ code: 'unknown' })
  })

  test.each([
    ['the page went away meanwhile', null],
    ['the storage does not have it any more', { replaced: 0, left: 0 }],
  ])('says that nothing was replaced where %s', async (_, replace) => {
    held.replace = replace
    expect(await search.move(ORDER)).toEqual({ service: SERVICE, replaced: 0, left: 0, untouched: true })
  })

  test('misses nothing in the storage where calls alone had it, as long as the page is there', async () => {
    const order = { ...ORDER, place: { kind: 'call', name: 'authorization' } } as const
    held.replace = { replaced: 0, left: 0 }
    expect(await search.move(order)).toMatchObject({ untouched: false })
    held.replace = null
    expect(await search.move(order)).toMatchObject({ untouched: true })
  })

  test.each([
    ['the page went away meanwhile', null],
    ['the storage does not have it any more', { replaced: 0, left: 0 }],
    ['the browser lets nobody write', { replaced: 0, left: 2 }],
  ])('is refused where the vault keeps its own and %s', async (_, replace) => {
    held.replace = replace
    const order = { ...ORDER, into: { way: 'drop', service: 'openai' } } as const
    await expect(search.move(order)).rejects.toMatchObject({ code: 'unknown' })
    held.replace = { replaced: 1, left: 1 }
    expect(await search.move(order)).toMatchObject({ replaced: 1, left: 1, untouched: false })
  })
})

describe('a key that the owner does not want to be told of', () => {
  test('is said with what a look finds, and to whoever shows it unasked', async () => {
    await search.setQuiet({ origin: SITE, preset: 'openai', quiet: true })
    expect(await search.look({ tabId: 1, origin: SITE })).toMatchObject({ quiet: ['openai'] })
    expect(refreshed).toEqual([SITE])
    await search.setQuiet({ origin: SITE, preset: 'openai', quiet: false })
    expect(await search.look({ tabId: 1, origin: SITE })).toMatchObject({ quiet: [] })
  })

  test('is noted for no site without a grant', async () => {
    grants = []
    const order = search.setQuiet({ origin: SITE, preset: 'openai', quiet: true })
    await expect(order).rejects.toMatchObject({ code: 'unknown' })
    expect(fake.browser.storage.local.items.size).toBe(0)
  })
})
