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

const isCall = ({ attributes }) => attributes['sentry.op'] === 'http.client'
const path = (url) => new URL(url).pathname

/** Spans end a while after their calls: they wait for the browser's own timing of them, which no caught call has. */
const AT_MOST_MS = 2000

job(async (given) => {
  breadcrumbs.length = 0
  spans.length = 0
  const answers = await Sentry.startSpan({ name: 'job', forceTransaction: true }, () => bothCalls(given))
  const ended = () =>
    spans
      .filter(isCall)
      .map(({ attributes }) => path(attributes['url.full'] ?? attributes['http.url']))
      // A stream's span ends with the stream, before or after its reader has heard of it.
      .filter((each) => each !== '/ticks')
  const end = Date.now() + AT_MOST_MS
  while (ended().length < 2 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  return {
    ...answers,
    seen: breadcrumbs.map(({ category, data }) => [category, data.method, path(data.url), data.status_code]),
    spans: ended(),
  }
})
