import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch'
import { XMLHttpRequestInstrumentation } from '@opentelemetry/instrumentation-xml-http-request'
import { WebTracerProvider } from '@opentelemetry/sdk-trace-web'
import { bothCalls } from './both-calls.js'
import { job } from './job.js'

const spans = []
const processor = {
  onStart() {},
  onEnd: (span) => spans.push(span),
  forceFlush: async () => {},
  shutdown: async () => {},
}
const provider = new WebTracerProvider({ spanProcessors: [processor] })
provider.register()
registerInstrumentations({
  tracerProvider: provider,
  instrumentations: [new FetchInstrumentation(), new XMLHttpRequestInstrumentation()],
})

/** Spans end a while after their calls: they wait for the browser's own timing of them. */
const AT_MOST_MS = 5000

job(async (given) => {
  spans.length = 0
  const answers = await bothCalls(given)
  const end = Date.now() + AT_MOST_MS
  while (spans.length < 3 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
  const seen = spans.map(({ attributes }) => [
    attributes['http.method'] ?? attributes['http.request.method'],
    new URL(attributes['http.url'] ?? attributes['url.full']).pathname,
    attributes['http.status_code'] ?? attributes['http.response.status_code'],
  ])
  return { ...answers, seen: seen.sort() }
})
