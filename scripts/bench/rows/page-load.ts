import type { Page } from 'puppeteer-core'
import type { Bench } from '../arena/bench.ts'
import { openPageWithEmptyScripts } from '../empty-scripts.ts'
import { inTurns } from './in-turns.ts'
import type { RowGroup, Samples } from './row.ts'

const TURNS = 8
const LOADS = 10

/**
 * What our scripts add to the load of a page that was granted something, and what two with nothing in them add. Figures:
 * `load`.
 */
export const PAGE_LOAD: readonly RowGroup[] = [
  {
    name: 'page-load',
    kind: 'page',
    rows: [
      {
        name: 'page-load-time',
        title: 'an empty page, from its first byte to its last script',
        unit: 'ms',
        figure: 'load',
        share: 0.5,
        targets: [{ of: 'difference', against: 'a page without us', most: 2 }],
      },
    ],
    measure,
  },
]

async function measure(bench: Bench): Promise<Samples> {
  const arena = await bench.arena()
  const granted = arena.caller('valetkey', 'http1').page
  const plain = arena.caller('direct, no preflight', 'http1').page
  const empty = await openPageWithEmptyScripts(arena.stage.driver.browser)
  try {
    return {
      load: await inTurns(TURNS, {
        valetkey: () => loads(granted),
        'a page without us': () => loads(plain),
        'two empty scripts': () => loads(empty.page),
      }),
    }
  } finally {
    await empty.close()
  }
}

async function loads(page: Page): Promise<number[]> {
  await page.bringToFront()
  const took: number[] = []
  for (let at = 0; at < LOADS; at += 1) {
    await page.reload()
    took.push(
      await page.evaluate(() => {
        const [entry] = performance.getEntriesByType('navigation')
        const { responseStart, domContentLoadedEventEnd } = entry as PerformanceNavigationTiming
        return domContentLoadedEventEnd - responseStart
      }),
    )
  }
  return took
}
