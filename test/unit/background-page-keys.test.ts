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

/** What was ordered of the host, and of the document, in order. */
let done: string[]
let search: InstanceType<typeof PageKeySearch>
let grants: { id: string; origin: string; topOrigin: string }[]
/** What the script in the document answers by method. */
let held: Record<string, unknown>
let refuses: boolean

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
  held = { look: { keys: [], whole: true }, take: KEY, replace: { replaced: 2, left: 0 } }
  fake.permitted.clear()
  fake.permitted.add(PATTERN)
  search = new PageKeySearch(commands as never)
  fake.browser.scripting.executeScript = (async (order: {
    target: object
    args?: [string, string, unknown[]]
  }) => {
    expect(order.target).toEqual({ tabId: 1, frameIds: [0] })
    if (order.args === undefined) return [{}]
    const [origin, method, args] = order.args
    done.push(`in the page: ${method} ${JSON.stringify(args)}`)
    return [{ result: origin === SITE ? held[method] : null }]
  }) as never
})

const inPage = () => done.filter((each) => each.startsWith('in the page'))

describe('a look at the keys of a page', () => {
  test('is made where the site has a grant and the permission of the browser', async () => {
    expect(await search.look({ tabId: 1, origin: SITE })).toEqual({ keys: [], whole: true })
    expect(done).toEqual(['grant-list', 'key-marks', 'in the page: look [["marks"]]'])
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
      `in the page: take [["marks"],{"id":"4-8","preset":"openai","place":{"kind":"local","name":"settings"}}]`,
      `key-move {"origin":"${SITE}","preset":"openai","key":"${KEY}"}`,
      `in the page: replace ["${KEY}","sk-placeholder"]`,
    ])
    expect(moved).toEqual({ service: SERVICE, replaced: 2, left: 0, untouched: false })
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
    expect(done.at(-1)).toBe(`in the page: replace ["${KEY}","sk-placeholder"]`)
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
