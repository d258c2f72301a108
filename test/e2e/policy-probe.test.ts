import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grantSite } from '../support/grant-site.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

const KEY = 'sk-of-the-probe-0123456789abcdef'
const ONE_BY_ONE = 60
const AT_ONCE = 40

/**
 * The page's own policy is asked before each caught call, of the browser itself. That puts nothing on the network: whatever
 * reaches the service comes from the host, with the key, and there is as much of it as the page asked for.
 */
describe.each(['chromium', 'firefox'] as const)('the policy is asked in %s', (browser) => {
  let stage: Stage
  let site: PageServer
  let flow: LoopbackServer
  beforeAll(async () => {
    flow = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: [site.origin] })
    const base = ['--base-url', `${flow.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'flow', ...base], KEY)
    await stage.valetkey.ask(['capability', 'add', 'flow', '--service', 'flow', '--allow', 'GET /v1/**'])
    await grantSite(stage, site.origin, 'flow')
  })
  afterAll(async () => {
    await stage?.close()
    await site?.close()
    await flow?.close()
  })

  test('without a request, however often, also while beacons of the page’s own are on their way', async () => {
    const page = await stage.driver.newPage(`${site.origin}/`)
    const before = flow.journal.arrivals.length
    const statuses = await page.evaluate(askAll, flow.url, ONE_BY_ONE, AT_ONCE)
    expect(new Set(statuses)).toEqual(new Set([200]))
    const arrivals = flow.journal.arrivals.slice(before)
    expect(arrivals.filter(({ method }) => method !== 'GET')).toEqual([])
    expect(arrivals).toHaveLength(statuses.length)
  })
})

/** In the page. @returns the status of each call. */
async function askAll(service: string, oneByOne: number, atOnce: number): Promise<number[]> {
  const ask = (name: string) => fetch(`${service}/v1/small?${name}`).then(({ status }) => status)
  const statuses: number[] = []
  for (let nth = 0; nth < oneByOne; nth += 1) {
    // Its own site's, which nobody catches: they take of what the browser lets be on its way.
    navigator.sendBeacon(`/beacon?${nth}`, 'x'.repeat(20_000))
    statuses.push(await ask(`one=${nth}`))
  }
  const together = await Promise.all(Array.from({ length: atOnce }, (_, nth) => ask(`together=${nth}`)))
  return [...statuses, ...together]
}
