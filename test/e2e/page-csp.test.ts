import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import { sendAll } from './page-harness/senders.ts'
import type { TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'

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
