import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CallValues } from '../../extension/content/call-values.ts'
import { HeldKeys } from '../../extension/content/page-keys/page-keys.ts'
import { keyMarks } from '../../native-host/owner/move-key.ts'
import type { LookDepth, ToldKey } from '../../shared/protocol/page-keys.ts'

const MARKS = keyMarks()
const KEY = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const SECOND = `sk-proj-${'Mn4oPq7r'.repeat(5)}`
const OTHER = `sk-ant-api03-${'Zy9xWv8u'.repeat(5)}`
const PLACEHOLDER = 'sk-proj-valetkey-placeholder-the-real-key-stays-on-your-machine'

/** A storage as the platform has it, as far as it is used: a limit in characters, as browsers have one. */
class StandInStorage {
  readonly items = new Map<string, string>()
  room = 5_000_000
  get length(): number {
    return this.items.size
  }
  key(at: number): string | null {
    return [...this.items.keys()][at] ?? null
  }
  getItem(name: string): string | null {
    return this.items.get(name) ?? null
  }
  setItem(name: string, text: string): void {
    const rest = [...this.items].reduce((sum, [each, one]) => (each === name ? sum : sum + one.length), 0)
    if (rest + text.length > this.room) throw new DOMException('full', 'QuotaExceededError')
    this.items.set(name, text)
  }
}

let local: StandInStorage
let session: StandInStorage
let timeline: { name: string; initiatorType: string }[]
let calls: CallValues
let held: HeldKeys

beforeEach(() => {
  ;[local, session] = [new StandInStorage(), new StandInStorage()]
  timeline = []
  vi.stubGlobal('localStorage', local)
  vi.stubGlobal('sessionStorage', session)
  vi.spyOn(performance, 'getEntriesByType').mockImplementation(() => timeline as never)
  calls = new CallValues()
  held = new HeldKeys(calls)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const call = (headers: [string, string][], url = 'https://api.openai.com/v1/chat/completions') =>
  calls.note({ headers, url })

/** What a look finds, without the digests that are other ones at each. */
const look = async (depth: LookDepth = 'quick') => {
  const { same, ...found } = await held.look(MARKS, depth, 'salt')
  expect(same).toHaveLength(found.keys.length)
  return found
}
const NOTHING = { keys: [], called: [], whole: true }
const take = (told: ToldKey, depth: LookDepth = 'quick') => held.take(MARKS, told, depth)

/** What a look told, as orders name it. */
const looked = async (): Promise<ToldKey[]> =>
  (await look()).keys.flatMap(({ id, preset, places: [place] }) =>
    place === undefined ? [] : [{ id, preset, place }],
  )
const NONE: ToldKey = { id: 'none', preset: 'none', place: { kind: 'local', name: '' } }

describe('a look', () => {
  test('tells service, kind and places of a key, and the key nowhere', async () => {
    local.setItem('settings', JSON.stringify({ openai: KEY }))
    session.setItem('draft', KEY)
    call([['authorization', `Bearer ${KEY}`]])
    const looked = await look()
    expect(looked).toEqual({
      keys: [
        {
          id: expect.stringMatching(/^\d+(-\d+){3}$/),
          preset: 'openai',
          name: 'project key',
          places: [
            { kind: 'local', name: 'settings' },
            { kind: 'session', name: 'draft' },
            { kind: 'call', name: 'authorization' },
          ],
        },
      ],
      called: [],
      whole: true,
    })
    expect(JSON.stringify(looked)).not.toContain(KEY.slice(8, 20))
  })

  test('finds a key in the address of a call, caught or not', async () => {
    timeline = [
      { initiatorType: 'fetch', name: `https://api.example/v1?api_key=${KEY}&q=1` },
      { initiatorType: 'script', name: `https://cdn.example/app.js?api_key=${OTHER}` },
    ]
    call([], `https://api.anthropic.com/v1/messages?token=${encodeURIComponent(OTHER)}`)
    expect((await look()).keys.map(({ preset, places }) => [preset, places])).toEqual([
      ['anthropic', [{ kind: 'address', name: 'token' }]],
      ['openai', [{ kind: 'address', name: 'api_key' }]],
    ])
  })

  test('finds a key in a cookie that scripts may read, also in JSON, and leaves it there', async () => {
    const cookie = `theme=dark; state=${encodeURIComponent(JSON.stringify({ key: KEY }))}; odd=%E0%A4%A; bare`
    vi.stubGlobal('document', { cookie })
    const { keys } = await look()
    expect(keys.map(({ places }) => places)).toEqual([[{ kind: 'cookie', name: 'state' }]])
    expect(await held.replace(KEY, PLACEHOLDER, 'deep')).toEqual({ replaced: 0, left: 1 })
    expect(document.cookie).toBe(cookie)
  })

  test('of a frame is one at its calls and cookies: the storage is the page’s', async () => {
    local.setItem('settings', KEY)
    call([['authorization', `Bearer ${OTHER}`]])
    expect((await look('aside')).keys.map(({ preset }) => preset)).toEqual(['anthropic'])
    expect(await held.replace(KEY, PLACEHOLDER, 'aside')).toEqual({ replaced: 0, left: 0 })
    expect(local.getItem('settings')).toBe(KEY)
  })

  test('names the other origins that scripts called, and no more than so many', async () => {
    vi.stubGlobal('origin', 'https://agent.example')
    timeline = [
      { initiatorType: 'fetch', name: `https://api.groq.com/openai/v1/chat/completions?q=${KEY}` },
      { initiatorType: 'xmlhttprequest', name: 'https://api.groq.com/openai/v1/models' },
      { initiatorType: 'fetch', name: 'https://agent.example/settings' },
      { initiatorType: 'img', name: 'https://cdn.example/logo.png' },
    ]
    expect((await look()).called).toEqual(['https://api.groq.com'])
    timeline = Array.from({ length: 40 }, (_, at) => ({
      initiatorType: 'fetch',
      name: `https://a${at}.example/`,
    }))
    expect((await look()).called).toHaveLength(32)
  })

  test('says by a digest that is another at each look which keys are the same', async () => {
    const frame = new HeldKeys(calls)
    local.setItem('settings', KEY)
    const [first, again, later] = [
      await held.look(MARKS, 'quick', 'salt'),
      await frame.look(MARKS, 'quick', 'salt'),
      await held.look(MARKS, 'quick', 'other'),
    ]
    expect(first.same).toEqual(again.same)
    expect(first.same).not.toEqual(later.same)
    expect(first.same[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  test('takes no placeholder for a key, in a call or in storage', async () => {
    local.setItem('settings', PLACEHOLDER)
    call([['authorization', `Bearer ${PLACEHOLDER}`]])
    expect(await look()).toEqual(NOTHING)
  })

  test('is bounded, and says so where there is more', async () => {
    local.room = 20_000_000
    local.setItem('large', 'x'.repeat(2_000_001))
    local.setItem('settings', KEY)
    expect(await look()).toMatchObject({ keys: { length: 1 }, whole: false })
    local.items.clear()
    for (let at = 0; at < 2001; at += 1) local.setItem(`entry ${at}`, 'text')
    expect((await look()).whole).toBe(false)
    local.items.clear()
    for (let at = 0; at < 9; at += 1) local.setItem(`key ${at}`, `${KEY}${at}`)
    expect(await look()).toMatchObject({ keys: { length: 8 }, whole: false })
  })

  test('shortens what a page calls an entry, and finds it by that again', async () => {
    const name = 'n'.repeat(5000)
    local.setItem(name, KEY)
    const [told] = await looked()
    expect(told?.place.name).toHaveLength(200)
    expect(told && (await take(told))).toBe(KEY)
  })

  test('finds nothing in storage that the browser keeps from everybody', async () => {
    vi.stubGlobal('localStorage', undefined)
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('no', 'SecurityError')
      },
    })
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('no', 'SecurityError')
      },
    })
    expect(await look()).toEqual(NOTHING)
  })
})

describe('taking a key out', () => {
  test('gives the key that was told, of that service and at that place', async () => {
    local.setItem('settings', KEY)
    const [told = NONE] = await looked()
    expect(await take(told)).toBe(KEY)
    expect(await take({ ...told, preset: 'anthropic' })).toBeNull()
    expect(await take({ ...told, place: { kind: 'session', name: 'settings' } })).toBeNull()
    expect(await take({ ...told, id: '1-2-3-4' })).toBeNull()
    session.setItem('settings', KEY)
    local.setItem('settings', OTHER)
    expect(await take(told)).toBeNull()
  })

  test('gives no key of the service that came to that place since, told meanwhile or not', async () => {
    local.setItem('settings', KEY)
    const [told = NONE] = await looked()
    local.setItem('settings', SECOND)
    expect(await take(told)).toBeNull()
    const [later = NONE] = await looked()
    expect(later.id).not.toBe(told.id)
    expect([await take(told), await take(later)]).toEqual([null, SECOND])
    expect(
      await new HeldKeys(calls).take(MARKS, later, 'quick'),
      'in the document that comes after',
    ).toBeNull()
  })

  test('tells two keys of one service in one entry apart, as long as both are there', async () => {
    local.setItem('settings', JSON.stringify([KEY, SECOND]))
    const [first = NONE, second = NONE] = await looked()
    expect(first).toEqual({ ...second, id: first.id })
    expect([await take(first), await take(second)]).toEqual([KEY, SECOND])
    expect(await looked()).toEqual([first, second])
    local.setItem('settings', JSON.stringify([SECOND]))
    expect([await take(first), await take(second)]).toEqual([null, SECOND])
  })

  test('puts the placeholder into every entry that has it and touches no other', async () => {
    const state = (key: string) => JSON.stringify({ state: JSON.stringify({ key, at: 1 }) })
    local.setItem('a', state(KEY))
    local.setItem('b', `${KEY}x`)
    local.setItem('c', OTHER)
    session.setItem('d', KEY)
    expect(await held.replace(KEY, PLACEHOLDER, 'deep')).toEqual({ replaced: 2, left: 0 })
    expect([...local.items.values()]).toEqual([state(PLACEHOLDER), `${KEY}x`, OTHER])
    expect(session.getItem('d')).toBe(PLACEHOLDER)
  })

  test('says which entries are too full for it, and leaves them as they are', async () => {
    local.setItem('a', KEY)
    local.room = KEY.length
    expect(await held.replace(KEY, PLACEHOLDER, 'deep')).toEqual({ replaced: 0, left: 1 })
    expect(local.getItem('a')).toBe(KEY)
  })

  test('ends the word of earlier calls, not of what the page stores again', async () => {
    call([['authorization', `Bearer ${KEY}`]])
    await held.replace(KEY, PLACEHOLDER, 'deep')
    expect((await look()).keys).toEqual([])
    local.setItem('again', KEY)
    expect((await look()).keys).toHaveLength(1)
  })
})

describe('what calls carried', () => {
  test('is kept of headers that keys are in, and of the latest sixteen', async () => {
    call([
      ['content-type', 'application/json'],
      ['x-api-key', 'first'],
    ])
    expect(calls.all).toEqual([['first', 'x-api-key']])
    for (let at = 0; at < 40; at += 1) call([['authorization', `Bearer ${at}`]])
    expect(calls.all).toHaveLength(16)
    expect(calls.all.at(-1)).toEqual(['Bearer 39', 'authorization'])
  })
})

test('the script that looks does nothing in a document without our other one', async () => {
  const world = globalThis as { valetKeyCarrier?: object; valetKeyHeldKeys?: HeldKeys }
  await import('../../extension/content/page-keys/main.iife.ts')
  expect(world.valetKeyHeldKeys).toBeUndefined()
  vi.resetModules()
  world.valetKeyCarrier = { values: calls }
  await import('../../extension/content/page-keys/main.iife.ts')
  expect(await world.valetKeyHeldKeys?.look(MARKS, 'quick', '')).toEqual({ ...NOTHING, same: [] })
  delete world.valetKeyCarrier
  delete world.valetKeyHeldKeys
})
