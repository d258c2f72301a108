/** A package that watches a page's calls, or answers some of them. */
export interface Observer {
  readonly package: string
  readonly page: string
  /** Where the page gets or sees something else than without us although our script was there first: what, and why. */
  readonly over: Difference
  /** The same where the package was there first and the site was connected without a reload. */
  readonly under: Difference
}

interface Difference {
  readonly result: Readonly<Record<string, unknown>>
  readonly because: string | null
}

const NONE: Difference = { result: {}, because: null }

/** A caught call ends in our script: what the page had put under it before is not asked. A reload puts it over ours. */
const BYPASSED = 'the package stands between us and the browser, where caught calls do not come by'

/** All of them. */
export const OBSERVERS: readonly Observer[] = [
  {
    package: '@sentry/browser',
    page: 'sentry',
    over: NONE,
    under: { result: { seen: [['xhr', 'GET', '/notes/first', 200]], spans: [] }, because: BYPASSED },
  },
  {
    package: '@opentelemetry/instrumentation-fetch',
    page: 'opentelemetry',
    over: NONE,
    under: { result: { seen: [] }, because: BYPASSED },
  },
  { package: 'zone.js', page: 'zone', over: NONE, under: { result: { seen: [] }, because: BYPASSED } },
  {
    package: '@mswjs/interceptors',
    page: 'interceptors',
    over: NONE,
    under: {
      result: {
        mocked: [{ message: 'not found' }, { mocked: true }, { mocked: true }],
        seen: [
          ['GET', '/notes/first', 200, 'original'],
          ['GET', '/mocked', 200, 'mock'],
          ['GET', '/own/mocked', 200, 'mock'],
        ],
      },
      because: BYPASSED,
    },
  },
  {
    package: 'msw',
    page: 'msw',
    over: {
      result: { caught: [404, { message: 'not found' }] },
      because:
        'it answers in a service worker, which sees what leaves the page for the network: caught calls do not',
    },
    under: { result: { caught: [404, { message: 'not found' }] }, because: 'the same' },
  },
]
