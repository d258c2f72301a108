import { BatchInterceptor } from '@mswjs/interceptors'
import browserInterceptors from '@mswjs/interceptors/presets/browser'
import { bothCalls, byXhr } from './both-calls.js'
import { job } from './job.js'

const seen = []
const interceptor = new BatchInterceptor({ name: 'all', interceptors: browserInterceptors })
interceptor.apply()
interceptor.on('request', ({ request, controller }) => {
  if (new URL(request.url).pathname.endsWith('/mocked'))
    controller.respondWith(Response.json({ mocked: true }))
})
interceptor.on('response', ({ response, request, responseType }) => {
  seen.push([request.method, new URL(request.url).pathname, response.status, responseType])
})

job(async (given) => {
  seen.length = 0
  const answers = await bothCalls(given)
  const mocked = [
    await (await fetch(`${given.base}/mocked`)).json(),
    await byXhr(`${given.base}/mocked`, `Bearer ${given.key}`),
    await (await fetch('/own/mocked')).json(),
  ]
  return { ...answers, mocked, seen }
})
