import { describe, expect, test } from 'vitest'
import { CONTRAST, violations } from '../support/ui-stage/axe.ts'
import { HARMED } from '../support/ui-stage/hostile-scenes.ts'
import {
  focusedStop,
  notInert,
  numberTabStops,
  type Place,
  runningAnimations,
  type TabStop,
  tooWide,
  widerThanWindow,
  withoutBorder,
} from '../support/ui-stage/look-at-page.ts'
import { SCENES, type Scene } from '../support/ui-stage/scenes.ts'
import { squeezed } from '../support/ui-stage/squeezed-texts.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'

/**
 * Every state of every page of ours, in a real Chromium from the built extension: rules of WCAG 2.2 AA and good practice by
 * axe-core, the keyboard, narrow windows, what a person's system asks for, and names chosen to do harm.
 */
/** A window of 640 CSS pixels at 200 %. */
const NARROW = { width: 320, height: 600 }

const staged = stagedForFile()

/** Go once around a page by the Tab key. */
async function tabAround(count: number): Promise<TabStop[]> {
  const stops: TabStop[] = []
  // A field for a date has several stops inside.
  for (let press = 0; stops.length < count && press < count + 12; press += 1) {
    await staged().page.keyboard.press('Tab')
    const stop = await staged().page.evaluate(focusedStop)
    if (stop !== null && stop.at !== stops.at(-1)?.at) stops.push(stop)
  }
  return stops
}

/** Whether what follows stands further down, or further along in the same row, or in a column further along. */
function follows(a: Place, b: Place): boolean {
  if (a.pinned !== b.pinned) return true
  const together = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  const sameRow = together > Math.min(a.bottom - a.top, b.bottom - b.top) / 2
  return sameRow ? b.start >= a.start : b.top >= a.top || b.start >= a.end
}

async function checkKeyboard(): Promise<void> {
  // Of what was scrolled away, places would say that it stands above the head.
  await staged().page.evaluate(() => document.querySelector('.popup-body')?.scrollTo(0, 0))
  const wanted = await staged().page.evaluate(numberTabStops)
  const stops = await tabAround(wanted.length)
  // Where the focus was before, the way begins; it goes around from there.
  const first = stops.findIndex(({ at }) => at === 0)
  const around = [...stops.slice(first), ...stops.slice(0, first)]
  expect(around.map(({ what }) => what)).toEqual(wanted.map(({ what }) => what))
  expect(stops.filter(({ mark }) => mark === '')).toEqual([])
  expect(stops.filter(({ under }) => under !== '')).toEqual([])
  const backwards = wanted.filter((stop, at) => at > 0 && !follows(wanted[at - 1] ?? stop, stop))
  expect(backwards).toEqual([])
}

describe.each(SCENES)('$name', (scene: Scene) => {
  test('breaks no rule and follows the user’s wishes', async () => {
    const calm = { 'prefers-reduced-motion': 'reduce' } as const
    await staged().wish({ ...calm, 'prefers-color-scheme': 'light' })
    await staged().show(scene)
    expect(await violations(staged().page)).toEqual([])
    expect(await staged().page.evaluate(notInert, HARMED)).toEqual([])
    expect(await staged().page.evaluate(runningAnimations)).toEqual([])
    await checkKeyboard()
    await staged().wish({ ...calm, 'prefers-color-scheme': 'dark' })
    expect(await violations(staged().page, CONTRAST)).toEqual([])
    await staged().wish({ ...calm, 'forced-colors': 'active' })
    expect(await staged().page.evaluate(withoutBorder)).toEqual([])
    await staged().wish(calm)
    await staged().page.setViewport(NARROW)
    expect(await staged().page.evaluate(tooWide)).toEqual([])
    expect(await staged().page.evaluate(widerThanWindow)).toEqual([])
    expect(await staged().page.evaluate(squeezed)).toEqual([])
  })
})
