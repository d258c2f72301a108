import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import type { TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'

/** What one sender came to and what the page heard of its policies: with the browser's own call and with a caught one. */
type Outcome = Record<string, { result: unknown; events: string[] }>

inEachBrowser('a policy of the page', (suite) => {
  let server: TestServer
  let page: Page
  let elsewhere: string

  beforeAll(() => {
    ;({ server, page } = suite)
    elsewhere = server.origin.replace('127.0.0.1', 'localhost')
  })

  /** Load a page with policies and send from it with everything that sends. */
  async function outcomes(params: Record<string, string>, origin: string, path = '/text') {
    await page.goto(`${server.origin}/page?${new URLSearchParams(params)}`)
    const plain = await page.evaluate(sendAll, `${origin}/plain${path}`)
    const caught = await page.evaluate(sendAll, `${origin}/caught${path}`)
    return { plain, caught }
  }

  test('forbids a caught call what it forbids any: another site, and the page’s own', async () => {
    for (const origin of [elsewhere, server.origin]) {
      const { plain, caught } = await outcomes({ 'content-security-policy': "connect-src 'none'" }, origin)
      expect(caught).toEqual(plain)
      expect(plain.fetch?.events).toHaveLength(1)
      expect(plain.fetch?.result).toBe('TypeError')
      expect(plain.xhr?.result).toEqual(['error,loadend', 4, 0])
      expect(plain.source?.result).toEqual(['error', 2])
    }
  })

  test('lets through what it lets through, by origin and by path', async () => {
    const policy = `default-src 'self' 'unsafe-inline'; connect-src 'self' ${elsewhere}/plain/text ${elsewhere}/caught/text`
    const own = await outcomes({ 'content-security-policy': policy }, server.origin)
    expect(own.caught).toEqual(own.plain)
    expect(own.plain.fetch).toEqual({ result: 200, events: [] })
    const allowed = await outcomes({ 'content-security-policy': policy }, elsewhere)
    expect(allowed.caught).toEqual(allowed.plain)
    expect(allowed.plain.fetch).toEqual({ result: 200, events: [] })
    const other = await outcomes({ 'content-security-policy': policy }, elsewhere, '/echo')
    expect(other.caught).toEqual(other.plain)
    expect(other.plain.fetch?.result).toBe('TypeError')
  })

  test('only tells of what it only reports', async () => {
    const policy = "connect-src 'self'"
    const { plain, caught } = await outcomes({ 'content-security-policy-report-only': policy }, elsewhere)
    expect(caught).toEqual(plain)
    expect(plain.fetch?.result).toBe(200)
    expect(plain.fetch?.events).toHaveLength(1)
  })

  test('counts from a header, from a meta element and from both', async () => {
    const meta = "connect-src 'self'"
    const one = await outcomes({ meta }, elsewhere)
    expect(one.caught).toEqual(one.plain)
    const both = await outcomes({ meta, 'content-security-policy': 'connect-src 127.0.0.1:*' }, elsewhere)
    expect(both.caught).toEqual(both.plain)
    expect(both.plain.fetch?.events).toHaveLength(2)
  })

  test('counts from the moment that it is there', async () => {
    await page.goto(`${server.origin}/page`)
    const got = await page.evaluate(async (url) => {
      const ask = () => fetch(url).then(({ status }) => status, String)
      const before = await ask()
      const meta = document.createElement('meta')
      meta.httpEquiv = 'Content-Security-Policy'
      meta.content = "connect-src 'self'"
      document.head.append(meta)
      return [before, (await ask()) === 200]
    }, `${elsewhere}/caught/text`)
    expect(got).toEqual([200, false])
  })

  test('is asked without a trace in the page', async () => {
    await page.goto(`${server.origin}/page`)
    const got = await page.evaluate(async (url) => {
      const lengths = [window.length, document.querySelectorAll('*').length]
      const { status } = await fetch(url)
      const entries = performance.getEntriesByType('resource').filter((entry) => entry.name === url)
      return [
        status,
        window.length === lengths[0],
        document.querySelectorAll('*').length === lengths[1],
        entries,
      ]
    }, `${elsewhere}/caught/text?never=seen`)
    expect(got).toEqual([200, true, true, []])
  })
})

/** Runs in the page. */
async function sendAll(url: string): Promise<Outcome> {
  const outcome: Outcome = {}
  const watch = async (label: string, run: () => unknown) => {
    const events = new Set<string>()
    const note = (event: SecurityPolicyViolationEvent) => {
      const { blockedURI, disposition, documentURI, effectiveDirective, originalPolicy } = event
      const {
        referrer,
        statusCode,
        violatedDirective,
        sourceFile,
        lineNumber,
        target,
        bubbles,
        composed,
        cancelable,
        sample,
      } = event
      const where = [
        target === document,
        bubbles,
        composed,
        cancelable,
        sample,
        documentURI === location.href,
      ]
      const isOurs = /extension|anonymous/.test(sourceFile) || (sourceFile === '' && lineNumber > 0)
      const what = [
        isOurs,
        disposition,
        effectiveDirective,
        violatedDirective,
        originalPolicy,
        referrer,
        statusCode,
      ]
      // Each time the same: Chromium tells of a report twice.
      events.add(JSON.stringify([blockedURI.replace(/plain|caught/, ''), ...what, ...where]))
    }
    document.addEventListener('securitypolicyviolation', note)
    const result = await run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    document.removeEventListener('securitypolicyviolation', note)
    outcome[label] = { result, events: [...events].sort() }
  }
  const query = '?q=1'
  await watch('fetch', () =>
    fetch(`${url}${query}#part`).then(
      ({ status }) => status,
      (error: Error) => error.name,
    ),
  )
  await watch(
    'xhr',
    () =>
      new Promise((resolve) => {
        const xhr = new XMLHttpRequest()
        const seen: string[] = []
        for (const type of ['load', 'error', 'loadend']) {
          xhr.addEventListener(type, () => {
            seen.push(type)
            if (type === 'loadend') resolve([seen.join(), xhr.readyState, xhr.status])
          })
        }
        xhr.open('GET', `${url}${query}`)
        xhr.send()
      }),
  )
  await watch(
    'source',
    () =>
      new Promise((resolve) => {
        const source = new EventSource(`${url}${query}&type=text/event-stream&hex=646174613a0a0a`)
        for (const type of ['message', 'error'] as const) {
          source.addEventListener(type, () => {
            resolve([type, source.readyState])
            source.close()
          })
        }
      }),
  )
  await watch('beacon', () => navigator.sendBeacon(`${url}${query}`, 'text'))
  return outcome
}
