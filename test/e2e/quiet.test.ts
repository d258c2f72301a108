import { readFile, stat } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

/** As long as nothing is said, it is quiet, ms: what asks for ever does so several times a second. */
const QUIET_MS = 2000

onEachBrowser('a browser in which nobody does anything', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  beforeAll(async () => {
    const key = scene.canary('quiet', 'sk-')
    upstream = await startEchoUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await scene.stage.valetkey.ask(['service', 'add', 'echo', ...base], key)
    await scene.stage.valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', '--allow', '* /v1/**'])
    await scene.grant(site.origin, 'echo')
  })
  afterAll(async () => {
    await Promise.all([site.close(), upstream.close()])
  })

  test('says nothing to its host after a call', async () => {
    const page = await scene.open(`${site.origin}/`)
    expect((await call(page, `${upstream.url}/v1/echo/forms`)).status).toBe(200)
    await quiet(scene.stage.wire ?? '')
  })

  test('says nothing to its host after a call and a change, with the control room open', async () => {
    const page = await scene.open(`${site.origin}/`)
    const room = await scene.stage.driver.extensionPage('extension/control/index.html#sites')
    expect((await call(page, `${upstream.url}/v1/echo/forms`)).status).toBe(200)
    await scene.stage.valetkey.ask(['grant', 'add', 'https://another.example', 'echo'])
    await room.waitForSelector('::-p-text(another.example)')
    await quiet(scene.stage.wire ?? '')
  })
})

/** Wait until nothing more passes between browser and host. */
async function quiet(wire: string): Promise<void> {
  let [size, since] = [-1, 0]
  const rested = async () => {
    const now = (await stat(wire)).size
    if (now !== size) [size, since] = [now, performance.now()]
    return performance.now() - since
  }
  await eventually('nothing is said any more', rested, (ms) => ms >= QUIET_MS).catch(async (error) => {
    throw new Error(`${error.message}; last said: ${(await readFile(wire, 'latin1')).slice(-600)}`)
  })
}
