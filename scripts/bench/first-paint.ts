import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserName } from '../find-browser.ts'
import { emptyPopup } from './empty-popup.ts'
import { closeAll, openPaintStage, type PaintStage } from './paint-stage.ts'
import { percentile } from './table.ts'

/**
 * `node scripts/bench/first-paint.ts [--browser firefox] [--against dist/chrome] [--times 20]`: how long the toolbar's popup takes
 * from the beginning of its page to its first paint, and to that of what it is about, with a live session in it. Beside it the same extension with an empty page
 * for a popup, which no popup can be faster than, and where it is given another build of the extension. All in one run, in
 * turns: what else the machine does falls on each. Milliseconds.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      browser: { type: 'string', default: 'chromium' },
      against: { type: 'string' },
      times: { type: 'string', default: '20' },
    },
  })
  const browser: BrowserName = values.browser === 'firefox' ? 'firefox' : 'chromium'
  const stages: PaintStage[] = []
  const empty = await emptyPopup(browser)
  try {
    stages.push(await openPaintStage('empty page', browser, empty.folder))
    stages.push(await openPaintStage('popup', browser))
    if (values.against !== undefined)
      stages.push(await openPaintStage('other build', browser, resolve(values.against)))
    await measure(stages, Number(values.times))
    print(stages)
  } finally {
    await closeAll(stages)
    await empty.remove()
  }
}

/** Turn by turn, beginning with another one each time. The first turn warms up and is not counted. */
async function measure(stages: readonly PaintStage[], times: number): Promise<void> {
  for (let turn = -1; turn < times; turn += 1) {
    for (let at = 0; at < stages.length; at += 1) {
      const stage = stages[(at + turn + 1) % stages.length]
      const paint = await stage?.paint()
      if (turn >= 0 && paint !== undefined) stage?.paints.push(paint)
    }
  }
}

function print(stages: readonly PaintStage[]): void {
  for (const [which, what] of [
    ['first', 'first paint'],
    ['whole', 'paint of what it is about'],
  ] as const) {
    console.log(`${stages[0]?.version}: from the beginning of the page to its ${what}, ms`)
    const floor = percentile(stages[0]?.paints.map((paint) => paint[which]) ?? [], 0.5)
    for (const { name, paints } of stages)
      printRow(
        name,
        paints.map((paint) => paint[which]),
        floor,
      )
  }
}

function printRow(name: string, paints: readonly number[], floor: number): void {
  const middle = percentile(paints, 0.5)
  const spread = [0, 0.25, 0.75, 0.95].map((share) => percentile(paints, share).toFixed(0))
  console.log(
    `${name.padEnd(12)} p50 ${middle.toFixed(0).padStart(4)}  ${(middle / floor).toFixed(2)} × empty   ` +
      `least ${spread[0]}  p25 ${spread[1]}  p75 ${spread[2]}  p95 ${spread[3]}  most ${Math.max(...paints).toFixed(0)}`,
  )
}

await main()
