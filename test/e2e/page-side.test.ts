import { afterAll, beforeAll } from 'vitest'
import { defineChannel } from './page-side/channel.ts'
import { defineOrigins } from './page-side/origins.ts'
import { definePrivateWindows } from './page-side/private-windows.ts'
import { defineRaces } from './page-side/races.ts'
import { defineSpoiling } from './page-side/spoiling.ts'
import { openPageSide, type PageSide, PERMITTED } from './page-side/stage.ts'
import { defineUntouched } from './page-side/untouched.ts'
import { onEachBrowser } from './scene.ts'

/** What a page may try in its own world. One stage for all of it: a browser, a vault and a search for keys cost the most time. */
onEachBrowser(
  'the page side',
  (scene) => {
    let side: PageSide
    beforeAll(async () => {
      side = await openPageSide(scene)
    })
    afterAll(() => side.close())
    defineUntouched(scene, () => side)
    defineOrigins(scene, () => side)
    definePrivateWindows(scene, () => side)
    defineSpoiling(scene, () => side)
    defineRaces(scene)
    defineChannel(scene, () => side)
  },
  { grantedOrigins: PERMITTED, recordWire: true },
)
