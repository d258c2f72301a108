import type { Page } from 'puppeteer-core'
import { saidOn } from './said.ts'

/** What somebody does in the first run, in whichever language it is. */

/** Press what has this text. */
export const pressText = (text: string) => async (page: Page) => {
  await page.locator(`::-p-text(${await saidOn(page, text)})`).click()
}

/** Choose a service in the catalogue by its whole name. */
export const choosePreset = (label: string) => async (page: Page) => {
  await page.waitForSelector('.preset')
  await page.$$eval(
    '.preset',
    (cards, wanted) => {
      const card = cards.find((one) => one.querySelector('.preset-name')?.textContent === wanted)
      if (card instanceof HTMLElement) card.click()
    },
    await saidOn(page, label),
  )
  await page.waitForSelector('input[type=password]')
}

/** The same, with a key in its field. */
export const typeKey = (label: string, key: string) => async (page: Page) => {
  await choosePreset(label)(page)
  await page.locator('input[type=password]').fill(key)
}

/** Add a service in the manner of OpenAI at an address of one's own, as far as the press. */
export const addLocal = (baseUrl: string) => async (page: Page) => {
  await pressText('Any OpenAI-compatible')(page)
  await page.locator('input[type=url]').fill(baseUrl)
  await pressText('Add and test')(page)
}
