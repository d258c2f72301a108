import { describe, expect, test } from 'vitest'
import { whenSeen } from '../support/click-still.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'

/**
 * The press that gives a site something, in a real Chromium from the built extension, where what is to be read above it is longer
 * than the window: in German, with the longest warning there is and the box ticked. That nothing with the focus is under it, and
 * that the keyboard comes to it last, is held for these scenes by `accessibility.test.ts`.
 */

const staged = stagedForFile('de')

/** Inside the page: whether the press that gives is whole in the window and on top, at each place where what scrolls may be. */
function presses(box: string) {
  const scroller = document.querySelector(box)
  const button = document.querySelector<HTMLElement>('form .button-primary, .approve-pair .button-primary')
  if (scroller === null || button === null) throw new Error('there is nothing to press')
  const form = button.closest('form') ?? scroller
  const longest = scroller.scrollHeight - scroller.clientHeight
  const at = (top: number) => {
    scroller.scrollTop = top
    const inside = button.getBoundingClientRect()
    const whole = inside.top >= 0 && inside.bottom <= innerHeight
    const hit = document.elementFromPoint((inside.left + inside.right) / 2, (inside.top + inside.bottom) / 2)
    return { whole, onTop: hit === button }
  }
  scroller.scrollTop = 0
  // What comes after a form may push it out at last.
  const below = form.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom
  const hidden = form === scroller ? longest : below
  return { hidden, seen: [0, 0.5, 1].map((part) => at(part * hidden)) }
}

describe.each([
  ['popup-connect-long', '.popup-body'],
  ['request-long', '.request-answers'],
])('%s', (name, box) => {
  const show = async () => {
    const scene = SCENES.find((each) => each.name === name)
    if (scene === undefined) throw new Error(`no scene ${name}`)
    await staged().show(scene)
    return staged().page.evaluate(presses, box)
  }
  const IN_SIGHT = Array(3).fill({ whole: true, onTop: true })

  test('shows the press that gives, wherever what is above it is scrolled to', async () => {
    await staged().wish({})
    const { hidden, seen } = await show()
    // Otherwise nothing is shown by it.
    expect(hidden).toBeGreaterThan(0)
    expect(seen).toEqual(IN_SIGHT)
  })

  test('shows it in the system’s own colours too, as a bar of its own', async () => {
    await staged().wish({ 'forced-colors': 'active' })
    expect((await show()).seen).toEqual(IN_SIGHT)
    const bar = await staged().page.evaluate(() => {
      const bar = document.querySelector('.connect-bar, .request-answers .approve-pair')
      const { borderBlockStartWidth, backgroundColor } = getComputedStyle(bar ?? document.body)
      return { line: borderBlockStartWidth, isClear: backgroundColor === 'rgba(0, 0, 0, 0)' }
    })
    expect(bar).toEqual({ line: '1px', isClear: false })
  })
})

test('a press on Connect right after scrolling counts, whatever was scrolled under it', async () => {
  const scene = SCENES.find(({ name }) => name === 'popup-connect-long')
  if (scene === undefined) throw new Error('no such scene')
  await staged().wish({})
  await staged().show(scene)
  // What the choice before it moved is over.
  await whenSeen(staged().page)
  const said = await staged().page.evaluate(() => {
    const body = document.querySelector('.popup-body')
    const button = document.querySelector('form .button-primary')
    const below = document.querySelector('.tick-field')
    if (body === null || button === null || below === null) throw new Error('there is nothing to scroll')
    const { left, top, height } = button.getBoundingClientRect()
    // What was not yet in sight comes to lie just where the button is, under it.
    body.scrollTop += below.getBoundingClientRect().top - top
    const where = { clientX: left + 20, clientY: top + height / 2 }
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1, ...where }))
    const posted = (globalThis as unknown as { posted: { name: string }[] }).posted
    return posted.filter(({ name }) => name === 'connect-intent').length
  })
  expect(said).toBe(1)
})
