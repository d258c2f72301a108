/** A package that watches a page's calls, or answers some of them. */
export interface Observer {
  readonly package: string
  readonly page: string
  /** What its job gives where our script was there first. */
  readonly over: Readonly<Record<string, unknown>>
  /** What it gives where the package was there first. */
  readonly under: Readonly<Record<string, unknown>>
}

const ANSWERS = { made: { id: 'second', title: 'from fetch' }, read: { id: 'first', title: 'the first' } }

/** All of them. */
export const OBSERVERS: readonly Observer[] = [
  { package: '@sentry/browser', page: 'sentry', over: ANSWERS, under: ANSWERS },
  { package: '@opentelemetry/instrumentation-fetch', page: 'opentelemetry', over: ANSWERS, under: ANSWERS },
  { package: 'zone.js', page: 'zone', over: ANSWERS, under: ANSWERS },
  { package: '@mswjs/interceptors', page: 'interceptors', over: ANSWERS, under: ANSWERS },
  { package: 'msw', page: 'msw', over: ANSWERS, under: ANSWERS },
]
