import { HttpResponse, http } from 'msw'
import { setupWorker } from 'msw/browser'
import { bothCalls } from './both-calls.js'
import { job } from './job.js'

const worker = setupWorker(
  http.get('*/mocked', () => HttpResponse.json({ mocked: true })),
  http.get('/own/mocked', () => HttpResponse.json({ mocked: 'own' })),
)
const started = worker.start({
  serviceWorker: { url: '/msw/mockServiceWorker.js' },
  quiet: true,
  onUnhandledRequest: 'bypass',
})

job(async (given) => {
  await started
  const answers = await bothCalls(given)
  const asked = async (url) => {
    const response = await fetch(url)
    return [response.status, await response.json()]
  }
  const before = await asked(`${given.base}/mocked`)
  const own = await asked('/own/mocked')
  return { ...answers, caught: before, own, controlled: navigator.serviceWorker.controller !== null }
})
