import type { Page } from 'puppeteer-core'
import { eventually } from './eventually.ts'

/** What a person does and sees in the control room. */

/** Press the button with this text, once it is there and can be pressed. */
export async function press(page: Page, text: string): Promise<void> {
  await eventually(
    `there is a button \`${text}\` to press`,
    () =>
      page.evaluate((wanted) => {
        const button = [...document.querySelectorAll('button')].find((one) =>
          one.textContent.includes(wanted),
        )
        if (button === undefined || button.disabled || button.ariaDisabled === 'true') return false
        button.click()
        return true
      }, text),
    (pressed) => pressed,
  )
}

/** Wait until the page shows a text. @param within milliseconds; longer than the usual where a passphrase is stretched before. */
export async function reads(page: Page, text: string, within?: number): Promise<void> {
  await eventually(
    `the page says \`${text}\``,
    () => page.evaluate(() => document.body.textContent),
    (shown) => shown.includes(text),
    within,
  )
}

/** Choose in the list of a label, as a person does. */
export async function choose(page: Page, label: string, value: string): Promise<void> {
  await reads(page, label)
  const id = await page.evaluate((wanted) => {
    const found = [...document.querySelectorAll('label')].find((one) => one.textContent === wanted)
    return found?.htmlFor ?? ''
  }, label)
  await page.select(`[id="${id}"]`, value)
}

/** Everything the page holds: its text, its markup and what its fields hold. */
export function everythingIn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll('input, textarea')].map(
      (one) => (one as HTMLInputElement).value,
    )
    return [document.documentElement.outerHTML, ...fields].join('\n')
  })
}
