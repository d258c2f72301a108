import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'
import { OPEN, session, world } from '../support/ui-stage/staged-worlds.ts'

/**
 * What comes late into the popup, in a real Chromium from the built extension: an answer is held back until the popup is drawn. What
 * is told of the page then stands below everything that can be pressed; sites that wait stand first, and push all of it down.
 */

const SITE = 'https://playground.example.com'
const REFUSAL = {
  origin: SITE,
  at: Date.now() - 1000,
  method: 'DELETE',
  path: '/v1/files/one',
  reason: 'no-rule',
  rule: null,
}
/** A site that waits, with an address of its service that takes as many lines as its length wants. */
const WAITING = { id: 1, origin: SITE, topOrigin: SITE, since: Date.now(), calls: 1 }
/** Rows whose Revoke buttons what comes late can put one of in place of another. */
const ROWS = 9

const staged = stagedForFile()

const sessions = Array.from({ length: ROWS }, (_, at) =>
  session({ origin: at === 0 ? SITE : `https://site-${at}.example.com` }),
)

/** @param held the order whose answer comes late. @param length of what it tells, in letters: how far that pushes depends on it. */
async function showPopup(
  held: 'site-refusal' | 'waiting-list',
  length: number,
  live = sessions,
): Promise<void> {
  const long = 'file-'.repeat(length / 5)
  const late =
    held === 'site-refusal'
      ? { 'site-refusal': { ...REFUSAL, path: `/v1/${long}` } }
      : { 'waiting-list': [{ ...WAITING, baseUrl: `https://${long}api.example/v1` }] }
  await staged().show({
    name: 'popup-late',
    page: 'popup',
    world: world({
      state: { ...OPEN, live: live.length },
      permitted: true,
      answers: { 'session-list': live, ...late },
      held: [held],
    }),
  })
  await staged().page.waitForSelector('.session')
}

/**
 * Inside the page: let the late answer come, and as soon as it is drawn press whatever is now where a Revoke stood before.
 *
 * @returns whether another button is there than was, what was ordered, and what a second press a while later orders. `detail`: of
 * the clicks, 0 as the keyboard makes them.
 */
function pressWhatMoved(detail: number) {
  const scope = globalThis as unknown as { letGo: () => void; posted: { name: string }[] }
  const buttons = () => [...document.querySelectorAll<HTMLElement>('.session .button-danger')]
  const ordered = () => scope.posted.filter(({ name }) => name === 'session-revoke').length
  const before = buttons().map((one) => ({ one, box: one.getBoundingClientRect() }))
  return new Promise<{ isAnother: boolean; ordered: number; said: string }>((done) => {
    const drawn = new MutationObserver(() => {
      if (document.querySelector('.pending') === null) return
      drawn.disconnect()
      // A place where one Revoke stood, and where now another one is.
      for (const { one, box } of before) {
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
        const now = buttons().find((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect()
          return x >= left && x < right && y >= top && y < bottom
        })
        if (now === undefined || now === one) continue
        now.dispatchEvent(
          new MouseEvent('click', { bubbles: true, cancelable: true, detail, clientX: x, clientY: y }),
        )
        setTimeout(() => {
          const said = document.querySelector('.toast')?.textContent ?? ''
          done({ isAnother: true, ordered: ordered(), said })
        })
        return
      }
      done({ isAnother: false, ordered: ordered(), said: '' })
    })
    drawn.observe(document, { subtree: true, childList: true, characterData: true })
    scope.letGo()
  })
}

/**
 * Inside the page: let the late answer come, and say how far down that moved each thing that can be pressed in the popup, in pixels,
 * and whether what came stands below all of them but the last line.
 */
function movedByLate() {
  const scope = globalThis as unknown as { letGo: () => void }
  const things = [...document.querySelectorAll<HTMLElement>('.popup-content :is(button, input, select)')]
  const before = things.map((one) => ({ one, top: one.getBoundingClientRect().top }))
  return new Promise<{ moved: number[]; isLast: boolean }>((done) => {
    const drawn = new MutationObserver(() => {
      if (!document.body.textContent.includes('DELETE')) return
      drawn.disconnect()
      const told = document.querySelector('.told-late .notice')?.getBoundingClientRect().top ?? 0
      done({
        moved: before.map(({ one, top }) => one.getBoundingClientRect().top - top),
        isLast: things.every((one) => one.getBoundingClientRect().bottom <= told),
      })
    })
    drawn.observe(document, { subtree: true, childList: true, characterData: true })
    scope.letGo()
  })
}

/** Press what moved, with the first late notice that puts one Revoke where another was. */
async function pressedAfterMove(detail: number) {
  for (let length = 5; length < 600; length += 40) {
    await showPopup('waiting-list', length)
    const pressed = await staged().page.evaluate(pressWhatMoved, detail)
    if (pressed.isAnother) return pressed
  }
  throw new Error('no late card put one button in the place of another')
}

describe('what comes late into the popup', () => {
  test('puts no other session under a hand that was about to end one', async () => {
    const pressed = await pressedAfterMove(1)
    expect(pressed.ordered).toBe(0)
    expect(pressed.said).toContain('that press did nothing')
    // A person sees where things are now, and presses again.
    await eventually(
      'a press is one again',
      async () => {
        await staged()
          .page.click('.session .button-danger:not([aria-disabled])')
          .catch(() => {})
        return staged().page.evaluate(() =>
          (globalThis as unknown as { posted: { name: string }[] }).posted.some(
            ({ name }) => name === 'session-revoke',
          ),
        )
      },
      (isOrdered) => isOrdered,
    )
  })

  test('keeps nothing from the keyboard, which presses a button and not a place', async () => {
    expect(await pressedAfterMove(0)).toMatchObject({ ordered: 1 })
  })

  test.each([
    ['is connected', sessions],
    ['is not', sessions.slice(1)],
  ])('moves nothing that can be pressed, on the card of a site that %s or below it', async (_state, live) => {
    await showPopup('site-refusal', 40, live)
    const { moved, isLast } = await staged().page.evaluate(movedByLate)
    expect(moved.length).toBeGreaterThan(ROWS - 2)
    expect(moved).toEqual(moved.map(() => 0))
    expect(isLast).toBe(true)
  })

  test('is told on the card of its site where it is known from the beginning', async () => {
    await staged().show({
      name: 'popup-early',
      page: 'popup',
      world: world({
        state: { ...OPEN, live: 1 },
        permitted: true,
        answers: { 'session-list': sessions.slice(0, 1), 'site-refusal': REFUSAL },
      }),
    })
    await staged().page.waitForSelector('.session')
    const places = await staged().page.evaluate(() => ({
      card: document.querySelector('.card')?.textContent.includes('DELETE'),
      late: document.querySelector('.told-late')?.textContent,
    }))
    expect(places).toEqual({ card: true, late: '' })
  })
})
