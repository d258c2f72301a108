import type { Page } from 'puppeteer-core'

/**
 * Has a page take itself elsewhere, as its own scripts would: the drivers lose track of a tab that they send back into the
 * back/forward cache themselves.
 *
 * The page's answer is of no account: the document that would give it may have ended before. Whoever calls waits for what the
 * tab shows then, which fails where it went nowhere.
 */
export async function leave(page: Page, by: { to: string } | 'back'): Promise<void> {
  const script = by === 'back' ? 'history.back()' : `location.assign(${JSON.stringify(by.to)})`
  await page.evaluate(`void setTimeout(() => ${script}, 0)`).catch(() => {})
}
