import type { Page } from 'puppeteer-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { SCENES, type Scene } from '../support/ui-stage/scenes.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'
import type { Wishes } from '../support/ui-stage/staged-page.ts'
import { strangeMarks } from '../support/ui-stage/timeline-looks.ts'

/** How the plot of the activity is drawn, in a real Chromium from the built extension under its own policy. */

const staged = stagedForFile()
let page: Page
const complaints: string[] = []

beforeAll(() => {
  page = staged().page
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
})

async function show(name: string, wishes: Wishes = {}): Promise<void> {
  const scene = SCENES.find((each) => each.name === name)
  if (scene === undefined) throw new Error(`no scene ${name}`)
  const { act: _, ...plain }: Scene = scene
  await staged().wish(wishes)
  await staged().show(plain)
  if (plain.hash === '#activity') await page.waitForSelector('.timeline canvas')
}

/** Scripts and styles of the plotting library that the page asked for. */
const loaded = () =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .flatMap(
        ({ name }) => name.match(/timeline-plot[^/]*\.(?:js|css)$/)?.[0].replace(/-[^.]*\./, '.') ?? [],
      ),
  )

/** Where the plot is on the page, and the field of its bars within it, in CSS pixels. */
const places = () =>
  page.evaluate(() => {
    const [plot, field, canvas] = ['.timeline-canvas', '.u-over', '.timeline canvas'].map((one) => {
      const { left, right, width } = document.querySelector(one)?.getBoundingClientRect() ?? new DOMRect()
      return { left, right, width }
    })
    return { plot, field, canvas }
  })

/** What the slider says that it points at. */
const said = () => page.$eval('.timeline [role=slider]', (slider) => slider.ariaValueText ?? '')

describe('the timeline', () => {
  test('is loaded with its room and not before', async () => {
    await show('room-services')
    expect(await loaded()).toEqual([])
    await show('room-activity')
    expect((await loaded()).sort()).toEqual(['timeline.css', 'timeline.js'])
  })

  test.each<[string, Wishes]>([
    ['light', { 'prefers-color-scheme': 'light' }],
    ['dark', { 'prefers-color-scheme': 'dark' }],
    ['forced colours', { 'forced-colors': 'active', 'prefers-color-scheme': 'dark' }],
  ])(
    'is painted as its legend says, and anew when the user wishes for other colours (%s)',
    async (_, wishes) => {
      await show('room-activity', { 'prefers-color-scheme': 'light', 'forced-colors': 'none' })
      await staged().wish(wishes)
      await eventually(
        'each kind of calls is painted',
        () => page.evaluate(strangeMarks),
        (all) => all.length === 0,
      )
    },
  )

  test('is painted anew when the owner chooses another theme', async () => {
    await show('room-activity', { 'prefers-color-scheme': 'light', 'forced-colors': 'none' })
    const legend = () => page.$eval('.timeline-mark-sent', (mark) => getComputedStyle(mark).color)
    const before = await legend()
    // As `followTheme` does when the setting changes.
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'dark'
    })
    expect(await legend()).not.toBe(before)
    await eventually(
      'each kind of calls is painted',
      () => page.evaluate(strangeMarks),
      (all) => all.length === 0,
    )
  })

  test('is as wide as there is room, also when that changes', async () => {
    await show('room-activity')
    for (const width of [360, 1200, 640]) {
      await page.setViewport({ width, height: 700 })
      const { plot } = await eventually(
        `drawn for ${width}`,
        places,
        ({ plot: room, canvas }) => Math.abs((room?.width ?? 0) - (canvas?.width ?? 1)) <= 1,
      )
      expect(plot?.right).toBeLessThan(width)
    }
  })

  test('runs from right to left where writing does, the keys with it', async () => {
    await show('room-activity')
    const plain = await places()
    expect((plain.field?.left ?? 0) - (plain.plot?.left ?? 0)).toBeGreaterThan(20)
    await show('room-activity-rtl')
    const turned = await places()
    expect((turned.plot?.right ?? 0) - (turned.field?.right ?? 0)).toBeGreaterThan(20)
    await page.focus('.timeline [role=slider]')
    const last = await said()
    await page.keyboard.press('ArrowRight')
    const before = await said()
    expect(before).not.toBe(last)
    await page.keyboard.press('ArrowLeft')
    expect(await said()).toBe(last)
    const line = await page.$eval('.u-cursor-x', (one) => one.getBoundingClientRect().left)
    const { left = 0, width = 0 } = turned.field ?? {}
    // The newest bar is at the left.
    expect(line).toBeLessThan(left + width / 4)
  })

  test('says the figures of what a hand points at, and nothing below it moves', async () => {
    await show('room-activity')
    const below = () =>
      page.$eval('.activity-tops', (one) => Math.round(one.getBoundingClientRect().top + scrollY))
    const before = await below()
    const { left = 0, width = 0 } = (await places()).field ?? {}
    const top = await page.$eval('.u-over', (one) => one.getBoundingClientRect().top)
    await page.mouse.move(left + width / 60, top + 40)
    const words = () => page.$eval('.timeline-said', (one) => one.textContent)
    await eventually('the first bar is told', words, (text) => /40 calls · 10 refused · 7 failed/.test(text))
    expect(await below()).toBe(before)
    await page.mouse.move(5, 5)
    await eventually('nothing is pointed at', words, (text) => !text.includes('40 calls'))
  })

  test('needs nothing that the policy of the pages forbids', () => {
    expect(complaints).toEqual([])
  })
})
