import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Canary, searchFor } from '../support/canary.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

/** Parts of a key are not searched for by redaction: an API that gives back half a key can spell it anyway. */
const NOT_PROMISED = new Set(['first half', 'second half'])

onEachBrowser('an API that gives everything back', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let canary: Canary
  beforeAll(async () => {
    scene.canary('echo', 'sk-')
    canary = scene.canaries[0] as Canary
    upstream = await startEchoUpstream(canary.key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    const shown = ['--expose-header', 'X-Echo-*']
    await scene.stage.valetkey.ask(['service', 'add', 'echo', ...base, ...shown], canary.key)
    await scene.stage.valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', '--allow', '* /v1/**'])
    await scene.grant(site.origin, 'echo')
  })
  afterAll(async () => {
    await Promise.all([site.close(), upstream.close()])
  })

  test('the key is gone from every encoding it comes back in', async () => {
    const page = await scene.open(`${site.origin}/`)
    const { status, text } = await call(page, `${upstream.url}/v1/echo/forms`)
    expect(status).toBe(200)
    for (const name of ['plain', 'hex', 'percent', 'reversed', 'base64 +0'])
      expect(text).toContain(`${name}: `)
    expect(foundIn(text)).toEqual([])
  })

  test.each([1, 2, 7, 16, 61])('the key is gone when it comes in pieces of %i bytes', async (size) => {
    const page = await scene.open(`${site.origin}/`)
    const { status, text } = await call(page, `${upstream.url}/v1/echo/pieces?size=${size}`)
    expect(status).toBe(200)
    expect(text).toContain('hex: ')
    expect(foundIn(text)).toEqual([])
  })

  test('the request headers that come back as JSON hold no key', async () => {
    const page = await scene.open(`${site.origin}/`)
    const { status, text } = await call(page, `${upstream.url}/v1/echo/headers`)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toHaveProperty('authorization')
    expect(foundIn(text)).toEqual([])
  })

  test('response headers hold no key, and harmless ones stay', async () => {
    const page = await scene.open(`${site.origin}/`)
    const headers = await page.evaluate(
      async (url) => JSON.stringify([...(await fetch(url)).headers]),
      `${upstream.url}/v1/echo/response-headers`,
    )
    expect(headers).toContain('x-ratelimit-remaining')
    expect(foundIn(headers)).toEqual([])
  })

  test('a page reads the response headers that the service lists, without the key, and no others', async () => {
    const page = await scene.open(`${site.origin}/`)
    const read = await page.evaluate(async (url) => {
      const { headers } = await fetch(url)
      const request = new XMLHttpRequest()
      request.open('GET', url)
      const gone = new Promise((resolve) => request.addEventListener('loadend', resolve))
      request.send()
      await gone
      return ['x-echo-cursor', 'x-echo-key', 'x-unlisted'].map((name) => [
        headers.get(name),
        request.getResponseHeader(name),
      ])
    }, `${upstream.url}/v1/echo/response-headers`)
    expect(read).toEqual([
      ['page-2', 'page-2'],
      ['[redacted]', '[redacted]'],
      [null, null],
    ])
  })

  test('what is not the key comes back byte for byte', async () => {
    const page = await scene.open(`${site.origin}/`)
    const same = await page.evaluate(async (url) => {
      const body = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 13 + (at >> 7)) & 255)
      const response = await fetch(url, { method: 'POST', body })
      const back = new Uint8Array(await response.arrayBuffer())
      return back.length === body.length && back.every((byte, at) => byte === body[at])
    }, `${upstream.url}/v1/echo/body`)
    expect(same).toBe(true)
  })

  function foundIn(text: string): string[] {
    const forms = searchFor([canary], text, 'the page').map((finding) => finding.form)
    return forms.filter((form) => !NOT_PROMISED.has(form))
  }
})
