import * as Sentry from '@sentry/browser'
import { bothCalls } from './both-calls.js'
import { job } from './job.js'

const breadcrumbs = []
const spans = []
const client = Sentry.init({
  dsn: 'http://public@sentry.invalid/1',
  transport: () => ({ send: async () => ({}), flush: async () => true }),
  integrations: [Sentry.browserTracingIntegration()],
  tracesSampleRate: 1,
  beforeBreadcrumb: (breadcrumb) => {
    if (['fetch', 'xhr'].includes(breadcrumb.category)) breadcrumbs.push(breadcrumb)
    return breadcrumb
  },
})
client.on('spanEnd', (span) => spans.push(Sentry.spanToJSON(span)))

job(async (given) => {
  breadcrumbs.length = 0
  spans.length = 0
  const answers = await Sentry.startSpan({ name: 'job', forceTransaction: true }, () => bothCalls(given))
  const path = (url) => new URL(url).pathname
  return {
    ...answers,
    seen: breadcrumbs.map(({ category, data }) => [category, data.method, path(data.url), data.status_code]),
    // A stream's span ends with the stream, before or after its reader has heard of it.
    spans: spans
      .filter(({ attributes }) => attributes['sentry.op'] === 'http.client')
      .map(({ attributes }) => path(attributes['url.full'] ?? attributes['http.url']))
      .filter((each) => each !== '/ticks'),
  }
})
