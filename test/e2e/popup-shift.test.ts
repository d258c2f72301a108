import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'
import { OPEN, session, world } from '../support/ui-stage/staged-worlds.ts'

/**
 * What comes late into the popup, in a real Chromium from the built extension: the host's answer about the last refused call is
 * held back until the popup is drawn, and pushes down every session below the card of the site, where it comes last.
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
/** Rows whose Revoke buttons the late card can put one of in place of another. */
const ROWS = 9

const staged = stagedForFile()

const sessions = Array.from({ length: ROWS }, (_, at) =>
  session({ origin: at === 0 ? SITE : `https://site-${at}.example.com` }),
)

/** @param length of the path that was refused, in letters: how far the late card pushes depends on it. */
async function showPopup(length: number, live = sessions): Promise<void> {
  await staged().show({
    name: 'popup-late',
    page: 'popup',
    world: world({
      state: { ...OPEN, live: live.length },
      permitted: true,
      answers: {
        'session-list': live,
        'site-refusal': { ...REFUSAL, path: `/v1/${'file-'.repeat(length / 5)}` },
      },
      held: ['site-refusal'],
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
      if (!document.body.textContent.includes('DELETE')) return
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
 * Inside the page: let the late answer come, and say how far down that moved each thing that can be pressed on the card of the
 * site, in pixels.
 */
function movedOnCard() {
  const scope = globalThis as unknown as { letGo: () => void }
  const card = document.querySelector('.card')
  const things = () => [...(card?.querySelectorAll<HTMLElement>('button, input, select') ?? [])]
  const before = things().map((one) => ({ one, top: one.getBoundingClientRect().top }))
  return new Promise<number[]>((done) => {
    const drawn = new MutationObserver(() => {
      if (!document.body.textContent.includes('DELETE')) return
      drawn.disconnect()
      done(before.map(({ one, top }) => one.getBoundingClientRect().top - top))
    })
    drawn.observe(document, { subtree: true, childList: true, characterData: true })
    scope.letGo()
  })
}

/** Press what moved, with the first late card that puts one Revoke where another was. */
async function pressedAfterMove(detail: number) {
  for (let length = 5; length < 600; length += 40) {
    await showPopup(length)
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
          .page.click('.session .button-danger:not(:disabled)')
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
  ])('moves nothing that can be pressed on the card of a site that %s', async (_state, live) => {
    await showPopup(40, live)
    const moved = await staged().page.evaluate(movedOnCard)
    expect(moved.length).toBeGreaterThan(0)
    expect(moved).toEqual(moved.map(() => 0))
  })
})
