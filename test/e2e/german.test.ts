import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { tooWide, widerThanWindow } from '../support/ui-stage/look-at-page.ts'
import { SCENES, type Scene } from '../support/ui-stage/scenes.ts'
import { brokenWords, shownTexts } from '../support/ui-stage/shown-texts.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'

/**
 * Every state of the pages of ours that has words of its own, in German, in a real Chromium from the built extension: nothing of it is English, and its
 * longer words fit, in a narrow window too.
 */
const LOCALES = new URL('../../extension/_locales/', import.meta.url)

/** A window of 640 CSS pixels at 200 %. */
const NARROWEST = 320

/** The popup at 120 %; the control room as narrow as its longest German words have room. In CSS pixels. */
const NARROW = { popup: 320, approve: 320, request: 320, control: 360 } as const

/** Words that English sentences are made of and German ones are not. */
const ENGLISH =
  /\b(?:the|of|and|is|are|were|to|for|with|not|this|that|it|its|has|have|no|any|your|you|from|by|be|on|at|which|what|or|as)\b/gi

/** English that is meant: what the stage gives an owner's or a page's own words, with the reason. */
const MEANT = [
  // Names that the stage's owner chose.
  /Work <img|Chat and so on|Everything of the/,
  // What a page or a document says of itself.
  /petting zoo|page by page|what they eat/i,
]

const staged = stagedForFile('de')

/** Texts of four words and more with two of English, or that are the English one of a text of ours. */
function untranslated(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => {
    if (text.split(' ').length < 4 || MEANT.some((one) => one.test(text))) return false
    // Addresses are in no language.
    const words = text.replace(/\S*\w[./]\w\S*/g, '')
    return (words.match(ENGLISH)?.length ?? 0) >= 2 || OWN.has(text)
  })
}

const OWN = new Set(
  Object.values(
    JSON.parse(readFileSync(new URL('en/messages.json', LOCALES), 'utf8')) as Record<
      string,
      { message: string }
    >,
  ).map(({ message }) => message),
)

/** The same words as the scene that they vary, in another window or direction, or with other people's texts. */
const VARIED =
  /-(?:rtl|narrow|zoomed|hostile|large|inert|twelve|raw|binary|dark|line|quiet|gone|untouched|fresh)$|-rtl-/

describe.each(SCENES.filter(({ name }) => !VARIED.test(name)))('$name', (scene: Scene) => {
  test('is German, and fits', async () => {
    await staged().wish({ 'prefers-reduced-motion': 'reduce', 'prefers-color-scheme': 'light' })
    await staged().show(scene)
    expect(await staged().page.evaluate(() => document.documentElement.lang)).toBe('de')
    const texts = await staged().page.evaluate(shownTexts)
    expect(texts.length).toBeGreaterThan(0)
    expect(untranslated(texts)).toEqual([])
    expect(await staged().page.evaluate(tooWide)).toEqual([])
    await staged().page.setViewport({ width: NARROW[scene.page], height: 600 })
    expect(await staged().page.evaluate(tooWide)).toEqual([])
    expect(await staged().page.evaluate(brokenWords)).toEqual([])
    expect(await wideAt(NARROWEST)).toEqual([])
  })
})

describe.each(SCENES.filter(({ name }) => VARIED.test(name)))('$name', (scene: Scene) => {
  test('fits in the narrowest window', async () => {
    await staged().show(scene)
    expect(await wideAt(NARROWEST)).toEqual([])
  })
})

/** What has no room in a window of that width: there long words may break, and nothing may be out of reach. */
async function wideAt(width: number): Promise<string[]> {
  await staged().page.setViewport({ width, height: 600 })
  return [...(await staged().page.evaluate(tooWide)), ...(await staged().page.evaluate(widerThanWindow))]
}
