import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Harness } from './page-harness/browsers.ts'
import type { SeenBeacon, TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('sendBeacon', (suite) => {
  let server: TestServer
  let harness: Harness
  let page: Page

  beforeAll(() => {
    ;({ server, harness, page } = suite)
  })

  /** What arrived under a name, once so many did; without what tells the stand-in's own call from the browser's. */
  const arrived = (id: string, count: number): Promise<SeenBeacon[]> =>
    eventually(
      `${count} beacons named ${id} are here`,
      () =>
        server.beacons
          .filter((beacon) => beacon.id.startsWith(id))
          .sort((one, other) => one.id.localeCompare(other.id)),
      (seen) => seen.length >= count,
    )

  test('what it returns and what it sends are the browser’s, for each kind of body', async () => {
    const send = (base: string) =>
      page.evaluate((path) => {
        const form = new FormData()
        form.append('a', 'é')
        const bodies = [
          undefined,
          null,
          'text é',
          '',
          new URLSearchParams('a=b c'),
          new Blob(['{}'], { type: 'application/json' }),
          new Blob(['x']),
          new Uint8Array([1, 2, 3]).subarray(1),
          new Uint8Array([1, 2]).buffer,
          new DataView(new ArrayBuffer(2)),
          form,
          { toString: () => 'an object' },
          new Uint8Array(60_000),
        ]
        return bodies.map((body, at) =>
          navigator.sendBeacon(`${path}/beacon?id=kinds-${String(at).padStart(2, '0')}`, body as BodyInit),
        )
      }, base)
    const normal = (beacons: SeenBeacon[]) =>
      beacons.map(({ id, method, type, length, text }) => {
        const boundary = /boundary=(\S+)/.exec(type ?? '')?.[1]
        const plain = (value: string | null) => (boundary ? (value ?? '').replaceAll(boundary, '') : value)
        return [id, method, plain(type), boundary ? '' : length, plain(text)]
      })
    const plainReturned = await send('/plain')
    const plain = normal(await arrived('kinds', 13))
    server.beacons.length = 0
    const caughtReturned = await send('/caught')
    expect(caughtReturned).toEqual(plainReturned)
    expect(normal(await arrived('kinds', 13))).toEqual(plain)
  })

  test('what is wrong with it is wrong in the browser’s words', async () => {
    const attempts = (base: string) =>
      page.evaluate((path) => {
        const attempt = (act: () => unknown) => {
          try {
            return act()
          } catch (error) {
            return [(error as Error).name, (error as Error).message.replace(path, '')]
          }
        }
        const beacon = navigator.sendBeacon
        return [
          attempt(() => (navigator.sendBeacon as () => boolean)()),
          attempt(() => navigator.sendBeacon('http://[')),
          attempt(() => navigator.sendBeacon('data:,x')),
          attempt(() => beacon(`${path}/beacon?id=none`)),
          attempt(() => beacon.call({} as Navigator, `${path}/beacon?id=none`)),
          beacon.name,
          beacon.length,
          String(beacon).replace(/\s+/g, ' '),
          Object.keys(navigator),
        ]
      }, base)
    expect(await attempts('/caught')).toEqual(await attempts('/plain'))
  })

  test('more than the browser takes is refused as the browser refuses it', async () => {
    const tooMuch = (base: string) =>
      page.evaluate((path) => {
        const results = [navigator.sendBeacon(`${path}/beacon?id=much`, new Uint8Array(65_537))]
        return [...results, navigator.sendBeacon(`${path}/beacon?id=most`, new Uint8Array(65_536))]
      }, base)
    expect(await tooMuch('/caught')).toEqual(await tooMuch('/plain'))
    const kept = async (base: string) => {
      // Anew: what is under way of this document counts.
      await page.goto(`${server.origin}/page`)
      return page.evaluate(async (path) => {
        const post = (bytes: number) =>
          fetch(`${path}/beacon?id=kept`, {
            method: 'POST',
            keepalive: true,
            body: new Uint8Array(bytes),
          }).then(
            async (response) => [response.status, await response.text()],
            (error: Error) => error.name,
          )
        return [await post(65_537), ...(await Promise.all([post(40_000), post(40_000)]))]
      }, base)
    }
    const plain = await kept('/plain')
    expect(await kept('/caught')).toEqual(plain)
    expect(plain).toEqual(['TypeError', [200, ''], 'TypeError'])
  })

  test.each(['pagehide', 'visibilitychange', 'beforeunload'])(
    'a beacon and a kept fetch on %s arrive although the page is gone',
    async (type) => {
      for (let round = 0; round < 3; round++) {
        await page.goto(`${server.origin}/page?round=${round}`)
        await page.evaluate(
          async (when, id) => {
            // The list is here, and in Firefox the page's policy was asked for this path.
            await fetch(`/caught/beacon?id=before-${id}`)
            const target: EventTarget = when === 'visibilitychange' ? document : window
            target.addEventListener(when, () => {
              navigator.sendBeacon(`/caught/beacon?id=${id}-1`, 'as text')
              navigator.sendBeacon(`/caught/beacon?id=${id}-2`, new Uint8Array([1, 2]))
              const init = { method: 'POST', keepalive: true, body: 'kept', headers: { 'x-a': 'b' } }
              fetch(`/caught/beacon?id=${id}-3`, init).catch(() => {})
              fetch(`/caught/beacon?id=${id}-4`, { keepalive: true }).catch(() => {})
            })
          },
          type,
          `${type}-${round}`,
        )
        await page.goto(`${server.origin}/elsewhere`)
        const seen = await arrived(`${type}-${round}`, 4)
        expect(seen.map(({ method, text }) => [method, text])).toEqual([
          ['POST', 'as text'],
          ['POST', '\x01\x02'],
          ['POST', 'kept'],
          ['GET', ''],
        ])
      }
    },
  )

  test('so does a first one, and those of a tab that is closed, in Firefox of most', async () => {
    // Firefox drops what a tab that closes says after its first milliseconds, its own beacons too: of 30 tabs it lost 1 that
    // was sent at once, 5 that were sent 2 ms later, and 10 after 20 ms. What arrives there arrives whole.
    const tabs = suite.browserName === 'firefox' ? 8 : 2
    for (let each = 0; each < tabs; each++) {
      const tab = await harness.browser.newPage()
      await tab.goto(`${server.origin}/page`)
      await tab.evaluate(async (id) => {
        await fetch('/caught/ask')
        addEventListener('pagehide', () => navigator.sendBeacon(`/caught/beacon?id=${id}`, 'bye'))
      }, `closed-${each}`)
      await tab.close()
    }
    const least = suite.browserName === 'firefox' ? 1 : tabs
    const seen = await arrived('closed', least)
    expect(seen.every(({ method, text }) => method === 'POST' && text === 'bye')).toBe(true)
  })
})
