import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CallValues } from '../../extension/content/call-values.ts'
import { HeldKeys } from '../../extension/content/page-keys/page-keys.ts'
import { keyMarks } from '../../native-host/owner/move-key.ts'
import type { ToldKey } from '../../shared/protocol/page-keys.ts'

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

/** What a look told, as orders name it. */
const looked = (): ToldKey[] =>
  held
    .look(MARKS)
    .keys.flatMap(({ id, preset, places: [place] }) => (place === undefined ? [] : [{ id, preset, place }]))
const NONE: ToldKey = { id: 'none', preset: 'none', place: { kind: 'local', name: '' } }

describe('a look', () => {
  test('tells service, kind and places of a key, and the key nowhere', () => {
    local.setItem('settings', JSON.stringify({ openai: KEY }))
    session.setItem('draft', KEY)
    call([['authorization', `Bearer ${KEY}`]])
    const looked = held.look(MARKS)
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
      whole: true,
    })
    expect(JSON.stringify(looked)).not.toContain(KEY.slice(8, 20))
  })

  test('finds a key in the address of a call, caught or not', () => {
    timeline = [
      { initiatorType: 'fetch', name: `https://api.example/v1?api_key=${KEY}&q=1` },
      { initiatorType: 'script', name: `https://cdn.example/app.js?api_key=${OTHER}` },
    ]
    call([], `https://api.anthropic.com/v1/messages?token=${encodeURIComponent(OTHER)}`)
    expect(held.look(MARKS).keys.map(({ preset, places }) => [preset, places])).toEqual([
      ['anthropic', [{ kind: 'address', name: 'token' }]],
      ['openai', [{ kind: 'address', name: 'api_key' }]],
    ])
  })

  test('takes no placeholder for a key, in a call or in storage', () => {
    local.setItem('settings', PLACEHOLDER)
    call([['authorization', `Bearer ${PLACEHOLDER}`]])
    expect(held.look(MARKS)).toEqual({ keys: [], whole: true })
  })

  test('is bounded, and says so where there is more', () => {
    local.room = 20_000_000
    local.setItem('large', 'x'.repeat(2_000_001))
    local.setItem('settings', KEY)
    expect(held.look(MARKS)).toMatchObject({ keys: { length: 1 }, whole: false })
    local.items.clear()
    for (let at = 0; at < 2001; at += 1) local.setItem(`entry ${at}`, 'text')
    expect(held.look(MARKS).whole).toBe(false)
    local.items.clear()
    for (let at = 0; at < 9; at += 1) local.setItem(`key ${at}`, `${KEY}${at}`)
    expect(held.look(MARKS)).toMatchObject({ keys: { length: 8 }, whole: false })
  })

  test('shortens what a page calls an entry, and finds it by that again', () => {
    const name = 'n'.repeat(5000)
    local.setItem(name, KEY)
    const [told] = looked()
    expect(told?.place.name).toHaveLength(200)
    expect(told && held.take(MARKS, told)).toBe(KEY)
  })

  test('finds nothing in storage that the browser keeps from everybody', () => {
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
    expect(held.look(MARKS)).toEqual({ keys: [], whole: true })
  })
})

describe('taking a key out', () => {
  test('gives the key that was told, of that service and at that place', () => {
    local.setItem('settings', KEY)
    const [told = NONE] = looked()
    expect(held.take(MARKS, told)).toBe(KEY)
    expect(held.take(MARKS, { ...told, preset: 'anthropic' })).toBeNull()
    expect(held.take(MARKS, { ...told, place: { kind: 'session', name: 'settings' } })).toBeNull()
    expect(held.take(MARKS, { ...told, id: '1-2-3-4' })).toBeNull()
    session.setItem('settings', KEY)
    local.setItem('settings', OTHER)
    expect(held.take(MARKS, told)).toBeNull()
  })

  test('gives no key of the service that came to that place since, told meanwhile or not', () => {
    local.setItem('settings', KEY)
    const [told = NONE] = looked()
    local.setItem('settings', SECOND)
    expect(held.take(MARKS, told)).toBeNull()
    const [later = NONE] = looked()
    expect(later.id).not.toBe(told.id)
    expect([held.take(MARKS, told), held.take(MARKS, later)]).toEqual([null, SECOND])
    expect(new HeldKeys(calls).take(MARKS, later), 'in the document that comes after').toBeNull()
  })

  test('tells two keys of one service in one entry apart, as long as both are there', () => {
    local.setItem('settings', JSON.stringify([KEY, SECOND]))
    const [first = NONE, second = NONE] = looked()
    expect(first).toEqual({ ...second, id: first.id })
    expect([held.take(MARKS, first), held.take(MARKS, second)]).toEqual([KEY, SECOND])
    expect(looked()).toEqual([first, second])
    local.setItem('settings', JSON.stringify([SECOND]))
    expect([held.take(MARKS, first), held.take(MARKS, second)]).toEqual([null, SECOND])
  })

  test('puts the placeholder into every entry that has it and touches no other', () => {
    const state = (key: string) => JSON.stringify({ state: JSON.stringify({ key, at: 1 }) })
    local.setItem('a', state(KEY))
    local.setItem('b', `${KEY}x`)
    local.setItem('c', OTHER)
    session.setItem('d', KEY)
    expect(held.replace(KEY, PLACEHOLDER)).toEqual({ replaced: 2, left: 0 })
    expect([...local.items.values()]).toEqual([state(PLACEHOLDER), `${KEY}x`, OTHER])
    expect(session.getItem('d')).toBe(PLACEHOLDER)
  })

  test('says which entries are too full for it, and leaves them as they are', () => {
    local.setItem('a', KEY)
    local.room = KEY.length
    expect(held.replace(KEY, PLACEHOLDER)).toEqual({ replaced: 0, left: 1 })
    expect(local.getItem('a')).toBe(KEY)
  })

  test('ends the word of earlier calls, not of what the page stores again', () => {
    call([['authorization', `Bearer ${KEY}`]])
    held.replace(KEY, PLACEHOLDER)
    expect(held.look(MARKS).keys).toEqual([])
    local.setItem('again', KEY)
    expect(held.look(MARKS).keys).toHaveLength(1)
  })
})

describe('what calls carried', () => {
  test('is kept of headers that keys are in, and of the latest sixteen', () => {
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
  expect(world.valetKeyHeldKeys?.look(MARKS)).toEqual({ keys: [], whole: true })
  delete world.valetKeyCarrier
  delete world.valetKeyHeldKeys
})
