import { type ActionPopup, openActionPopup } from '../../test/support/action-popup.ts'
import { eventually } from '../../test/support/eventually.ts'
import { type PageServer, startPageServer } from '../../test/support/pages/page-server.ts'
import { type Stage, setUpStage } from '../../test/support/stage.ts'
import type { BrowserName } from '../find-browser.ts'
import { EMPTY_TEXT } from './empty-popup.ts'

/** A page of the extension that sees the popup's window. */
const BESIDE = 'extension/control/index.html'

/** From the beginning of a popup's page, milliseconds. */
export interface PopupPaint {
  /** To the first paint of anything. */
  readonly first: number
  /** To the paint of what it is about. */
  readonly whole: number
}

/** A browser of its own with one build of the extension, a host, and a site that is connected. */
export interface PaintStage {
  readonly name: string
  /** Of the browser, as it says it. */
  readonly version: string
  /** Milliseconds, one for each opening that counts. */
  readonly paints: PopupPaint[]
  /** Open the popup over the site, wait until it is painted, close it. */
  paint(): Promise<PopupPaint>
  close(): Promise<void>
}

/** @param extension folder of the build; absent: this tree's. */
export async function openPaintStage(
  name: string,
  browser: BrowserName,
  extension?: string,
): Promise<PaintStage> {
  const stage = await setUpStage({ browser, ...(extension === undefined ? {} : { extension }) })
  const site = await startPageServer({ pages: { '/': { html: '<!doctype html><title>A site</title>' } } })
  await connectSomething(stage, site)
  const page = await stage.driver.newPage(`${site.origin}/`)
  // Kept open: one that loads in the same process at the same time would be measured with the popup.
  const beside = browser === 'firefox' ? await stage.driver.extensionPage(BESIDE) : undefined
  return {
    name,
    version: await stage.driver.browser.version(),
    paints: [],
    async paint() {
      const popup = await openActionPopup(stage.driver, page, beside)
      const paint = await paintOf(popup)
      await popup.close()
      return paint
    },
    async close() {
      await stage.close()
      await site.close()
    },
  }
}

/** Close all, whatever one of them fails with. */
export async function closeAll(stages: readonly PaintStage[]): Promise<void> {
  await Promise.allSettled(stages.map((stage) => stage.close()))
}

async function connectSomething({ valetkey }: Stage, site: PageServer): Promise<void> {
  const base = ['--base-url', 'https://api.example.com/v1', '--auth', 'bearer', '--secret-stdin']
  await valetkey.ask(['service', 'add', 'example', ...base], 'a-key-that-is-not-used')
  await valetkey.ask(['capability', 'add', 'example', '--service', 'example', '--allow', 'GET /v1/**'])
  await valetkey.ask(['grant', 'add', site.origin, 'example'])
}

/** An empty page is whole at once; ours once it shows the session. */
async function paintOf(popup: ActionPopup): Promise<PopupPaint> {
  await eventually(
    'it shows what it is about',
    () => popup.look(),
    ({ sessions, text }) => sessions > 0 || text === EMPTY_TEXT,
  )
  const first = await eventually('it paints', () => popup.firstPaint(), isMoment)
  const whole = await eventually('it paints what it is about', () => popup.wholePaint(), isMoment)
  return { first: first ?? Number.NaN, whole: whole ?? Number.NaN }
}

function isMoment(at: number | null): boolean {
  return at !== null
}
