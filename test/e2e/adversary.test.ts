import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { leave } from '../support/leave.ts'
import { type InlinePage, type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call, callWhenHeard, progressOf, startStream } from './in-page.ts'
import { type RawWire, rawWire } from './raw-wire.ts'
import { badgeAsks, onEachBrowserByPassphrase } from './scene.ts'

/** What a page sends where its key should be. */
const PLACEHOLDER = 'sk-placeholder-of-the-page'

/** How the isolated script tells the page's of a problem: as the response it is. */
const problemOf = (code: unknown) => ({
  type: 'head',
  headers: expect.arrayContaining([['valet-key-problem', code]]),
})

/** A page whose first script calls synchronously, elsewhere and at home. */
const syncPage = (url: string): InlinePage => ({
  html: `<!doctype html><title>…</title><link rel="icon" href="data:,"><script>
    const get = (url) => {
      const request = new XMLHttpRequest()
      request.open('GET', url, false)
      request.setRequestHeader('x-api-key', '${PLACEHOLDER}')
      try { request.send(); return request.status } catch (error) { return error.name }
    }
    document.title = 'other ' + get(${JSON.stringify(url)}) + ', own ' + get('/other')
  </script>`,
})

onEachBrowserByPassphrase('a hostile page', (scene) => {
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
      '/sync': syncPage(`${upstream.url}/v1/small`),
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
    upstream.journal.arrivals
      .filter((arrival) => headerOf(arrival, 'origin') !== null)
      .map(({ method }) => method)

  async function expectVictimUnhurt(page: Page): Promise<void> {
    expect(await progressOf(page, 'ticks')).toMatchObject({ error: '', done: false })
    expect(await call(page, small(), withPlaceholder)).toMatchObject({ status: 200, problem: null })
  }

  async function openVictim(): Promise<Page> {
    const page = await scene.open(`${victim.origin}/`)
    await startStream(page, 'ticks', clock())
    await eventually(
      'it streams',
      () => progressOf(page, 'ticks'),
      ({ chunks }) => chunks > 2,
    )
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
      await eventually(
        'it streams',
        () => progressOf(page, 'ticks'),
        ({ chunks }) => chunks > 2,
      )
      await page.goto(`${site.origin}/other`)
      await eventually(
        'the API saw it',
        () => upstream.journal.last.outcome,
        (outcome) => outcome === 'cut',
      )
      await leave(page, 'back')
      await eventually(
        'it is back',
        () => page.title(),
        (title) => title === 'kept',
      )
      const end = await eventually(
        'calls work',
        () => call(page, small(), withPlaceholder),
        ({ status }) => status === 200,
      )
      expect(end.problem).toBeNull()
      expect(leaks()).toEqual([])
      await page.close()
    })
  })

  describe('the wire', () => {
    let page: Page
    let wire: RawWire
    let hurt: Page
    beforeEach(async () => {
      hurt = await openVictim()
    })
    afterEach(() => hurt.close())
    beforeAll(async () => {
      page = await scene.open(`${site.origin}/`)
      wire = await rawWire(page)
    })
    // The isolated script lets what it floods through bit by bit, for minutes: nobody else is to see calls of it.
    afterAll(() => page.close())

    test('speaks as every page may, and no better', async () => {
      expect(await wire.ask(small())).toMatchObject({ type: 'head', status: 200 })
      expect(await wire.ask('https://example.com/')).toMatchObject(problemOf('denied'))
    })

    test('nonsense is dropped or refused', async () => {
      await wire.post([
        null,
        7,
        'ask',
        [],
        {},
        { type: 'ask' },
        { type: 'constructor', id: 1 },
        { type: '__proto__', id: 5 },
        { type: 'hello', protocol: 1, version: '1' },
        { type: 'document', document: 1, witnessed: {} },
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
        expect(answer).toMatchObject(problemOf(expect.any(String)))
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

    test('a flood of calls that are given up at once keeps nobody else from being served', async () => {
      await wire.flood(small(), 10_000)
      await expectVictimUnhurt(hurt)
      expect(upstream.journal.calls.filter(({ target }) => target === '/v1/small').length).toBeLessThan(3000)
    })

    test('a flood of the smallest pieces of body keeps nobody else from being served', async () => {
      const id = await wire.start(`${upstream.url}/v1/never`, {
        method: 'POST',
        hasBody: true,
        bodyLength: null,
      })
      await wire.repeat({ type: 'body', id, base64: 'AA==' }, 100_000)
      await expectVictimUnhurt(hurt)
    })

    test('credit that is not owed reaches nobody else', async () => {
      const id = await wire.start(`${upstream.url}/v1/bytes?mib=64`)
      await wire.repeat({ type: 'credit', id, bytes: 1024 * 1024 }, 64)
      await expectVictimUnhurt(hurt)
      await wire.post([{ type: 'cancel', id }])
    })
  })

  describe('what is caught', () => {
    test('stays caught in a page that replaces the platform', async () => {
      const hurt = await openVictim()
      const page = await scene.open(`${site.origin}/`)
      expect(await call(page, small(), withPlaceholder)).toMatchObject({ status: 200 })
      const outcomes = await page.evaluate(poisonAndCall, small(), PLACEHOLDER)
      expect(outcomes.length).toBeGreaterThan(20)
      expect(leaks()).toEqual([])
      await expectVictimUnhurt(hurt)
      await Promise.all([page.close(), hurt.close()])
    })

    test('is what is sent, whatever an object says of itself when it is asked twice', async () => {
      const page = await scene.open(`${site.origin}/`)
      const seen = await page.evaluate(async (url) => {
        const twoFaced = (first: string, then: string) => {
          let asked = 0
          return { toString: () => (asked++ === 0 ? first : then) } as unknown as string
        }
        const disguised = new URL('/other', location.href)
        disguised.toString = () => url
        const status = (input: string | URL) =>
          fetch(input).then(
            (response) => response.status,
            (error) => error.name,
          )
        return [
          await status(twoFaced(url, '/other')),
          await status(twoFaced('/other', url)),
          await status(disguised),
        ]
      }, small())
      expect(seen).toEqual([200, 200, 200])
      expect(leaks()).toEqual([])
      await page.close()
    })

    test('is not known yet to a synchronous call, which then does not leave the origin', async () => {
      const page = await scene.open(`${site.origin}/sync`)
      expect(await page.title()).toBe('other NetworkError, own 200')
      expect(leaks()).toEqual([])
      await page.close()
    })

    test('waits in a page opened while the vault is locked, also after a restart of the browser', async () => {
      const { valetkey, passphrase, driver } = scene.stage
      const before = await scene.open(`${site.origin}/`)
      expect(await call(before, small())).toMatchObject({ status: 200 })
      await before.close()
      await valetkey.ask(['lock'])
      try {
        // What a restart of the browser leaves of the background.
        await driver.inBackground('browser.storage.session.clear()')
        await driver.stopBackground()
        upstream.journal.clear()
        const page = await scene.open(`${site.origin}/`)
        const answer = callWhenHeard(page, small(), withPlaceholder)
        await badgeAsks(scene)
        expect(upstream.journal.arrivals).toEqual([])
        await valetkey.ask(['unlock', '--passphrase-stdin'], `${passphrase}\n`)
        expect(await answer).toMatchObject({ status: 200 })
        expect(leaks()).toEqual([])
        await page.close()
      } finally {
        await valetkey.run(['unlock', '--passphrase-stdin'], `${passphrase}\n`)
      }
    })
  })

  describe('the owner', () => {
    test('has pages that no site can load or frame', async () => {
      const page = await scene.open(`${site.origin}/`)
      const loaded = await page.evaluate(async (extension) => {
        const paths = [
          'manifest.json',
          'extension/popup/index.html',
          'extension/control/index.html',
          'extension/page/main.js',
        ]
        const results: string[] = []
        for (const path of paths) {
          const url = `${extension}/${path}`
          results.push(
            await fetch(url).then(
              () => 'fetched',
              () => 'refused',
            ),
          )
          const frame = document.createElement('iframe')
          frame.src = url
          document.body.append(frame)
        }
        return results
      }, scene.stage.driver.extensionOrigin)
      expect(loaded).toEqual(['refused', 'refused', 'refused', 'refused'])
      await new Promise((resolve) => setTimeout(resolve, 500))
      for (const frame of page.frames()) {
        expect(await frame.evaluate('document.documentElement.innerHTML').catch(() => '')).not.toMatch(
          /root|Valet/,
        )
      }
      await page.close()
    })

    test('withdraws a permission in the middle of a stream, and gives it again to the page that is open', async () => {
      const { driver } = scene.stage
      const origin = site.originAs('localhost')
      await scene.grant(origin, 'clock')
      const page = await scene.open(`${origin}/`)
      await startStream(page, 'ticks', clock())
      await eventually(
        'it streams',
        () => progressOf(page, 'ticks'),
        ({ chunks }) => chunks > 2,
      )
      await driver.withdraw(origin)
      await eventually(
        'it is cut',
        () => progressOf(page, 'ticks'),
        ({ error }) => error === 'TypeError',
      )
      upstream.journal.clear()
      expect(await call(page, small(), withPlaceholder)).toMatchObject({ status: 403 })
      expect(upstream.journal.arrivals).toEqual([])
      await connectInPopup(driver, page, origin, 'clock')
      await eventually(
        'it is served',
        () => call(page, small(), withPlaceholder),
        ({ status }) => status === 200,
      )
      expect(leaks()).toEqual([])
      await page.close()
    })
  })
})

/** Runs in the page: replaces one thing after another, calls, and puts it back. Outcomes may be anything but a leak. */
async function poisonAndCall(url: string, placeholder: string): Promise<string[]> {
  const real = {
    defineProperty: Object.defineProperty,
    getOwn: Object.getOwnPropertyDescriptor,
    apply: Reflect.apply,
    Promise,
  }
  const { then } = Promise.prototype
  const [wait, nativeFetch, Xhr] = [setTimeout, fetch, XMLHttpRequest]
  const evil = () => {
    throw new Error('replaced')
  }
  const targets: [object, PropertyKey][] = [
    [Array.prototype, Symbol.iterator],
    [Array.prototype, 'push'],
    [Array.prototype, 'map'],
    [Function.prototype, 'call'],
    [Function.prototype, 'apply'],
    [Function.prototype, 'bind'],
    [Reflect, 'apply'],
    [Reflect, 'construct'],
    [JSON, 'parse'],
    [JSON, 'stringify'],
    [Map.prototype, 'get'],
    [WeakMap.prototype, 'get'],
    [WeakMap.prototype, 'set'],
    [WeakMap.prototype, 'has'],
    [String.prototype, 'startsWith'],
    [String.prototype, 'slice'],
    [String.prototype, 'toLowerCase'],
    [RegExp.prototype, 'exec'],
    [MessagePort.prototype, 'postMessage'],
    [EventTarget.prototype, 'addEventListener'],
    [EventTarget.prototype, 'dispatchEvent'],
    [Uint8Array, 'fromBase64'],
    [Uint8Array.prototype, 'toBase64'],
    [Uint8Array.prototype, 'subarray'],
    [Headers.prototype, 'forEach'],
    [Headers.prototype, 'append'],
    [Request.prototype, 'url'],
    [Request.prototype, 'headers'],
    [URL.prototype, 'href'],
    [URL.prototype, 'origin'],
    [URL.prototype, 'pathname'],
    [globalThis, 'URL'],
    [globalThis, 'Request'],
    [globalThis, 'Response'],
    [globalThis, 'Headers'],
    [globalThis, 'Proxy'],
    [globalThis, 'Promise'],
    [globalThis, 'setTimeout'],
    [globalThis, 'MessageChannel'],
    [ReadableStream.prototype, 'getReader'],
    [Node.prototype, 'baseURI'],
    [Promise.prototype, 'then'],
    [Object.prototype, 'then'],
    [Object.prototype, 'get'],
    [Object.prototype, 'set'],
    [Object.prototype, 'type'],
    [Object.prototype, 'id'],
    [Object.prototype, 'toJSON'],
    [Object.prototype, 'method'],
    [Object.prototype, 'headers'],
    [Object.prototype, 'body'],
    [Object.prototype, 'value'],
    [Object.prototype, 'baseUrls'],
    [Object.prototype, 'cancelable'],
    [Object.prototype, '0'],
    [Array.prototype, '0'],
  ]
  const outcomes: string[] = []
  for (let at = 0; at < targets.length; at++) {
    const owner = targets[at]?.[0] as object
    const key = targets[at]?.[1] as PropertyKey
    const before = real.getOwn(owner, key)
    const settled = new real.Promise<string>((resolve) => {
      wait(() => resolve('nothing'), 300)
      try {
        real.defineProperty(owner, key, { get: () => evil, set: () => {}, configurable: true })
        const request = new Xhr()
        request.open('GET', `${url}?xhr`)
        request.setRequestHeader('authorization', placeholder)
        request.send()
      } catch {}
      try {
        const answer = nativeFetch(`${url}?fetch`, { headers: { authorization: placeholder } })
        real.apply(then, answer, [
          (response: Response) => resolve(`${response.status}`),
          () => resolve('error'),
        ])
      } catch {}
    })
    outcomes[at] = await settled
    if (before) real.defineProperty(owner, key, before)
    else delete (owner as Record<PropertyKey, unknown>)[key]
  }
  return outcomes
}
