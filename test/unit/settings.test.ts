import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { originOfPattern } from '../../extension/control/devices/origin-of-pattern.ts'
import { DEFAULTS, readSettings, USUAL_SECONDS } from '../../extension/ui/settings.ts'

describe('settings that are stored', () => {
  test('are the defaults where none was ever set, each by itself', () => {
    expect(readSettings(undefined)).toEqual(DEFAULTS)
    expect(readSettings({})).toEqual(DEFAULTS)
    expect(readSettings({ theme: 'dark' })).toEqual({ ...DEFAULTS, theme: 'dark' })
    for (const sessionSeconds of USUAL_SECONDS)
      expect(readSettings({ sessionSeconds })).toEqual({ ...DEFAULTS, sessionSeconds })
  })

  test.each([null, 0, 'dark', [], [{ theme: 'dark' }], true])('are the careful ones for %j', (stored) => {
    expect(readSettings(stored)).toEqual({
      theme: 'system',
      sessionSeconds: 3600,
      badge: 'live',
      askWrites: 'always',
      siteMarks: 'letters',
    })
  })

  test('give a field that is no value of ours the careful one, and leave the others', () => {
    const odd = [1e9, -1, 0, 3601, '86400', null, Number.NaN, { valueOf: () => 3600 }]
    for (const sessionSeconds of odd)
      expect(readSettings({ theme: 'light', sessionSeconds })).toMatchObject({
        theme: 'light',
        sessionSeconds: 3600,
      })
    expect(
      readSettings({ theme: 'toString', badge: '<img>', askWrites: false, siteMarks: 'all' }),
    ).toMatchObject({
      theme: 'system',
      badge: 'live',
      askWrites: 'always',
      siteMarks: 'letters',
    })
  })

  test('take nothing that is not a field of their own', () => {
    const inherited: unknown = Object.create({ theme: 'dark', sessionSeconds: 604_800 })
    expect(readSettings(inherited)).toEqual(DEFAULTS)
    expect(readSettings({ further: 1 })).toEqual(DEFAULTS)
  })
})

describe('the theme that a page begins with', () => {
  const dataset: Record<string, string> = {}
  const begin = async (noted: string | null | Error) => {
    vi.stubGlobal('localStorage', {
      getItem: () => {
        if (noted instanceof Error) throw noted
        return noted
      },
    })
    vi.resetModules()
    await import('../../extension/ui/theme-first.iife.ts')
    return { ...dataset }
  }
  beforeEach(() => {
    for (const name of Object.keys(dataset)) delete dataset[name]
    vi.stubGlobal('document', { documentElement: { dataset } })
  })
  afterEach(() => vi.unstubAllGlobals())

  test('is the one that was noted, and the system’s for anything else', async () => {
    expect(await begin('dark')).toEqual({ theme: 'dark' })
    delete dataset.theme
    for (const noted of [null, '', 'system', 'DARK', '"><img>', new Error('no storage')])
      expect(await begin(noted)).toEqual({})
  })
})

test('a dark system and an owner who wants it dark have the same colours', () => {
  const css = readFileSync(new URL('../../extension/ui/tokens.css', import.meta.url), 'utf8')
  const after = (start: string) => {
    expect(css).toContain(start)
    return css.slice(css.indexOf(start) + start.length)
  }
  const declared = (block: string) =>
    block
      .slice(0, block.indexOf('}'))
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('--'))
  const bySystem = declared(after(':root:where(:not([data-theme="light"])) {'))
  expect(bySystem.length).toBeGreaterThan(15)
  expect(declared(after(':root:where([data-theme="dark"]) {'))).toEqual(bySystem)
})

test('a match pattern is shown as the one site it allows, or as more than one', () => {
  expect(originOfPattern('https://chat.example.com/*')).toBe('https://chat.example.com')
  expect(originOfPattern('http://127.0.0.1/*')).toBe('http://127.0.0.1')
  for (const wide of ['<all_urls>', '*://*/*', 'https://*/*', 'https://*.example.com/*', 'file:///*'])
    expect(originOfPattern(wide)).toBeNull()
})
