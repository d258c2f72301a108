import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { grantSite } from '../support/grant-site.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'

const KEY = 'a-key-only-the-clock-knows'
const CALLS = 50

/** What passes on a page's lines to background/, as the page itself sees it. */
interface Lines {
  ordered: string[]
  heard: number
}

/** Runs in the page before its own scripts: keeps what it orders and counts what it is told. */
function keepLines(): void {
  const lines: Lines = { ordered: [], heard: 0 }
  const runtime = chrome.runtime
  const connect = runtime.connect.bind(runtime) as (how: object) => chrome.runtime.Port
  const kept = (how: object) => {
    const port = connect(how)
    const post = port.postMessage.bind(port)
    port.postMessage = (frame: { command: { name: string } }) => {
      lines.ordered.push(frame.command.name)
      post(frame)
    }
    port.onMessage.addListener(() => {
      lines.heard += 1
    })
    return port
  }
  for (const api of new Set([
    runtime,
    (globalThis as unknown as { browser?: typeof chrome }).browser?.runtime,
  ]))
    if (api !== undefined) Object.defineProperty(api, 'connect', { value: kept })
  Object.assign(globalThis, { lines })
}

const linesOf = (page: Page) =>
  page.evaluate(() => ({
    ...(globalThis as unknown as { lines: Lines }).lines,
    seen: document.visibilityState,
  }))

describe('a control room in a tab behind another one', () => {
  let stage: Stage
  let upstream: LoopbackServer
  let site: PageServer
  beforeAll(async () => {
    upstream = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser: 'chromium', grantedOrigins: ['http://127.0.0.1/*'] })
    const { valetkey } = stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], KEY)
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', '--allow', 'GET /v1/**'])
    await grantSite(stage, site.origin, 'clock')
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site.close(), upstream.close()])
  })

  test(`orders nothing while ${CALLS} calls are made, and shows them all when it is shown`, async () => {
    const room = await stage.driver.extensionPage('extension/control/index.html')
    await room.evaluateOnNewDocument(keepLines)
    await room.goto(`${stage.driver.extensionOrigin}/extension/control/index.html?kept#activity`)
    await room.waitForSelector('.timeline canvas')
    const page = await stage.driver.newPage(`${site.origin}/`)
    await page.bringToFront()
    await eventually(
      'the control room is hidden and has asked for what it shows',
      () => linesOf(room),
      ({ seen, ordered }) => seen === 'hidden' && ordered.includes('audit-counts'),
    )
    // The first call of a session is news of more than calls: what it brings comes before the count begins.
    expect(await call(page, `${upstream.url}/v1/small?made=first`)).toMatchObject({ status: 200 })
    const before = await atRest(room)
    for (let made = 0; made < CALLS; made += 1) {
      expect(await call(page, `${upstream.url}/v1/small?made=${made}`)).toMatchObject({ status: 200 })
    }
    // It is told all the while, twice or more of each call, and lets it be.
    const after = await eventually(
      'it was told of the calls',
      () => linesOf(room),
      ({ heard }) => heard > before.heard + 5,
    )
    expect(after.ordered.slice(before.ordered.length)).toEqual([])
    await room.bringToFront()
    const shown = await eventually(
      'it shows the last call',
      () => room.evaluate(() => document.querySelector('main')?.textContent ?? ''),
      (text) => text.includes('/v1/small'),
    )
    expect(shown).toContain('/v1/small')
    const fresh = await linesOf(room)
    const asked = fresh.ordered.slice(before.ordered.length)
    expect(asked.filter((name) => name === 'session-list').length).toBeLessThanOrEqual(2)
    expect(asked).toContain('audit-page')
  })

  test('asks nothing of this machine while sessions come and go, and once when it is shown', async () => {
    const room = await stage.driver.extensionPage('extension/control/index.html')
    await room.evaluateOnNewDocument(keepLines)
    await room.goto(`${stage.driver.extensionOrigin}/extension/control/index.html?kept#devices`)
    const page = await stage.driver.newPage(`${site.origin}/`)
    await page.bringToFront()
    await eventually(
      'the control room is hidden and has asked for what it shows',
      () => linesOf(room),
      ({ seen, ordered }) => seen === 'hidden' && ordered.includes('devices') && ordered.includes('doctor'),
    )
    const before = await atRest(room)
    await stage.valetkey.ask(['session', 'revoke', '--all'])
    const ended = await eventually(
      'it was told that they ended',
      () => linesOf(room),
      ({ heard }) => heard > before.heard,
    )
    expect(ended.seen).toBe('hidden')
    const asked = (lines: Lines) =>
      lines.ordered.slice(before.ordered.length).filter((name) => name === 'devices' || name === 'doctor')
    expect(asked(await atRest(room))).toEqual([])
    await room.bringToFront()
    await eventually(
      'it asks',
      () => linesOf(room),
      (lines) => asked(lines).length >= 2,
    )
    expect(asked(await atRest(room)).sort()).toEqual(['devices', 'doctor'])
  })
})

/** Resolves when a page has heard nothing for a second, with its lines. */
async function atRest(room: Page): Promise<Awaited<ReturnType<typeof linesOf>>> {
  let [heard, since] = [-1, 0]
  const rested = async () => {
    const lines = await linesOf(room)
    if (lines.heard !== heard) [heard, since] = [lines.heard, performance.now()]
    return { lines, ms: performance.now() - since }
  }
  return (await eventually('it hears nothing more', rested, ({ ms }) => ms >= 1000)).lines
}
