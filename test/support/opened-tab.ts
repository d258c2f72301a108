import type { Page } from 'puppeteer-core'
import { eventually } from './eventually.ts'
import type { Stage } from './stage.ts'

/** The tab that is opened, by now or soon, at an address that begins so. @throws where none is. */
export async function openedAt(stage: Pick<Stage, 'driver'>, beginning: string): Promise<Page> {
  const found = () =>
    stage.driver.browser.pages().then((pages) => pages.find((page) => page.url().startsWith(beginning)))
  const page = await eventually('a tab was opened', found, (one) => one !== undefined)
  if (page === undefined) throw new Error('no tab')
  return page
}
