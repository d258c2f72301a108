import { afterEach, beforeAll, expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.ts'
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { StagedPage } from '../support/ui-stage/staged-page.ts'

/** How the menu of the control room fits into windows, in a real Chromium from the built extension. */

let folder: string
let home: TemporaryHome
let staged: StagedPage | null = null

beforeAll(async () => {
  folder = (await buildAll({ targets: ['chrome'] })).chrome
})
afterEach(async () => {
  await staged?.close()
  await home.remove()
  staged = null
})

/** How many names stand on each line of the menu, whether the product's name is on one of them, and how far the page is too wide. */
async function linesAt(width: number) {
  const page = staged?.page
  await page?.setViewport({ width, height: 700 })
  return await page?.evaluate(() => {
    const middle = (one: Element) => {
      const { top, height } = one.getBoundingClientRect()
      return Math.round(top + height / 2)
    }
    const tops = [...document.querySelectorAll('.control-menu a')].map(middle)
    const lines = [...new Set(tops)].map((top) => tops.filter((one) => one === top).length)
    const brand = document.querySelector('.control-brand')
    const [left, room] = ['.control-brand', '.control-room > :first-child'].map((one) =>
      Math.round(document.querySelector(one)?.getBoundingClientRect().left ?? Number.NaN),
    )
    const isBeside = brand !== null && tops.some((top) => Math.abs(top - middle(brand)) <= 2)
    return {
      lines,
      isBeside,
      isAligned: left === room,
      over: document.documentElement.scrollWidth - innerWidth,
    }
  })
}

test.each(['en', 'de'])('the menu is one line from 900 px on, and a table below (%s)', async (language) => {
  home = await temporaryHome()
  staged = await StagedPage.open(folder, home.profile, language)
  const scene = SCENES.find(({ name }) => name === 'room-services')
  if (scene === undefined) throw new Error('no such scene')
  await staged.show(scene)
  for (const width of [1280, 1000, 900])
    expect(await linesAt(width), `${width} px`).toEqual({
      lines: [8],
      isBeside: true,
      isAligned: false,
      over: 0,
    })
  // Half of 1,000 and of 1,280: what is left of such a window at 200 %.
  for (const width of [880, 640, 500])
    expect(await linesAt(width), `${width} px`).toEqual({
      lines: [4, 4],
      isBeside: false,
      isAligned: true,
      over: 0,
    })
  expect(await linesAt(360)).toEqual({ lines: [2, 2, 2, 2], isBeside: false, isAligned: true, over: 0 })
})
