import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { leave } from '../support/leave.ts'
import { type BrowserName, type Harness, startHarness } from './page-harness/browsers.ts'
import { startWorkerSite, type WorkerSite } from './page-harness/worker-site.ts'

const BROWSERS: BrowserName[] = ['chromium', 'firefox']

/** Tells what a caught call came to. */
const CALL = 'fetch("/caught/text").then((r) => r.text(), (e) => e.name).then(tell)'

describe.each(BROWSERS)('documents and their ends in %s', (name) => {
  let site: WorkerSite
  let harness: Harness
  let page: Page

  beforeAll(async () => {
    site = await startWorkerSite()
    harness = await startHarness(name)
    page = await harness.browser.newPage()
    for (let type: string | null = null; type !== 'application/json'; ) {
      await page.goto(at('/'))
      type = await page.evaluate(async () => (await fetch('/caught/ask')).headers.get('content-type'))
    }
  })
  beforeEach(() => {
    site.leaks.length = 0
    site.outcomes.length = 0
  })
  afterAll(async () => {
    await harness?.close()
    await site?.close()
  })

  const at = (path: string, code = '') =>
    `http://127.0.0.1:${site.port}${path}${code && `?code=${encodeURIComponent(code)}`}`
  /** What the pages told until `count` of it is there. */
  const told = async (count: number) => {
    const outcomes = await eventually(
      'the page told it',
      () => site.outcomes,
      ({ length }) => length >= count,
    )
    return outcomes.splice(0)
  }

  test('the first line of a page, and of its first worker, is caught', async () => {
    const worker = `new Worker('/w.js?code=' + encodeURIComponent('fetch("/caught/text").then((r) => r.text()).then(postMessage)'))
      .onmessage = ({ data }) => tell(data)`
    for (let load = 0; load < 5; load++) {
      await page.goto(at('/', `${CALL};${worker}`))
      expect(await told(2)).toEqual(['hello', 'hello'])
    }
    expect(site.leaks).toEqual([])
  })

  test('a page that calls in its first line reaches the extension before that line is over', async () => {
    // The document has no other task until the extension has told the server that it is there.
    const wait = `const told = new XMLHttpRequest()
      told.open('GET', '/plain/told', false)
      told.send()
      tell(told.responseText)`
    await page.goto(`${at('/', `${CALL};${wait}`)}&tells`)
    expect((await told(3)).sort()).toEqual(['connected', 'hello', 'yes'])
    expect(site.leaks).toEqual([])
  })

  test.each(['/page.xhtml', '/page.svg'])('a document that is no HTML is caught: %s', async (path) => {
    await page.goto(at(path, CALL))
    expect(await told(1)).toEqual(['hello'])
    expect(site.leaks).toEqual([])
  })

  test('frames of frames are caught from their first line, and a document that is opened anew', async () => {
    const inner = `parent.parent.${'tell'}`
    const frame = `<script>fetch('/caught/text').then((r) => r.text()).then(parent.tell)</script>`
    const nested = `<iframe srcdoc="${frame.replaceAll('parent.tell', inner).replaceAll('"', '&quot;')}"></iframe>`
    await page.goto(at('/'))
    await page.evaluate(
      (first: string, second: string) => {
        for (const srcdoc of [first, second]) {
          document.body.append(Object.assign(document.createElement('iframe'), { srcdoc }))
        }
        const blank = document.body.appendChild(document.createElement('iframe'))
        const inBlank = blank.contentDocument?.body.appendChild(document.createElement('iframe'))
        const { tell } = globalThis as unknown as { tell(what: string): void }
        void inBlank?.contentWindow
          ?.fetch('/caught/text')
          .then(async (response) => tell(await response.text()))
      },
      frame,
      nested,
    )
    expect(await told(3)).toEqual(['hello', 'hello', 'hello'])
    await page.evaluate((call: string) => {
      document.open()
      document.write(`<script>${call}</script>`)
      document.close()
    }, CALL)
    expect(await told(1)).toEqual(['hello'])
    expect(site.leaks).toEqual([])
  })

  /** Nobody can be in that document: the browser runs no script of ours in it, and replaces it at once. */
  test('a call from the passing first document of a frame goes out as the page wrote it, never with a key', async () => {
    await page.goto(at('/'))
    await page.evaluate(
      async (url: string) => {
        const frame = Object.assign(document.createElement('iframe'), { src: url })
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
        document.body.append(frame)
        void frame.contentWindow?.fetch('/caught/passing').catch(() => {})
        await loaded
      },
      at('/', CALL.replace('(tell)', '(parent.tell)')),
    )
    expect(await told(1)).toEqual(['hello'])
    // It may be cut off with its document, or reach the server: without a key either way.
    expect(site.leaks.filter((path) => path !== '/caught/passing')).toEqual([])
  })

  test('a page that comes back from the cache has its stream cut with an error, and goes on', async () => {
    const code = `
      let end = ''
      addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return
        tell('kept')
        ${CALL}
        // A document on its way into the cache loads no picture.
        const timer = setInterval(() => { if (end) { clearInterval(timer); tell(end) } }, 50)
      })
      fetch('/caught/slow').then(async ({ body }) => {
        const reader = body.getReader()
        await reader.read()
        tell('streams')
        for (;;) if ((await reader.read()).done) end = 'ended'
      }).catch((error) => { end = 'cut by ' + error.name })`
    await page.goto(at('/', code))
    expect(await told(1)).toEqual(['streams'])
    // Going back from a document that is not loaded yet is another matter.
    const back = `addEventListener('load', () => setTimeout(() => history.back(), 200))`
    // A browser keeps no page that it does not want to: now and then Firefox loads it anew, and then it streams again.
    let seen = ['streams']
    for (let time = 0; time < 4 && seen.includes('streams'); time++) {
      await leave(page, { to: at('/', back) })
      seen = await told(1)
    }
    if (seen.length < 3) seen.push(...(await told(3 - seen.length)))
    expect(seen.sort()).toEqual(['cut by TypeError', 'hello', 'kept'])
    expect(site.leaks).toEqual([])
    await page.close()
    page = await harness.browser.newPage()
  })

  test.runIf(name === 'chromium')(
    'a page that is made ready before it is shown waits with its calls',
    async () => {
      const next = at('/next', `tell('ready ' + document.prerendering);${CALL}`)
      const rules = JSON.stringify({ prerender: [{ source: 'list', urls: [next], eagerness: 'immediate' }] })
      await page.goto(at('/'))
      await page.evaluate((text: string) => {
        const script = Object.assign(document.createElement('script'), { type: 'speculationrules', text })
        document.head.append(script)
      }, rules)
      expect(await told(1)).toEqual(['ready true'])
      await leave(page, { to: next })
      expect(await told(1)).toEqual(['hello'])
      expect(site.leaks).toEqual([])
    },
  )
})
