import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { onEachBrowser } from './scene.ts'

onEachBrowser('other senders of a page', (scene) => {
  let key: string
  let upstream: LoopbackServer
  let site: PageServer

  beforeAll(async () => {
    key = scene.canary('sender', 'sk-')
    upstream = await startFlowUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await scene.stage.valetkey.ask(['service', 'add', 'sender', ...base], key)
    const allowed = ['--allow', 'GET /v1/**', '--allow', 'POST /v1/small']
    await scene.stage.valetkey.ask(['capability', 'add', 'sender', '--service', 'sender', ...allowed])
    await scene.grant(site.origin, 'sender')
  })
  afterAll(async () => {
    await Promise.all([site?.close(), upstream?.close()])
  })

  const arrivals = (part: string) => upstream.journal.calls.filter(({ target }) => target.includes(part))

  test('an EventSource is fed with the key, connects again with its last event ID, and ends with the session', async () => {
    const page = await scene.open(`${site.origin}/`)
    await page.evaluate((url) => {
      const source = new EventSource(url)
      const seen: string[] = []
      Object.assign(globalThis, { source, seen })
      for (const type of ['open', 'message', 'error'] as const) {
        source.addEventListener(type, (event) => {
          seen.push(`${type} ${source.readyState} ${(event as MessageEvent).lastEventId ?? ''}`.trim())
        })
      }
    }, `${upstream.url}/v1/clock?events=3&every=20`)
    const seen = () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
    await eventually(
      'it connected twice',
      () => arrivals('/v1/clock'),
      (calls) => calls.length > 1,
    )
    const [first, second] = arrivals('/v1/clock')
    if (first === undefined || second === undefined) throw new Error('no two connections')
    expect(headerOf(first, 'authorization')).toBe(`Bearer ${key}`)
    expect(headerOf(first, 'accept')).toBe('text/event-stream')
    expect(headerOf(first, 'last-event-id')).toBeNull()
    expect(headerOf(second, 'last-event-id')).toBe('2')
    expect((await seen()).slice(0, 5)).toEqual([
      'open 1',
      'message 1 0',
      'message 1 1',
      'message 1 2',
      'error 0',
    ])
    await scene.revokeAll()
    const ended = await eventually('it is closed', seen, (lines) => lines.at(-1) === 'error 2')
    expect(ended.at(-1)).toBe('error 2')
    await page.close()
  })

  test('a beacon and a kept fetch of a page that is gone arrive with the key, and are in the log', async () => {
    await scene.grant(site.origin, 'sender')
    const page = await scene.open(`${site.origin}/`)
    await page.evaluate(async (url) => {
      await fetch(url)
      addEventListener('pagehide', () => {
        navigator.sendBeacon(`${url}?sent=beacon`, 'bye from a beacon')
        void fetch(`${url}?sent=kept`, { method: 'POST', keepalive: true, body: 'bye from a kept fetch' })
      })
    }, `${upstream.url}/v1/small`)
    await page.goto(`${site.origin}/?gone`)
    await eventually(
      'both arrived',
      () => arrivals('sent='),
      (calls) => calls.length === 2,
    )
    for (const name of ['beacon', 'kept'] as const) {
      const [arrival] = arrivals(`sent=${name}`)
      if (arrival === undefined) throw new Error(`no ${name}`)
      expect(headerOf(arrival, 'authorization')).toBe(`Bearer ${key}`)
      expect(arrivalText(arrival)).toContain('POST')
    }
    const done = async () => JSON.stringify(await scene.stage.valetkey.ask(['audit', 'list']))
    const log = await eventually('the log has them', done, (text) => text.includes('/v1/small'))
    expect(log).not.toContain(key)
  })

  test('what the grant does not allow is not sent by a beacon either', async () => {
    const page = await scene.open(`${site.origin}/`)
    const before = upstream.journal.calls.length
    const taken = await page.evaluate(async (url) => {
      await fetch(`${url}/small`)
      const result = navigator.sendBeacon(`${url}/elsewhere`, 'x')
      await fetch(`${url}/small`)
      return result
    }, `${upstream.url}/v1`)
    expect(taken).toBe(true)
    expect(upstream.journal.calls.slice(before).map(({ target }) => target)).toEqual([
      '/v1/small',
      '/v1/small',
    ])
  })
})
