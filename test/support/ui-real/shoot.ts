import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from '../../../scripts/build.ts'
import type { BrowserName } from '../../../scripts/find-browser.ts'
import { startPageServer } from '../pages/page-server.ts'
import { BLANK } from '../pages/test-pages.ts'
import { setUpStage } from '../stage.ts'
import { LOOK_OPTIONS, lookOf } from '../ui-stage/picture-look.ts'
import { startFlowUpstream } from '../upstreams/flow-upstream.ts'
import { Camera } from './camera.ts'
import { extensionIn } from './in-language.ts'
import { type Walk, walkControlRoom, walkFirstRun, walkPopup } from './walk.ts'

/**
 * Takes pictures of the main states of the real extension with a real host, vault, site and API, from the first run on:
 * `node test/support/ui-real/shoot.ts --browser firefox --to /tmp/shots [--dark] [--forced-colors] [--zoom 200] [--rtl]
 * [--language de] [--width 360]`.
 */
const KEY = 'sk-a-key-only-the-api-of-the-pictures-knows'

const { values } = parseArgs({
  options: {
    ...LOOK_OPTIONS,
    browser: { type: 'string', default: 'chromium' },
    to: { type: 'string', default: 'shots' },
  },
})
const look = lookOf(values)
const browser: BrowserName = values.browser === 'firefox' ? 'firefox' : 'chromium'
const folder = resolve(values.to)
await mkdir(folder, { recursive: true })
const built = await buildAll({ targets: [browser === 'chromium' ? 'chrome' : 'firefox', 'host'] })
const own = browser === 'chromium' ? built.chrome : built.firefox
const extension = look.language === 'en' ? own : await extensionIn(look.language, own)
const [api, site] = await Promise.all([startFlowUpstream(KEY), startPageServer({ pages: { '/': BLANK } })])
const stage = await setUpStage({ browser, extension, withoutHost: true, withoutVault: true })
try {
  const camera = new Camera(stage.driver, look, folder)
  const walk: Walk = { stage, camera, api, key: KEY, site, language: look.language }
  await walkFirstRun(walk)
  await walkPopup(walk)
  await walkControlRoom(walk)
  console.log(`${camera.taken.length} pictures of ${browser} in ${folder}`)
} finally {
  await stage.close()
  await Promise.all([api.close(), site.close()])
  if (extension !== own) await rm(extension, { recursive: true, force: true })
}
