import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK, eagerPage, framePage } from '../support/pages/test-pages.ts'
import { connectInPopup, revokeInPopup } from '../support/popup-actions.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { defineConnectLate } from './connect-late.ts'
import { call, progressOf, startStream } from './in-page.ts'
import { onEachBrowser } from './scene.ts'
import { defineSocketNotice } from './socket-notice.ts'

onEachBrowser('sessions', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let other: PageServer
  beforeAll(async () => {
    const key = scene.canary('clock', 'sk-')
    upstream = await startFlowUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    other = await startPageServer({ pages: { '/': BLANK } })
    await addClock(key)
  })
  afterEach(() => scene.revokeAll())
  afterAll(async () => {
    await Promise.all([site.close(), other.close(), upstream.close()])
  })
  const small = () => `${upstream.url}/v1/small`
  const clock = () => `${upstream.url}/v1/clock`

  async function addClock(key: string): Promise<void> {
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], key)
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', '--allow', 'GET /v1/**'])
  }

  test('connecting in the real popup makes the open page’s calls work, and one click there ends them', async () => {
    const page = await scene.open(`${site.origin}/`)
    expect(await call(page, small())).toMatchObject({ status: 401 })
    await connectInPopup(scene.stage.driver, page, site.origin, 'clock')
    await eventually(
      'the page is connected',
      () => call(page, small()),
      ({ status }) => status === 200,
    )
    await revokeInPopup(scene.stage.driver, page, site.origin)
    upstream.journal.clear()
    expect(await call(page, small())).toMatchObject({ status: 403, problem: 'session-ended' })
    expect(upstream.journal.arrivals).toEqual([])
    expect((await scene.sessions()).filter((session) => session.endReason === null)).toEqual([])
  })

  defineConnectLate(scene, () => upstream)
  defineSocketNotice(
    scene,
    () => site,
    () => upstream,
  )

  test('a session that is revoked cuts the stream that runs, for page and API alike', async () => {
    await scene.grant(site.origin, 'clock')
    const page = await scene.open(`${site.origin}/`)
    await startStream(page, 'ticks', clock())
    await eventually(
      'it streams',
      () => progressOf(page, 'ticks'),
      ({ chunks }) => chunks > 3,
    )
    await scene.revokeAll()
    const progress = await eventually(
      'it is cut',
      () => progressOf(page, 'ticks'),
      ({ error }) => error !== '',
    )
    expect(progress).toMatchObject({ error: 'TypeError', done: false })
    await eventually(
      'the API saw it',
      () => upstream.journal.last.outcome,
      (outcome) => outcome === 'cut',
    )
    const later = await progressOf(page, 'ticks')
    expect(later.text).toBe(progress.text)
  })

  test('a session ends when its time is over, in the middle of a stream', async () => {
    // Everything is there before the time begins to run: on a machine with other work a page may take as long as a session.
    await scene.grant(site.origin, 'clock')
    const page = await scene.open(`${site.origin}/`)
    expect(await call(page, small())).toMatchObject({ status: 200 })
    await scene.revokeAll()
    await scene.stage.valetkey.ask(['grant', 'add', site.origin, 'clock', '--ttl', '12s'])
    await startStream(page, 'ticks', clock())
    await eventually(
      'it streams',
      () => progressOf(page, 'ticks'),
      ({ chunks }) => chunks > 3,
    )
    const progress = await eventually(
      'it is cut',
      () => progressOf(page, 'ticks'),
      ({ error }) => error !== '',
      60_000,
    )
    expect(progress).toMatchObject({ error: 'TypeError', done: false })
    const reasons = (await scene.sessions()).map(({ endReason }) => endReason)
    expect(reasons).toContain('expired')
  })

  test('two sites at once: revoking one leaves the other streaming', async () => {
    await scene.grant(site.origin, 'clock')
    await scene.grant(other.origin, 'clock')
    const [first, second] = [await scene.open(`${site.origin}/`), await scene.open(`${other.origin}/`)]
    await startStream(first, 'ticks', clock())
    await startStream(second, 'ticks', clock())
    for (const page of [first, second]) {
      await eventually(
        'it streams',
        () => progressOf(page, 'ticks'),
        ({ chunks }) => chunks > 3,
      )
    }
    const live = (await scene.sessions()).filter((session) => session.endReason === null)
    const mine = live.find((session) => session.origin === site.origin)
    await scene.stage.valetkey.ask(['session', 'revoke', mine?.id ?? 'none'])
    await eventually(
      'the first is cut',
      () => progressOf(first, 'ticks'),
      ({ error }) => error === 'TypeError',
    )
    const before = await progressOf(second, 'ticks')
    const after = await eventually(
      'the second goes on',
      () => progressOf(second, 'ticks'),
      (now) => now.chunks > before.chunks + 5,
    )
    expect(after.error).toBe('')
    expect(await call(second, small())).toMatchObject({ status: 200 })
  })

  test('two tabs of one site share its session, and closing one leaves the other', async () => {
    await scene.grant(site.origin, 'clock')
    const [first, second] = [await scene.open(`${site.origin}/`), await scene.open(`${site.origin}/`)]
    await startStream(first, 'ticks', clock())
    await startStream(second, 'ticks', clock())
    await eventually(
      'one streams',
      () => progressOf(first, 'ticks'),
      ({ chunks }) => chunks > 2,
    )
    await eventually(
      'the other streams',
      () => progressOf(second, 'ticks'),
      ({ chunks }) => chunks > 2,
    )
    const streams = () => upstream.journal.calls.filter(({ target }) => target === '/v1/clock').slice(-2)
    await first.close()
    await eventually(
      'one stream ends at the API',
      streams,
      (both) => both.filter(({ outcome }) => outcome === 'cut').length === 1,
    )
    expect(await call(second, small())).toMatchObject({ status: 200 })
    expect((await progressOf(second, 'ticks')).error).toBe('')
  })

  test('a frame of another site on a granted page has no part in the grant', async () => {
    await scene.grant(site.origin, 'clock')
    const stranger = other.originAs('localhost')
    const host = await startPageServer({ pages: { '/': framePage(`${stranger}/`) } })
    try {
      await scene.grant(host.origin, 'clock')
      const page = await scene.open(`${host.origin}/`)
      expect(await call(page, small())).toMatchObject({ status: 200 })
      const frame = await eventually(
        'the frame is there',
        () => page.frames().find((one) => one.url() === `${stranger}/`),
        (found) => found !== undefined,
      )
      upstream.journal.clear()
      const status = await frame?.evaluate(async (url) => (await fetch(url)).status, small())
      expect(status).toBe(401)
      expect(headerOf(upstream.journal.last, 'authorization')).toBeNull()
      expect(headerOf(upstream.journal.last, 'origin')).toBe(stranger)
    } finally {
      await host.close()
    }
  })

  test('a frame of a granted site inside another site needs a grant for that pair', async () => {
    await scene.grant(site.origin, 'clock')
    const top = await startPageServer({ pages: { '/': framePage(`${site.origin}/`) } })
    try {
      const page = await scene.open(`${top.originAs('localhost')}/`)
      const frame = await eventually(
        'the frame is there',
        () => page.frames().find((one) => one.url() === `${site.origin}/`),
        (found) => found !== undefined,
      )
      const status = await frame?.evaluate(async (url) => (await fetch(url)).status, small())
      expect(status).not.toBe(200)
    } finally {
      await top.close()
    }
  })

  test('the very first call of a page waits until it is known whether it is caught', async () => {
    const eager = await startPageServer({ pages: { '/': eagerPage(small(), 'placeholder') } })
    try {
      await scene.grant(eager.origin, 'clock')
      upstream.journal.clear()
      const page = await scene.open(`${eager.origin}/`)
      await eventually(
        'the call ended',
        () => page.title(),
        (title) => title === 'first: 200',
      )
      const sent = upstream.journal.arrivals.map((arrival) => headerOf(arrival, 'authorization'))
      expect(sent).toHaveLength(1)
      expect(sent[0]).not.toContain('placeholder')
    } finally {
      await eager.close()
    }
  })
})
