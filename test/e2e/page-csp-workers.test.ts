import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import type { TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'
import { type Outcome, sendInWorker, WORKER_SOURCE } from './page-harness/worker-senders.ts'

/** The name our scripts run at, and one where they do not. */
const COVERED = '127.0.0.1'
const NATIVE = 'localhost'

/** Policies of a page that is at one name of the server, about its own origin and that of the other name. */
type Policies = (own: string, other: string) => Record<string, string>

inEachBrowser('a policy of the page, for its workers', (suite) => {
  let server: TestServer
  let page: Page

  beforeAll(() => {
    ;({ server, page } = suite)
  })

  /** Load a page with policies at a name, start a worker of a text and send from it with everything that sends there. */
  async function outcomesAt(host: string, policies: Policies, whose: 'own' | 'other', paths: string[]) {
    const at = (each: string) => server.origin.replace(COVERED, each)
    const [own, other] = [at(host), at(host === COVERED ? NATIVE : COVERED)]
    await page.goto(`${own}/page?${new URLSearchParams(policies(own, other))}`)
    const urls = paths.map((path) => `${whose === 'own' ? own : other}${path}`)
    const text = JSON.stringify(await page.evaluate(sendInWorker, WORKER_SOURCE, urls))
    const names = [own, encodeURIComponent(own), other, encodeURIComponent(other)]
    return JSON.parse(
      names.reduce((said, each, at) => said.replaceAll(each, `HOST${at >> 1}`), text),
    ) as Outcome[]
  }

  /** What the same calls come to in a worker of the browser's own, and in a covered one: not caught, and caught. */
  async function outcomes(policies: Policies, whose: 'own' | 'other', path = '/text') {
    const [native] = await outcomesAt(NATIVE, policies, whose, [`/plain${path}`])
    const [plain, caught] = await outcomesAt(COVERED, policies, whose, [`/plain${path}`, `/caught${path}`])
    return { native: native as Outcome, plain: plain as Outcome, caught: caught as Outcome }
  }

  const expectSame = ({ native, plain, caught }: Awaited<ReturnType<typeof outcomes>>) => {
    expect(plain, 'what is not caught is as in a worker of the browser’s own').toEqual(native)
    expect(caught, 'what is caught is as what is not').toEqual(plain)
  }

  test('forbids a caught call of a worker what it forbids any: another site, and the page’s own', async () => {
    for (const whose of ['other', 'own'] as const) {
      const seen = await outcomes(() => ({ 'content-security-policy': "connect-src 'none'" }), whose)
      expectSame(seen)
      expect(seen.native.fetch?.result).toBe('TypeError')
      expect(seen.native.xhr?.result).toEqual(['error,loadend', 4, 0])
      expect(seen.native.source?.result).toEqual(['error', 2])
      expect(seen.native.fetch?.events).toHaveLength(1)
    }
  })

  test('lets a worker through where it lets through, by origin and by path', async () => {
    const policies: Policies = (_, other) => ({
      'content-security-policy': `connect-src 'self' ${other}/plain/text ${other}/caught/text`,
    })
    const own = await outcomes(policies, 'own')
    expectSame(own)
    expect(own.native.fetch).toEqual({ result: 200, events: [], above: [] })
    const allowed = await outcomes(policies, 'other')
    expectSame(allowed)
    expect(allowed.native.fetch).toEqual({ result: 200, events: [], above: [] })
    const other = await outcomes(policies, 'other', '/echo')
    expectSame(other)
    expect(other.native.fetch?.result).toBe('TypeError')
  })

  test('only tells a worker of what it only reports', async () => {
    const seen = await outcomes(
      () => ({ 'content-security-policy-report-only': "connect-src 'self'" }),
      'other',
    )
    expectSame(seen)
    expect(seen.native.fetch?.result).toBe(200)
    expect(seen.native.fetch?.events).toHaveLength(1)
  })

  test('counts for a worker from a header, from a meta element and from both', async () => {
    const meta = "connect-src 'self'"
    const one = await outcomes(() => ({ meta }), 'other')
    expectSame(one)
    expect(one.native.fetch?.result).toBe('TypeError')
    const both = await outcomes(
      (own) => ({ meta, 'content-security-policy': `connect-src ${own}/` }),
      'other',
    )
    expectSame(both)
    expect(both.native.fetch?.events).toHaveLength(2)
  })
})
