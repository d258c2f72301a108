import type { Demo } from './demo.ts'
import type { Narrator } from './narrator.ts'

/** The way with a display: open the playground, say what to click, and wait until the browser closes or Ctrl-C. */
export async function handOver(demo: Demo, tell: Narrator, interrupted: Promise<void>): Promise<void> {
  const page = await demo.stage.driver.newPage(`${demo.site.origin}/`)
  await page.waitForSelector('html[data-ready]')
  await page.bringToFront()
  tell.step('Your turn, in the window that just opened')
  tell.line('1', 'Press Send. The API answers 401: the page has no key.')
  tell.line('2', 'Click the Valet Key button in the toolbar (behind the puzzle piece) and press Connect.')
  tell.line('', 'The browser asks whether the extension may work on this site: allow it.')
  tell.line('3', 'Press Send again. The answer streams in; the page still holds the placeholder.')
  tell.line('4', 'Open the popup while it streams, and press Revoke. The next Send is refused.')
  tell.line(
    '',
    `\nIn another terminal, VALETKEY_HOME=${demo.stage.home.valetKeyHome} dist/valetkey audit follow`,
  )
  tell.line('', 'shows each call as it happens. Ctrl-C here, or closing the window, ends it and cleans up.')
  const closed = new Promise<void>((resolve) => {
    demo.stage.driver.browser.once('disconnected', () => resolve())
  })
  await Promise.race([closed, interrupted])
}
