import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { PageServer } from '../support/pages/page-server.ts'
import { popupText } from '../support/popup-actions.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import type { Scene } from './scene.ts'

const WHY = 'This page opened a WebSocket to an API that you connected.'

/** A connected page that opens a WebSocket. @param upstream has a capability `clock`. */
export function defineSocketNotice(
  scene: Scene,
  site: () => PageServer,
  upstream: () => LoopbackServer,
): void {
  test('a WebSocket to an API goes out without the key, and the popup says so', async () => {
    const { driver } = scene.stage
    const { url, journal } = upstream()
    await scene.grant(site().origin, 'clock')
    const page = await scene.open(`${site().origin}/`)
    const said = async () => (await popupText(driver, page, null)).join(' ')
    expect(await call(page, `${url}/v1/small`)).toMatchObject({ status: 200 })
    expect(await said()).not.toContain(WHY)
    journal.clear()
    await page.evaluate(
      (address) =>
        new Promise((resolve) => {
          new WebSocket(address).onclose = resolve
        }),
      `${url.replace('http', 'ws')}/v1/realtime`,
    )
    await eventually('the popup says it', said, (text) => text.includes(WHY))
    expect(journal.last.target).toBe('/v1/realtime')
    expect(headerOf(journal.last, 'upgrade')).toBe('websocket')
    expect(headerOf(journal.last, 'authorization')).toBeNull()
  })
}
