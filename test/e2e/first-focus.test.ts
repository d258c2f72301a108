import { afterEach, describe, expect, test } from 'vitest'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'

/** A window that asks, at the moment in which its answers are drawn, before anybody can have seen them. */

const staged = stagedForFile()
let watching: string | null = null

afterEach(async () => {
  if (watching !== null) await staged().page.removeScriptToEvaluateOnNewDocument(watching)
  watching = null
})

describe.each(['approve-inert', 'request-inert'])('the window of the scene %s', (name) => {
  test('has the focus on its no as soon as it has one, and hears the Escape key', async () => {
    const scene = SCENES.find((each) => each.name === name)
    if (scene === undefined) throw new Error(`no scene ${name}`)
    watching = (await staged().page.evaluateOnNewDocument(noteFirst)).identifier
    const { act: _, ...plain } = scene
    await staged().show(plain)
    const { firstFocus, listensFirst } = await staged().page.evaluate(() => {
      const { firstFocus, listensFirst } = globalThis as unknown as First
      return { firstFocus, listensFirst }
    })
    expect({ firstFocus, listensFirst }).toEqual({ firstFocus: 'Deny', listensFirst: true })
  })
})

interface First {
  /** Text of what has the focus as soon as there are answers. */
  firstFocus: string
  /** Keys are listened to in the whole window by then. */
  listensFirst: boolean
}

/** Runs in the page before its own scripts. A change of the document is told of before anything is painted. */
function noteFirst(): void {
  let listens = false
  const add = globalThis.addEventListener
  globalThis.addEventListener = (...given: Parameters<typeof add>) => {
    // What is heard on its way down is the guard of the presses, which is there from the beginning.
    if (given[0] === 'keydown' && given[2] !== true) listens = true
    add.apply(globalThis, given)
  }
  const look = new MutationObserver(() => {
    if (document.querySelector('.approve-answers button') === null) return
    look.disconnect()
    Object.assign(globalThis, {
      firstFocus: document.activeElement?.textContent ?? '',
      listensFirst: listens,
    })
  })
  look.observe(document, { subtree: true, childList: true })
}
