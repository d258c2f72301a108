import createClient from 'openapi-fetch'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = createClient({ baseUrl: base, headers: { authorization: `Bearer ${key}` } })
  const seen = []
  client.use({
    onRequest: ({ request }) => {
      seen.push([request.method, new URL(request.url).pathname])
    },
    onResponse: ({ response }) => {
      seen.push([response.status, response.bodyUsed])
    },
  })
  const { data: made } = await client.POST('/notes', { body: { title: 'from openapi-fetch' } })
  const { error } = await client.GET('/notes/{id}', { params: { path: { id: 'missing' } } })
  return { made, error, seen }
})
