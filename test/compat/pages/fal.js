import { createFalClient } from '@fal-ai/client'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const fal = createFalClient({
    credentials: key,
    suppressLocalCredentialsWarning: true,
    // To where this suite's server is, as a site of its own gateway would.
    requestMiddleware: async (request) => ({
      ...request,
      url: request.url.replace(/^https:\/\/(?:queue\.)?fal\.run/, base),
    }),
  })
  const statuses = []
  const { data, requestId } = await fal.subscribe('fal-ai/flux', {
    input: { prompt: 'a cat' },
    pollInterval: 100,
    onQueueUpdate: ({ status }) => statuses.push(status),
  })
  const stream = await fal.stream('fal-ai/any-llm', { input: { prompt: 'hello' } })
  for await (const { output } of stream) piece(output)
  const failure = await fal.run('fal-ai/none', { input: {} }).catch((error) => error)
  return { images: data.images, requestId, statuses: [...new Set(statuses)], failure: failure.status }
})
