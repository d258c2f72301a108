import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Arrival, headerOf } from '../support/upstreams/journal.ts'
import { type LoopbackServer, readBody, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { onEachBrowser, SITES } from './scene.ts'
import { sendEverything } from './wire-senders.ts'

/** In which calls a header is another: in all, or in those of these names. */
interface Difference {
  why: string
  only?: readonly string[]
  /** The browser in which it is so. Default: both. */
  browser?: 'chromium' | 'firefox'
  /** Where it is so. Default: in both. */
  from?: 'a page' | 'a worker'
}

/** All in which a brokered call differs from the browser's own at the service. A header that is not here is the same in both, or in neither. */
const DIFFERENT: readonly (readonly [header: string, Difference])[] = [
  ['authorization', { why: 'the key, which the browser has not' }],
  ['accept-encoding', { why: 'what cannot be decoded cannot be searched for keys' }],
  [
    'origin',
    { why: 'no service needs to know who is granted what; those on this machine refuse pages by it' },
  ],
  ['referer', { why: 'as the origin; Chromium’s workers made from a blob send none', from: 'a page' }],
  ['referer', { why: 'as the origin', from: 'a worker', browser: 'firefox' }],
  ['sec-fetch-dest', { why: 'says that a page asks, as the origin does' }],
  ['sec-fetch-mode', { why: 'as sec-fetch-dest' }],
  ['sec-fetch-site', { why: 'as sec-fetch-dest' }],
  ['sec-ch-ua', { why: 'the user agent says as much', browser: 'chromium', from: 'a page' }],
  ['sec-ch-ua-mobile', { why: 'as sec-ch-ua', browser: 'chromium', from: 'a page' }],
  ['sec-ch-ua-platform', { why: 'as sec-ch-ua', browser: 'chromium', from: 'a page' }],
  ['priority', { why: 'orders the answers of one HTTP/2 connection, which this is not', browser: 'firefox' }],
  [
    'cookie',
    {
      why: 'a second credential, the browser’s, beside the one that was granted',
      only: ['beacon', 'beacon-bytes', 'beacon-form', 'beacon-params', 'beacon-text'],
      from: 'a page',
    },
  ],
  ['connection', { why: 'servers may take the body of such a call for the next one', only: ['delete-json'] }],
  [
    'content-length',
    { why: 'RFC 9110 section 8.6 wants the 0 of a PATCH without a body', only: ['patch-nothing'] },
  ],
  [
    'cache-control',
    {
      why: 'the Fetch standard wants it, which Firefox does for fetch and not for XMLHttpRequest',
      only: ['xhr-if-none-match'],
      browser: 'firefox',
    },
  ],
  ['pragma', { why: 'as cache-control', only: ['xhr-if-none-match'], browser: 'firefox' }],
  [
    'cache-control',
    {
      why: 'Chromium asks caches for what is fresh from pages and not from workers',
      only: ['get-if-none-match', 'xhr-if-none-match'],
      browser: 'chromium',
      from: 'a worker',
    },
  ],
  [
    'content-type',
    {
      why: 'in workers Firefox does not write the charset as the XMLHttpRequest standard wants it',
      only: ['xhr-post-params', 'xhr-post-text', 'xhr-put-charset'],
      browser: 'firefox',
      from: 'a worker',
    },
  ],
]

/** Runs in a page: send everything from a worker, which is covered. */
async function sendInWorker(source: string, base: string): Promise<string[]> {
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
  const names = await new Promise<string[]>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(base)
  })
  worker.terminate()
  return names
}

const WORKER = `onmessage = async ({ data }) => postMessage(await (${sendEverything})(data))`

onEachBrowser(
  'what a service sees of a call',
  (scene) => {
    let upstream: LoopbackServer
    let site: PageServer
    let page: Page
    beforeAll(async () => {
      const key = scene.canary('wire', 'sk-')
      const answer = async (
        ...[request, response]: Parameters<Parameters<typeof startLoopbackServer>[0]>
      ) => {
        await readBody(request)
        const type = request.headers.accept === 'text/event-stream' ? 'text/event-stream' : 'text/plain'
        response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
        response.end('data: x\n\n')
      }
      upstream = await startLoopbackServer(answer, { cors: true })
      site = await startPageServer({ pages: { '/': BLANK } })
      const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
      await scene.stage.valetkey.ask(['service', 'add', 'wire', ...base], key)
      await scene.stage.valetkey.ask([
        'capability',
        'add',
        'wire',
        '--service',
        'wire',
        '--allow',
        '* /v1/**',
      ])
      await scene.grant(site.origin, 'wire')
      page = await scene.open(`${site.origin}/`)
      await page.evaluate(() => {
        // biome-ignore lint/suspicious/noDocumentCookie: a page's own way to have one
        document.cookie = 'seen=1'
      })
    })
    afterAll(async () => {
      await Promise.all([site?.close(), upstream?.close()])
    })

    /** The one call of that name below `/plain`, which is the browser's own, or below `/v1`. */
    const arrivalOf = (base: string, name: string) =>
      upstream.journal.calls.filter(({ target }) =>
        new RegExp(`^/${base}/x\\?sender=${name}(&|$)`).test(target),
      )

    const pairOf = async (name: string): Promise<[own: Arrival, brokered: Arrival]> => {
      const both = await eventually(
        `both calls named ${name} are here whole`,
        () => ['plain', 'v1'].flatMap((base) => arrivalOf(base, name)),
        (arrivals) => arrivals.length === 2 && arrivals.every(({ bodySha256 }) => bodySha256 !== null),
      )
      return both as [Arrival, Arrival]
    }

    describe.each(['a page', 'a worker'])('from %s', (where) => {
      const names: string[] = []
      beforeAll(async () => {
        upstream.journal.clear()
        const send = (base: string) =>
          where === 'a page'
            ? page.evaluate(sendEverything, `${upstream.url}/${base}/x`)
            : page.evaluate(sendInWorker, WORKER, `${upstream.url}/${base}/x`)
        await send('plain')
        names.push(...(await send('v1')))
      })

      test('method, address and body are those of the browser’s own, byte for byte', async () => {
        expect(names.length).toBeGreaterThan(50)
        for (const name of names) {
          const [own, brokered] = await pairOf(name)
          expect([name, brokered.method, brokered.target]).toEqual([
            name,
            own.method,
            own.target.replace('/plain', '/v1'),
          ])
          expect([name, bodyOf(brokered)]).toEqual([name, bodyOf(own)])
        }
      })

      test('headers are too, but for those that are listed with a reason', async () => {
        const found: Record<string, string[]> = {}
        for (const name of names) {
          const [own, brokered] = await pairOf(name)
          for (const header of differing(own, brokered)) found[header] = [...(found[header] ?? []), name]
        }
        const wanted = DIFFERENT.flatMap(([header, { only, browser, from }]) => {
          const there = only?.filter((name) => names.includes(name))
          const isHere = (browser ?? scene.browserName) === scene.browserName && (from ?? where) === where
          return isHere && there?.length !== 0 ? [{ header, there }] : []
        })
        const listed = wanted.map(({ header }) => header)
        expect(Object.entries(found).filter(([header]) => !listed.includes(header))).toEqual([])
        expect(Object.keys(found).sort()).toEqual(listed.sort())
        for (const { header, there } of wanted)
          if (there !== undefined)
            expect([header, found[header]?.sort()]).toEqual([header, [...there].sort()])
      })

      test('the languages are the user’s, and the name is the browser’s', async () => {
        const [, brokered] = await pairOf('get')
        expect(headerOf(brokered, 'accept-language')).toMatch(/^de-CH,.*fr;q=0\.[89]$/)
        expect(headerOf(brokered, 'user-agent')).toBe(await page.evaluate(() => navigator.userAgent))
      })

      test('no preflight asks whether a brokered call may be made', () => {
        const asked = upstream.journal.arrivals.filter(({ headers }) =>
          headers.some(([name]) => name.toLowerCase() === 'access-control-request-method'),
        )
        expect(asked.length).toBeGreaterThan(0)
        expect(asked.filter(({ target }) => !target.startsWith('/plain/'))).toEqual([])
      })
    })
  },
  { grantedOrigins: SITES, recordWire: true, languages: 'de-CH,fr' },
)

const boundaryOf = (arrival: Arrival): string =>
  /boundary=(\S+)/.exec(headerOf(arrival, 'content-type') ?? '')?.[1] ?? '\0 none'

/** The body as text of its bytes; of a form without its boundary, which is made up for each call. */
function bodyOf(arrival: Arrival): string {
  expect(arrival.body.length).toBe(arrival.bodyBytes)
  return arrival.body.toString('latin1').replaceAll(boundaryOf(arrival), '')
}

/** Names of headers that only one has, or that have other values. */
function differing(own: Arrival, brokered: Arrival): string[] {
  const names = new Set([...own.headers, ...brokered.headers].map(([name]) => name.toLowerCase()))
  const value = (arrival: Arrival, name: string) => {
    const said = headerOf(arrival, name)?.replace(boundaryOf(arrival), '') ?? null
    const isForm = boundaryOf(arrival) !== '\0 none'
    return name === 'content-length' && isForm ? Number(said) - arrival.bodyBytes : said
  }
  return [...names].filter((name) => value(own, name) !== value(brokered, name))
}
