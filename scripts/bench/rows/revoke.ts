import type { Page } from 'puppeteer-core'
import { eventually } from '../../../test/support/eventually.ts'
import { grantSite } from '../../../test/support/grant-site.ts'
import { revokeButton } from '../../../test/support/popup-actions.ts'
import type { Arena } from '../arena/arena.ts'
import type { Bench } from '../arena/bench.ts'
import type { RowGroup, Samples } from './row.ts'

const TURNS = 3
const STREAMS = 200
/** Milliseconds between a stream's events. */
const EVERY = 250
/** Milliseconds after which nothing moves any more in a popup. */
const FILLED = 1500

/** From the press on Revoke in the popup to the end of every stream of the page. Figures: `cut`. */
export const REVOKE: readonly RowGroup[] = [
  {
    name: 'revoke',
    kind: 'revoke',
    only: 'chromium',
    rows: [
      {
        name: 'revoke-p99',
        title: 'Revoke pressed to the end of a stream at the page, 200 streams, p99',
        unit: 'ms',
        figure: 'cut',
        share: 0.99,
        targets: [{ of: 'figure', most: 50 }],
      },
    ],
    measure,
  },
]

async function measure(bench: Bench): Promise<Samples> {
  const arena = await bench.arena()
  const turns: number[][] = []
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const cut = await revokeOnce(arena)
    // What streams went through first warmed up.
    if (turn > 0) turns.push(cut)
    await grantSite(arena.stage, arena.granted, 'http1')
  }
  return { cut: { valetkey: turns } }
}

/** Milliseconds from the press to the end of each stream. */
async function revokeOnce({ stage, caller, granted }: Arena): Promise<number[]> {
  const { page, url, headers } = caller('valetkey', 'http1')
  await page.bringToFront()
  await page.reload()
  await page.evaluate(startStreams, url(`/v1/events?count=100000&every=${EVERY}`), headers, STREAMS)
  const running = () => page.evaluate(() => (window as unknown as Running).running)
  await eventually('all stream', running, ({ begun }) => begun === STREAMS, 60_000)
  const popup = await stage.driver.popup(page)
  const pressed = await pressRevoke(popup, revokeButton(granted))
  const { ends } = await eventually('all are cut', running, (seen) => seen.ends.length === STREAMS, 30_000)
  await popup.close().catch(() => {})
  return ends.map((at) => Math.max(0, at - pressed))
}

interface Running {
  running: { begun: number; ends: number[] }
}

/** Runs in the page: epoch milliseconds at which each stream was over for its reader. */
function startStreams(url: string, headers: Record<string, string>, count: number): void {
  const running: Running['running'] = { begun: 0, ends: [] }
  Object.assign(window, { running })
  const one = async () => {
    try {
      const reader = (await fetch(url, { headers })).body?.getReader()
      await reader?.read()
      running.begun += 1
      while (!(await reader?.read())?.done);
    } catch {
      running.ends.push(Date.now())
    }
  }
  for (let at = 0; at < count; at++) void one()
}

/** Press the button of the session that streams, as a mouse does. @returns epoch milliseconds of the click. */
async function pressRevoke(popup: Page, button: string): Promise<number> {
  const streaming = `.session:has(.dot-streaming) ${button.replace('.session ', '')}`
  await popup.waitForSelector(streaming)
  await popup.evaluate((selector) => {
    const note = ({ target }: Event) => {
      if (target instanceof Element && target.matches(selector)) document.title = String(Date.now())
    }
    document.addEventListener('click', note, true)
  }, streaming)
  // A popup that is just being filled puts another button in the place of the one that was aimed at.
  await new Promise((resolve) => setTimeout(resolve, FILLED))
  const press = async () => {
    await popup.click(streaming)
    return Number(await popup.title())
  }
  return await eventually('Revoke is pressed', press, (at) => at > 0)
}
