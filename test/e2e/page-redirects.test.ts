import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type LoopbackServer, readBody, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { onEachBrowser } from './scene.ts'

/**
 * Redirects within a service, through the real host: what comes of a caught call below `/v1` is what comes of the browser's
 * own below `/plain` of the same server, which any page may read.
 */
onEachBrowser('redirects within a service', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let page: Page
  beforeAll(async () => {
    const key = scene.canary('redirects', 'sk-')
    upstream = await startLoopbackServer(answer, { cors: true })
    site = await startPageServer({ pages: { '/': BLANK } })
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    const { valetkey } = scene.stage
    await valetkey.ask(['service', 'add', 'hops', ...base], key)
    await valetkey.ask(['capability', 'add', 'hops', '--service', 'hops', '--allow', '* /v1/**'])
    await scene.grant(site.origin, 'hops')
    page = await scene.open(`${site.origin}/`)
  })
  afterAll(async () => {
    await Promise.all([site?.close(), upstream?.close()])
  })

  /** What comes of calls, the browser's own first. In words that are the same for both, but for what differs. */
  async function bothWays(calls: Call[]): Promise<{ own: unknown[]; caught: unknown[] }> {
    const run = (base: string) => page.evaluate(outcomes, `${upstream.url}/${base}`, calls)
    return { own: await run('plain'), caught: await run('v1') }
  }

  test('20 are followed and the next is an error, for fetch and XMLHttpRequest', async () => {
    const both = await bothWays([at('hop?times=20'), at('hop?times=21'), at('hop?times=21', { xhr: true })])
    expect(both.caught).toEqual(both.own)
    expect(both.own).toEqual([
      expect.objectContaining({ status: 200, redirected: true, url: '/echo' }),
      expect.objectContaining({ error: 'TypeError' }),
      ['error', 4, 0, ''],
    ])
    // Of the two that end, each hop is a call of its own; of the keyed ones too.
    const asked = upstream.journal.calls.filter(({ target }) => target.startsWith('/v1/'))
    expect(asked).toHaveLength(21 + 21 + 21)
  })

  test('addresses that no browser goes to are errors', async () => {
    const locations = ['data:,hi', 'mailto:a@b.example', 'foobar:x', 'about:blank', 'invalidurl:', 'http://[']
    const named = `http://user:word@localhost:${upstream.port}/plain/echo`
    const both = await bothWays([...locations, named].flatMap((to) => [to_(to), to_(to, { xhr: true })]))
    expect(both.caught).toEqual(both.own)
    expect(both.own).toEqual(
      [...locations, named].flatMap(() => [
        expect.objectContaining({ error: 'TypeError' }),
        ['error', 4, 0, ''],
      ]),
    )
  })

  test('an address that is missing, empty or said twice is no address to follow', async () => {
    const ways = ['missing', 'empty', 'same', 'two'].flatMap((way) =>
      [301, 302, 303, 307, 308].map((code) => at(`odd?way=${way}&code=${code}`)),
    )
    const both = await bothWays(ways)
    expect(both.caught).toEqual(both.own)
  })

  test('fragments, spaces and what is beyond ASCII are the same in the address that is shown', async () => {
    const locations = [
      'echo#part',
      'echo?a b',
      'echo?zo%C3%AB#x',
      'echo?q=zoë',
      'zoë',
      '?to=echo',
      './echo',
      '//HOST/BASE/echo',
    ]
    const both = await bothWays(locations.flatMap((to) => [to_(to), to_(to, { xhr: true })]))
    expect(both.caught).toEqual(both.own)
  })

  test('methods, bodies and what describes them change as the status says', async () => {
    const headers = { 'content-type': 'text/plain', 'content-language': 'de', 'content-range': 'bytes 0-3/4' }
    const calls = [301, 302, 303, 307, 308].flatMap((code) => [
      ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) =>
        at(`hop?code=${code}`, { init: { method, body: 'text', headers } }),
      ),
      at(`hop?code=${code}`, { init: { method: 'HEAD' } }),
      at(`hop?code=${code}`, { init: { method: 'POST' }, bytes: 200_000 }),
    ])
    const both = await bothWays(calls)
    expect(both.caught).toEqual(both.own)
    expect(both.own[18]).toMatchObject({ text: expect.stringContaining('"method":"POST","body":"text"') })
  })

  test('a page that follows none itself sees none, and one that wants none gets an error', async () => {
    const calls = [301, 302, 303, 307, 308].flatMap((code) =>
      (['manual', 'error'] as const).flatMap((redirect) => [
        at(`hop?code=${code}`, { init: { redirect } }),
        at(`odd?way=missing&code=${code}`, { init: { redirect } }),
        to_('data:,hi', { init: { redirect } }),
      ]),
    )
    const both = await bothWays(calls)
    expect(both.caught).toEqual(both.own)
  })
})

/** A call of a page: an address below the base, and how it is made. */
interface Call {
  readonly path: string
  readonly xhr?: boolean
  readonly init?: RequestInit
  /** Length of a body of zeros. Absent: that of `init`. */
  readonly bytes?: number
}
const at = (path: string, more: Omit<Call, 'path'> = {}): Call => ({ path, ...more })
const to_ = (location: string, more: Omit<Call, 'path'> = {}): Call =>
  at(`to?location=${encodeURIComponent(location)}`, more)

/** Runs in the page. */
async function outcomes(base: string, calls: Call[]): Promise<unknown[]> {
  const short = (url: string) => url.replace(base, '')
  const byXhr = (url: string) =>
    new Promise((resolve) => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', url)
      xhr.onloadend = ({ loaded: _ }) => {
        resolve([last, xhr.readyState, xhr.status, short(xhr.responseURL)])
      }
      let last = ''
      for (const type of ['load', 'error'])
        xhr.addEventListener(type, () => {
          last = type
        })
      xhr.send()
    })
  const byFetch = async (url: string, { init, bytes }: Call) => {
    try {
      const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) }
      const response = await fetch(url, { ...init, ...body })
      const { type, status, redirected, ok } = response
      return { type, status, redirected, ok, url: short(response.url), text: await response.text() }
    } catch (error) {
      return { error: (error as Error).name, message: (error as Error).message }
    }
  }
  const results: unknown[] = []
  for (const call of calls) {
    const url = `${base}/${call.path}`
    results.push(call.xhr ? await byXhr(url) : await byFetch(url, call))
  }
  return results
}

/** Headers of a call that tell of its body. */
const TOLD = ['content-type', 'content-language', 'content-length', 'content-range']

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://service.test')
  const [, base = '', path = ''] = url.pathname.split('/')
  const body = await readBody(request)
  const code = Number(url.searchParams.get('code') ?? 302)
  const moved = (location: string | string[] | null) =>
    response.writeHead(code, (location === null ? {} : { location }) as OutgoingHttpHeaders).end('moved')
  if (path === 'hop') {
    const times = Number(url.searchParams.get('times') ?? 1)
    return void moved(times > 1 ? `/${base}/hop?times=${times - 1}` : 'echo')
  }
  if (path === 'to' && url.searchParams.has('location')) {
    const location = url.searchParams.get('location') ?? ''
    const named = location.replace('HOST', request.headers.host ?? '').replace('BASE', base)
    return void moved(Buffer.from(named).toString('latin1'))
  }
  if (path === 'odd') {
    const ways: Record<string, string | string[] | null> = {
      missing: null,
      empty: '',
      same: ['echo', 'echo'],
      two: ['echo', 'other'],
    }
    return void moved(ways[url.searchParams.get('way') ?? ''] ?? null)
  }
  const told = Object.fromEntries(TOLD.map((name) => [name, request.headers[name] ?? null]))
  const { method } = request
  const text = body.length > 1000 ? `${body.length} bytes` : body.toString()
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.end(JSON.stringify({ method, body: text, query: url.search, ...told }))
}
