import { parseArgs } from 'node:util'
import { openActionPopup } from '../../test/support/action-popup.ts'
import { eventually } from '../../test/support/eventually.ts'
import { startPageServer } from '../../test/support/pages/page-server.ts'
import { type Stage, setUpStage } from '../../test/support/stage.ts'
import { percentile } from './table.ts'

const TIMES = 10

/**
 * `node scripts/bench/first-paint.ts [--browser firefox]`: how long the toolbar's popup takes from the beginning of its page
 * to its first paint, with a live session in it, opened ten times. Milliseconds.
 */
const { values } = parseArgs({ options: { browser: { type: 'string', default: 'chromium' } } })
const browser = values.browser === 'firefox' ? 'firefox' : 'chromium'
const stage = await setUpStage({ browser })
const site = await startPageServer({ pages: { '/': { html: '<!doctype html><title>A site</title>' } } })
try {
  await connectSomething(stage, site.origin)
  const paints = await measure(stage)
  console.log(`${await stage.driver.browser.version()}: popup to first paint, ms`)
  console.log(paints.map((each) => each.toFixed(0)).join(' '))
  console.log(`p50 ${percentile(paints, 0.5).toFixed(0)}, most ${Math.max(...paints).toFixed(0)}`)
} finally {
  await stage.close()
  await site.close()
}

async function connectSomething({ valetkey }: Stage, origin: string): Promise<void> {
  const base = ['--base-url', 'https://api.example.com/v1', '--auth', 'bearer', '--secret-stdin']
  await valetkey.ask(['service', 'add', 'example', ...base], 'a-key-that-is-not-used')
  await valetkey.ask(['capability', 'add', 'example', '--service', 'example', '--allow', 'GET /v1/**'])
  await valetkey.ask(['grant', 'add', origin, 'example'])
}

async function measure({ driver }: Stage): Promise<number[]> {
  const page = await driver.newPage(`${site.origin}/`)
  const paints: number[] = []
  while (paints.length < TIMES) {
    const popup = await openActionPopup(driver, page)
    paints.push(
      (await eventually(
        'it paints',
        () => popup.firstPaint(),
        (at) => at !== null,
      )) ?? 0,
    )
    await popup.close()
  }
  return paints
}
