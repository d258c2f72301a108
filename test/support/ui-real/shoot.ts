import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from '../../../scripts/build.ts'
import type { BrowserName } from '../../../scripts/find-browser.ts'
import { startPageServer } from '../pages/page-server.ts'
import { BLANK } from '../pages/test-pages.ts'
import { type StageOptions, setUpStage } from '../stage.ts'
import { LOOK_OPTIONS, lookOf } from '../ui-stage/picture-look.ts'
import { startFlowUpstream } from '../upstreams/flow-upstream.ts'
import { Camera } from './camera.ts'
import { walkConnect } from './chapters/connect.ts'
import { walkEmpty } from './chapters/empty.ts'
import { walkFirstRun } from './chapters/first-run.ts'
import { walkLive } from './chapters/live.ts'
import { walkLocked } from './chapters/locked.ts'
import { walkMachine } from './chapters/machine.ts'
import { walkPageKeys } from './chapters/page-keys.ts'
import { walkRooms } from './chapters/rooms.ts'
import { walkTrouble } from './chapters/trouble.ts'
import { walkWindows } from './chapters/windows.ts'
import { extensionIn } from './in-language.ts'
import { leftOutIn, missingOf } from './left-out.ts'
import { ASKS, KEEPER } from './pages.ts'
import type { Chapter } from './pictures.ts'
import type { Walk } from './walk.ts'

/**
 * Takes pictures of the real extension with a real host, vault, site and API, each chapter on a stage of its own:
 * `node test/support/ui-real/shoot.ts --browser firefox --to /tmp/shots [--only locked] [--dark] [--forced-colors] [--zoom 200]
 * [--rtl] [--language de] [--width 360]`. A chapter that leaves a picture out has failed, but for what `pictures.ts` says one browser
 * does not show, which is said.
 */
const KEY = 'sk-a-key-only-the-api-of-the-pictures-knows'
const SITES = ['http://127.0.0.1', 'http://*.localhost']

interface Told {
  walk: (walk: Walk) => Promise<void>
  stage: Omit<StageOptions, 'browser' | 'extension'>
}

const CHAPTERS: Record<Chapter, Told> = {
  'first-run': { walk: walkFirstRun, stage: { withoutHost: true, withoutVault: true } },
  connect: { walk: walkConnect, stage: {} },
  live: { walk: walkLive, stage: { grantedOrigins: SITES } },
  'page-keys': { walk: walkPageKeys, stage: { grantedOrigins: SITES } },
  windows: { walk: walkWindows, stage: { grantedOrigins: SITES } },
  rooms: { walk: walkRooms, stage: { grantedOrigins: SITES, withPassphrase: true } },
  empty: { walk: walkEmpty, stage: {} },
  machine: { walk: walkMachine, stage: {} },
  locked: { walk: walkLocked, stage: { grantedOrigins: SITES, withPassphrase: true } },
  trouble: { walk: walkTrouble, stage: { grantedOrigins: SITES, withPassphrase: true } },
}

const { values } = parseArgs({
  options: {
    ...LOOK_OPTIONS,
    browser: { type: 'string', default: 'chromium' },
    to: { type: 'string', default: 'shots' },
    only: { type: 'string', default: '' },
  },
})
const look = lookOf(values)
const browser: BrowserName = values.browser === 'firefox' ? 'firefox' : 'chromium'
const folder = resolve(values.to)
await mkdir(folder, { recursive: true })
const built = await buildAll({ targets: [browser === 'chromium' ? 'chrome' : 'firefox', 'host'] })
const own = browser === 'chromium' ? built.chrome : built.firefox
const extension = look.language === 'en' ? own : await extensionIn(look.language, own)
const wanted = (Object.keys(CHAPTERS) as Chapter[]).filter((name) => name.includes(values.only))
if (wanted.length === 0) throw new RangeError(`no chapter has ${JSON.stringify(values.only)} in its name`)
try {
  for (const chapter of wanted) await walkChapter(chapter)
} finally {
  if (extension !== own) await rm(extension, { recursive: true, force: true })
}

/** One that fails is said, and the others are walked all the same. */
async function walkChapter(chapter: Chapter): Promise<void> {
  const { walk, stage: options } = CHAPTERS[chapter]
  const pages = { '/': BLANK, '/asks': ASKS, '/keeper': KEEPER }
  const [api, site] = await Promise.all([startFlowUpstream(KEY), startPageServer({ pages })])
  const stage = await setUpStage({ ...options, browser, extension })
  const camera = new Camera(stage.driver, look, folder)
  try {
    await walk({ stage, camera, api, key: KEY, site, language: look.language })
    console.log(`${camera.taken.length} pictures of ${chapter} in ${browser}, in ${folder}`)
  } catch (failure) {
    console.error(`${chapter} in ${browser} came as far as ${camera.taken.at(-1) ?? 'nothing'}:`, failure)
    process.exitCode = 1
  } finally {
    await stage.close()
    await Promise.all([api.close(), site.close()])
  }
  for (const { name, because } of leftOutIn(browser, chapter))
    console.log(`${name} is left out in ${browser}: ${because}`)
  const missing = missingOf(chapter, browser, camera.taken)
  if (missing.length > 0) {
    console.error(`${chapter} in ${browser} has no picture of ${missing.join(', ')}`)
    process.exitCode = 1
  }
}
