import type { Page } from 'puppeteer-core'
import { saidOn } from './said.ts'

/** What somebody does on the page of a capability, in whichever language it is. */

/** Press the button of this text, when it is there. @param goes whether its text goes with the press. */
const press =
  (text: string, goes = true) =>
  async (page: Page) => {
    const said = await saidOn(page, text)
    await page.waitForFunction(
      (wanted: string) => {
        const button = [...document.querySelectorAll('button')].find((one) =>
          one.textContent.includes(wanted),
        )
        if (button === undefined || button.disabled || button.ariaDisabled === 'true') return false
        button.click()
        return true
      },
      {},
      said,
    )
    if (goes)
      await page.waitForFunction((wanted: string) => !document.body.textContent.includes(wanted), {}, said)
  }

/** Say which call it is about, and wait for what would be decided. */
export const tryACall = async (page: Page) => {
  await page.waitForSelector('.try-call input')
  await page.type('.try-call input', '/v1/chat/completions')
  await page.waitForSelector('.explained')
}

/** Begin to change it. */
export const edit = async (page: Page) => {
  await press('Change…')(page)
  await page.waitForSelector('.rule-fields input')
}

/** Look at a draft of which something is missing. */
export const missing = async (page: Page) => {
  await edit(page)
  await press('Add a condition', false)(page)
  await press('Add a model', false)(page)
  await press('Look at the change', false)(page)
  await page.waitForSelector('.condition-fault')
}

/** Change a rule, and look at what that would change. @param at which, from the first; less than 0: from the last. */
export const reviewOf = (at: number) => async (page: Page) => {
  await edit(page)
  const fields = await page.$$('.rule-fields input')
  // What gets the focus by itself is written into from its beginning.
  await fields.at(at)?.press('End')
  await fields.at(at)?.type('s')
  await press('Look at the change')(page)
  await page.waitForSelector('.differences')
}

/** Have it proposed what would be enough. */
export const tighten = press('Tighten…')
