import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'puppeteer-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Rules of WCAG 2.2 AA, and good practice. */
export const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']
/** The one rule that other colours can break. */
export const CONTRAST = { type: 'rule', values: ['color-contrast'] }

/**
 * What axe-core finds against a page as it stands, a line for each rule. The page's own policy lets no script in; the driver may.
 *
 * @param runOnly as axe-core takes it: tags, or one rule.
 */
export async function violations(page: Page, runOnly: object = RULES): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(SOURCE)
  const found = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], runOnly })})
      .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]))`,
  )) as [string, string[]][]
  return found.map(([id, nodes]) => `${id}: ${nodes.join(' | ')}`)
}
