import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK, framePage, type InlinePage } from '../support/pages/test-pages.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { eventually } from './eventually.ts'
import { call, progressOf, startStream } from './in-page.ts'
import { rawWire, type RawWire } from './raw-wire.ts'
import { onEachBrowser } from './scene.ts'

/** What a page sends where its key should be. */
const PLACEHOLDER = 'sk-placeholder-of-the-page'

onEachBrowser('a hostile page', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let victim: PageServer
  beforeAll(async () => {
    const key = scene.canary('clock', 'sk-')
    upstream = await startFlowUpstream(key)
    const pages: Record<string, InlinePage> = {
      '/': BLANK,
      '/sandbox': { ...BLANK, csp: 'sandbox allow-scripts' },
      '/other': BLANK,
    }
    site = await startPageServer({ pages })
    victim = await startPageServer({ pages: { '/': BLANK } })
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], key)
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', '--allow', '* /v1/**'])
    await scene.grant(site.origin, 'clock')
    await scene.grant(victim.origin, 'clock')
  })
  beforeEach(() => upstream.journal.clear())
  afterAll(async () => {
    await Promise.all([site.close(), victim.close(), upstream.close()])
  })
  const small = () => `${upstream.url}/v1/small`
  const clock = () => `${upstream.url}/v1/clock`
  const withPlaceholder = { headers: { authorization: `Bearer ${PLACEHOLDER}` } }
  /** Calls that came from a page itself, not through the host. */
  const leaks = () =>
    upstream.journal.arrivals.filter((arrival) => headerOf(arrival, 'origin') !== null).map(({ method }) => method)

  async function expectVictimUnhurt(page: Page): Promise<void> {
    expect(await progressOf(page, 'ticks')).toMatchObject({ error: '', done: false })
    expect(await call(page, small(), withPlaceholder)).toMatchObject({ status: 200, problem: null })
  }

  async function openVictim(): Promise<Page> {
    const page = await scene.open(`${victim.origin}/`)
    await startStream(page, 'ticks', clock())
    await eventually('it streams', () => progressOf(page, 'ticks'), ({ chunks }) => chunks > 2)
    return page
  }

  describe('identity', () => {
    test('documents of opaque origin have no part in the grant of the page that made them', async () => {
      const page = await scene.open(`${site.origin}/`)
      const outcomes = await page.evaluate(async (url) => {
        const code = `fetch(${JSON.stringify(url)}).then(r => r.status, e => e.name).then(o => parent.postMessage(o, '*'))`
        const html = `<script>${code}</script>`
        const show = (set: (frame: HTMLIFrameElement) => void) =>
          new Promise((resolve) => {
            const frame = document.createElement('iframe')
            addEventListener('message', (event) => {
              if (event.source === frame.contentWindow) resolve(event.data)
            })
            set(frame)
            document.body.append(frame)
          })
        return {
          sandboxed: await show((frame) => {
            frame.sandbox.add('allow-scripts')
            frame.srcdoc = html
          }),
          data: await show((frame) => {
            frame.src = `data:text/html,${encodeURIComponent(html)}`
          }),
          srcdoc: await show((frame) => {
            frame.srcdoc = html
          }),
          blob: await show((frame) => {
            frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }))
          }),
        }
      }, small())
      expect(outcomes).toEqual({ sandboxed: 401, data: 401, srcdoc: 200, blob: 200 })
      await page.close()
    })

    test('a page that its server sandboxed has no part in the grant of its address', async () => {
      const page = await scene.open(`${site.origin}/sandbox`)
      expect(await call(page, small())).toMatchObject({ status: 401 })
      await page.close()
    })

    test('windows the page opens, and documents it writes anew, stay caught', async () => {
      const page = await scene.open(`${site.origin}/`)
      const seen = await page.evaluate(async (url) => {
        const opened = window.open('about:blank')
        const inOpened = await opened?.fetch(url).then((response) => response.status)
        opened?.close()
        document.open()
        document.write('<!doctype html><title>anew</title><p>')
        document.close()
        const anew = await fetch(url).then((response) => response.status)
        const xhr = await new Promise((resolve) => {
          const request = new XMLHttpRequest()
          request.open('GET', url)
          request.onloadend = () => resolve(request.status)
          request.send()
        })
        return { inOpened, anew, xhr }
      }, small())
      expect(seen).toEqual({ inOpened: 200, anew: 200, xhr: 200 })
      expect(leaks()).toEqual([])
      await page.close()
    })

    test('a document that comes back from the back/forward cache is served, and what it streamed has ended', async () => {
      const page = await scene.open(`${site.origin}/`)
      await page.evaluate(() => {
        addEventListener('pageshow', (event) => {
          document.title = event.persisted ? 'kept' : 'fresh'
        })
      })
      await startStream(page, 'ticks', clock())
      await eventually('it streams', () => progressOf(page, 'ticks'), ({ chunks }) => chunks > 2)
      await page.goto(`${site.origin}/other`)
      await eventually('the API saw it', () => upstream.journal.last.outcome, (outcome) => outcome === 'cut')
      await page.evaluate('history.back()')
      const title = await eventually('it is back', () => page.title(), (now) => now !== 'Blank', 3000).catch(() => 'x')
      console.log(scene.browserName, 'bfcache:', title)
      const end = await eventually('calls work', () => call(page, small(), withPlaceholder), ({ status }) => status === 200)
      expect(end.problem).toBeNull()
      expect(leaks()).toEqual([])
      await page.close()
    })
  })

  describe('the wire', () => {
    let page: Page
    let wire: RawWire
    let hurt: Page
    beforeAll(async () => {
      hurt = await openVictim()
      page = await scene.open(`${site.origin}/`)
      wire = await rawWire(page)
    })

    test('speaks as any page may, and no better', async () => {
      expect(await wire.ask(small())).toMatchObject({ type: 'head', status: 200 })
      expect(await wire.ask('https://example.com/')).toMatchObject({ type: 'problem', code: 'denied' })
    })

    test('nonsense is dropped or refused', async () => {
      await wire.post([
        null, 7, 'ask', [], {}, { type: 'ask' }, { type: 'constructor', id: 1 }, { type: '__proto__', id: 5 },
        { type: 'hello', protocol: 1, version: '1' }, { type: 'document', document: 1, witnessed: {} },
        { type: 'command', id: 1, command: { name: 'vault-lock' } },
        { type: 'document-gone', document: 1 },
        { id: 3, command: { name: 'vault-lock' } },
      ])
      await expectVictimUnhurt(hurt)
    })

    test('a request of nothing but headers, as long as they may be, hurts nobody', async () => {
      for (const filler of ['\u0001', '\ud800', '"', '\u20ac']) {
        const headers = Array.from({ length: 100 }, (_, at) => [`x-${at}`, filler.repeat(16_384)])
        const answer = await wire.ask(small(), { headers })
        expect(answer).toMatchObject({ type: 'problem' })
        await expectVictimUnhurt(hurt)
      }
    })

    test('bodies that are no base64, empty, without credit or without end hurt nobody', async () => {
      for (const base64 of ['', '\u0001'.repeat(1000), 'A'.repeat(174_000), '====']) {
        const id = await wire.start(small(), { method: 'POST', hasBody: true, bodyLength: null })
        await wire.post(Array.from({ length: 500 }, () => ({ type: 'body', id, base64 })))
        await wire.post([{ type: 'cancel', id }])
      }
      await expectVictimUnhurt(hurt)
    })

    test('a flood of frames keeps nobody else from being served', async () => {
      const started = Date.now()
      await wire.flood(small(), 10_000)
      const mid = Date.now()
      await expectVictimUnhurt(hurt)
      console.log(scene.browserName, 'flood', mid - started, 'victim after', Date.now() - mid)
    })

    test('credit that is not owed changes nothing', async () => {
      const id = await wire.start(`${upstream.url}/v1/bytes?mib=64`, {})
      await wire.post(Array.from({ length: 64 }, () => ({ type: 'credit', id, bytes: 1024 * 1024 })))
      await new Promise((resolve) => setTimeout(resolve, 2000))
      console.log(scene.browserName, 'answered', upstream.journal.last.answeredBytes / 1e6)
      await wire.post([{ type: 'cancel', id }])
      await expectVictimUnhurt(hurt)
    })
  })
})
