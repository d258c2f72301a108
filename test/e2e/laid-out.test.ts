import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.ts'
import { clickStill } from '../support/click-still.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { StagedPage } from '../support/ui-stage/staged-page.ts'

/** A window of 640 CSS pixels at 200 %. */
const NARROW = 320

/** How what is read is set, where that can be measured. */
describe('what is read', () => {
  let staged: StagedPage
  let profile: string
  beforeAll(async () => {
    const { chrome } = await buildAll({ targets: ['chrome'] })
    profile = await mkdtemp(join(tmpdir(), 'valetkey-test-'))
    staged = await StagedPage.open(chrome, profile, 'en')
  })
  afterAll(async () => {
    await staged?.close()
    await rm(profile, { recursive: true, force: true })
  })

  const show = async (wanted: string) => {
    const scene = SCENES.find(({ name }) => name === wanted)
    if (scene === undefined) throw new Error(`there is no scene ${wanted}`)
    await staged.show(scene)
  }

  test.each(['popup-forbidden', 'popup-mismatch-host-older', 'popup-missing'])(
    'a command goes on in the next line between its words alone: %s',
    async (name) => {
      await show(name)
      const { text, lines, broken } = await staged.page.$eval('.copy-text code', (code) => {
        const words = [...code.querySelectorAll('span')]
        const tops = words.map((word) => word.getBoundingClientRect().top)
        const split = words.filter((word) => {
          const range = document.createRange()
          range.selectNodeContents(word)
          return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1
        })
        return {
          text: code.textContent,
          lines: new Set(tops).size,
          broken: split.map((word) => word.textContent),
        }
      })
      expect(text).toMatch(/^\S+(?: \S+)+$/)
      expect(broken).toEqual([])
      expect(lines === 1).toBe(name === 'popup-missing')
    },
  )

  test('a sentence that names something stays one sentence', async () => {
    await show('popup-connect-failed')
    const lines = await staged.page.$eval('.connect-bar .notice', (notice) => {
      const tops = [...notice.querySelectorAll('bdi')].map((piece) => piece.getBoundingClientRect().bottom)
      return { text: notice.textContent, apart: Math.max(...tops) - Math.min(...tops) }
    })
    expect(lines.text).toMatch(/gone\W?$/)
    // Small letters end a little higher than large ones of their line.
    expect(lines.apart).toBeLessThan(10)
  })

  test.each(['popup-live', 'popup-revoked'])(
    'the name of whose a site is goes to the next line whole: %s',
    async (name) => {
      await show(name)
      await staged.page.setViewport({ width: NARROW, height: 600 })
      const names = await staged.page.$$eval('.session > .origin strong', (all) =>
        all.map((one) => {
          const range = document.createRange()
          range.selectNodeContents(one)
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size
          return { name: one.textContent, lines }
        }),
      )
      expect(names.length).toBeGreaterThan(0)
      expect(names.filter(({ lines }) => lines > 1)).toEqual([])
    },
  )

  test('a rule is named in one line where it has room in one', async () => {
    await show('popup-refused')
    await staged.page.setViewport({ width: NARROW, height: 600 })
    const heights = await staged.page.$$eval('.notice p > code', (codes) =>
      codes.map((code) => ({
        text: code.textContent,
        lines: Math.round(
          code.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(code).lineHeight),
        ),
        isAlone: code.getBoundingClientRect().width >= (code.parentElement?.clientWidth ?? 0) - 8,
      })),
    )
    expect(heights.map(({ text }) => text)).toContain('POST /v1/images/**')
    expect(heights.filter(({ lines, isAlone }) => lines > 1 && !isAlone)).toEqual([])
  })

  test.each(['popup-refused', 'popup-notices', 'popup-page-key'])(
    'what a site may be given besides stands off what is told of its page: %s',
    async (name) => {
      await show(name)
      const gap = await staged.page.$eval('.card > .button', (button) => {
        const next = [...document.querySelectorAll('.card > .notice')].at(0)
        return (next?.getBoundingClientRect().top ?? 0) - button.getBoundingClientRect().bottom
      })
      expect(gap).toBeGreaterThanOrEqual(12)
    },
  )

  test.each(['popup-revoked', 'popup-twelve'])(
    'what is said for a moment lies over nothing, and Undo where no button was: %s',
    async (name) => {
      await show(name)
      const before = await boxesOf('.popup-foot .button')
      if (name === 'popup-twelve') {
        await clickStill(staged.page, '.popup-foot .button-danger')
      }
      await staged.page.waitForSelector('.toast-place .button')
      const [toast] = await boxesOf('.toast-place')
      const others = await boxesOf('.popup-head, .popup-body, .connect-bar, .popup-foot')
      expect(toast?.height).toBeGreaterThan(30)
      expect(others.length).toBeGreaterThanOrEqual(2)
      expect(others.filter((one) => toast !== undefined && meets(one, toast))).toEqual([])
      const [undo] = await boxesOf('.toast-place .button')
      expect(before.filter((one) => undo !== undefined && one.left < undo.right)).toEqual([])
    },
  )

  test('when something was stands in one line beside a long word of who did it', async () => {
    await show('room-activity')
    await staged.page.setViewport({ width: NARROW, height: 600 })
    const tall = await staged.page.$$eval('.activity-time', (times) =>
      times.map((time) => time.getBoundingClientRect().height).filter((height) => height > 30),
    )
    expect(tall).toEqual([])
  })

  test.each(['room-devices', 'room-devices-wrong'])(
    'a path goes on in the next line behind a folder or a hyphen: %s',
    async (name) => {
      await show(name)
      await staged.page.setViewport({ width: NARROW, height: 600 })
      const torn = await staged.page.$$eval('main code .foreign', tornNames)
      expect(torn.seen).toBeGreaterThan(5)
      expect(torn.torn).toEqual([])
    },
  )

  test('the buttons that end the sessions of a site stand under one another', async () => {
    await show('room-sites')
    const lefts = await staged.page.$$eval('.site-live .button', (buttons) =>
      buttons.map((button) => Math.round(button.getBoundingClientRect().left)),
    )
    expect(lefts.length).toBeGreaterThan(3)
    expect(new Set(lefts).size).toBe(1)
  })

  test('what is chosen is seen in colours of the owner’s own', async () => {
    await staged.wish({ 'forced-colors': 'active' })
    await show('popup-not-connected')
    const grounds = await staged.page.$$eval('.duration span', (spans) =>
      spans.map((span) => getComputedStyle(span).backgroundColor),
    )
    await show('room-sites')
    const lines = await staged.page.$$eval('.control-menu a', (links) =>
      links.map((link) => getComputedStyle(link).textDecorationLine),
    )
    await staged.wish({ 'forced-colors': 'none' })
    expect(new Set(grounds).size).toBe(2)
    expect(lines.filter((line) => line === 'underline')).toHaveLength(1)
  })

  test('a scrollbar has colours of the page, and the owner’s where those are', async () => {
    const colours = (scene: string) =>
      show(scene).then(() => staged.page.$eval('body', (body) => getComputedStyle(body).scrollbarColor))
    expect(await colours('request')).not.toBe('auto')
    expect(await colours('popup-live')).not.toBe('auto')
    await staged.wish({ 'forced-colors': 'active' })
    const forced = await colours('request')
    await staged.wish({ 'forced-colors': 'none' })
    expect(forced).toBe('auto')
  })

  const boxesOf = (selector: string) =>
    staged.page.$$eval(selector, (all) =>
      all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect).filter(({ height }) => height > 0),
    )
})

/** Whether two boxes share more than an edge. */
function meets(one: DOMRect, other: DOMRect): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
  return across > 1 && down > 1
}

/** Names of folders and files in paths that go over two lines although one has room for them. Runs inside the page. */
function tornNames(paths: Element[]): { seen: number; torn: string[] } {
  const boxesOf = (path: Element) => {
    const walker = document.createTreeWalker(path, NodeFilter.SHOW_TEXT)
    const boxes: DOMRect[] = []
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      for (let at = 0; at < (node as Text).length; at += 1) {
        const range = new Range()
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        boxes.push(range.getBoundingClientRect())
      }
    return boxes
  }
  const names = paths.flatMap((path) => {
    const boxes = boxesOf(path)
    const room = (path.closest('p, dd, li') ?? path).getBoundingClientRect().width
    return [...path.textContent.matchAll(/[^/]+\/*/g)].map(({ 0: name, index }) => {
      const own = boxes.slice(index, index + name.length)
      const isBroken = own.some(
        ({ top }, at) => at > 0 && Math.abs(top - (own[at - 1]?.top ?? 0)) > 2 && name[at - 1] !== '-',
      )
      return { name, isTorn: isBroken && own.reduce((sum, { width }) => sum + width, 0) < room - 1 }
    })
  })
  return { seen: names.length, torn: names.filter(({ isTorn }) => isTorn).map(({ name }) => name) }
}
